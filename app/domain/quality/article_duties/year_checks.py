"""Checks of the bureau's own year: self-inspections, evaluations, model cases, money, archives."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, or_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from app.domain.base import civil_day, holds_on
from app.domain.credits.assessment_requirements import AssessmentRequirement
from app.domain.organisation.units import Level, Unit, is_open_school
from app.domain.quality.appropriations import Appropriation
from app.domain.quality.appropriations.receiving import RECEIVED_ON, received_from_bureau
from app.domain.quality.archive_volumes.table import ArchiveVolume
from app.domain.quality.article_duties.asked import (
    ASKED,
    BUREAUS,
    DAY,
    SCHOOLS,
    Check,
    rows_of,
    within_asked,
)
from app.domain.quality.article_duties.table import DutyCheck
from app.domain.quality.model_cases.table import ModelCase, ModelCaseAudience
from app.domain.quality.unit_evaluations.table import UnitEvaluation

_COUNTIES = frozenset({Level.COUNTY})

_inspected = civil_day(col(UnitEvaluation.handed_in_at))
_INSPECTED = rows_of(
    col(UnitEvaluation.unit_id), col(UnitEvaluation.id), "unit_evaluation", _inspected
).where(within_asked(_inspected))
_evaluated = civil_day(col(UnitEvaluation.published_at))
EVALUATED = rows_of(
    col(UnitEvaluation.by_unit_id), col(UnitEvaluation.id), "unit_evaluation", _evaluated
).where(within_asked(_evaluated))
"""Evaluations by orders to check whose results were published, by the bureau that evaluated."""


def _once_each(rows: Select[Any], unit_id: Any, school_id: Any, *then: Any) -> Select[Any]:
    """One row for each school, however many it has; what came first, by the columns of `then`."""
    by = (ASKED.c.duty_id, ASKED.c.term, unit_id, school_id)
    return rows.ext(distinct_on(*by)).order_by(*by, *then)


_OPEN_SCHOOLS = rows_of(col(Unit.county_id), col(Unit.id), "unit").where(is_open_school(DAY))
"""The open schools of a county: of these all are meant."""
_SCHOOLS_EVALUATED = _once_each(
    EVALUATED.join_from(
        UnitEvaluation,
        Unit,
        and_(
            col(Unit.id) == col(UnitEvaluation.school_id),
            col(Unit.county_id) == col(UnitEvaluation.by_unit_id),
        ),
    ).where(is_open_school(DAY)),
    col(UnitEvaluation.by_unit_id),
    col(UnitEvaluation.school_id),
    col(UnitEvaluation.published_at),
    col(UnitEvaluation.id),
)
"""The open schools of which there is a result for their annual assessment, by the first of each."""

_SCHOOLS_FUNDED = _once_each(
    received_from_bureau(
        rows_of(col(Unit.county_id), col(Appropriation.id), "appropriation", RECEIVED_ON)
    ).where(within_asked(RECEIVED_ON), is_open_school(DAY)),
    col(Unit.county_id),
    col(Unit.id),
    col(Appropriation.answered_at),
    col(Appropriation.id),
)
"""The open schools that received money from their county, by the first of each."""

_published = civil_day(col(ModelCaseAudience.published_at))
_MODELS = (
    rows_of(col(ModelCaseAudience.by_unit_id), col(ModelCase.id), "model_case", _published)
    .join_from(ModelCaseAudience, ModelCase, col(ModelCase.id) == col(ModelCaseAudience.case_id))
    .where(
        or_(
            col(ModelCase.withdrawn_at).is_(None),
            civil_day(col(ModelCase.withdrawn_at)) > DAY,
        ),
        within_asked(_published),
    )
    # A case is published to several units at once, and is one.
    .distinct()
)

_REQUIREMENTS = rows_of(
    col(AssessmentRequirement.school_id), col(AssessmentRequirement.id), "assessment_requirement"
).where(holds_on(AssessmentRequirement, DAY))

_sealed = civil_day(col(ArchiveVolume.sealed_at))
_ARCHIVES = rows_of(
    col(ArchiveVolume.school_id), col(ArchiveVolume.id), "archive_volume", _sealed
).where(col(ArchiveVolume.teacher_id).is_(None), within_asked(_sealed))

YEAR_CHECKS: Mapping[DutyCheck, Check] = {
    DutyCheck.SELF_INSPECTED: Check(_INSPECTED, SCHOOLS | _COUNTIES),
    DutyCheck.SCHOOLS_EVALUATED: Check(_SCHOOLS_EVALUATED, _COUNTIES, everybody=_OPEN_SCHOOLS),
    DutyCheck.SCHOOLS_FUNDED: Check(_SCHOOLS_FUNDED, _COUNTIES, everybody=_OPEN_SCHOOLS),
    DutyCheck.MODELS_PUBLISHED: Check(_MODELS, BUREAUS),
    DutyCheck.REQUIREMENTS_SET: Check(_REQUIREMENTS, SCHOOLS),
    DutyCheck.ARCHIVES_SEALED: Check(_ARCHIVES, SCHOOLS),
}
