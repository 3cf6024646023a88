"""Of how many open schools something holds (学校占比): what a school need not claim, for the register knows it.

Of one school the share is all or nothing; of a bureau it is that of its schools. Each is one predicate, by
which the schools are counted and by which the rows behind the count are told apart.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    Uuid,
    column,
    distinct,
    exists,
    func,
    select,
    table,
)
from sqlmodel import col

from app.domain.base import civil_day, holds_on
from app.domain.organisation.guidance_visits.visit import GuidanceVisit
from app.domain.organisation.responsibilities import Responsibility, SchoolDuty
from app.domain.organisation.units import Unit, is_open_school
from app.domain.quality.appropriations import Appropriation
from app.domain.quality.appropriations.receiving import RECEIVED_ON, received_from_bureau
from app.domain.quality.measures.figure_row import row
from app.domain.quality.measures.happened import AS_OF, Key, counted, in_period, in_units
from app.domain.quality.measures.measure import IndicatorMeasure
from app.domain.quality.regulations.regulation import holds
from app.domain.quality.regulations.table import Regulation, RegulationKind
from app.domain.training.plans import Plan

_HAS_ALL_REGULATIONS = (
    select(func.count(distinct(col(Regulation.kind))))
    .where(col(Regulation.unit_id) == col(Unit.id), holds(AS_OF))
    .correlate(Unit)
    .scalar_subquery()
) == len(RegulationKind)

_HAS_RESPONSIBLE = exists(
    select(col(Responsibility.id)).where(
        col(Responsibility.unit_id) == col(Unit.id),
        col(Responsibility.duty) == SchoolDuty.TRAINING_LEAD,
        holds_on(Responsibility, AS_OF),
    )
)
_HAS_SUMMARISED = exists(
    select(col(Plan.id)).where(
        col(Plan.unit_id) == col(Unit.id),
        func.num_nonnulls(col(Plan.group_id), col(Plan.department_id), col(Plan.teacher_id)) == 0,
        in_period(civil_day(col(Plan.summarised_at))),
    )
)
_WAS_VISITED = exists(
    select(col(GuidanceVisit.id)).where(
        col(GuidanceVisit.unit_id) == col(Unit.id), in_period(col(GuidanceVisit.visited_on))
    )
)


def _table(name: str, moment: str, *keys: str) -> Any:
    """A table of a noun that itself counts by measures, by just the columns that matter here."""
    return table(
        name, *(column(each, Uuid()) for each in keys), column(moment, DateTime(timezone=True))
    )


_VOLUME = _table("archive_volume", "sealed_at", "id", "school_id", "teacher_id")
_HAS_ARCHIVE = exists(
    select(_VOLUME.c.id).where(
        _VOLUME.c.school_id == col(Unit.id),
        _VOLUME.c.teacher_id.is_(None),
        in_period(civil_day(_VOLUME.c.sealed_at)),
    )
)
_EVALUATION = _table("unit_evaluation", "published_at", "id", "school_id")
_WAS_EVALUATED = exists(
    select(_EVALUATION.c.id).where(
        _EVALUATION.c.school_id == col(Unit.id),
        in_period(civil_day(_EVALUATION.c.published_at)),
    )
)
_WAS_FUNDED = exists(
    received_from_bureau(select(col(Appropriation.id)))
    .where(in_period(RECEIVED_ON))
    .correlate(Unit)
)

HOLDS_OF: Mapping[IndicatorMeasure, ColumnElement[bool]] = {
    IndicatorMeasure.REGULATIONS_SHARE: _HAS_ALL_REGULATIONS,
    IndicatorMeasure.RESPONSIBLE_SHARE: _HAS_RESPONSIBLE,
    IndicatorMeasure.SUMMARISED_SHARE: _HAS_SUMMARISED,
    IndicatorMeasure.ARCHIVED_SHARE: _HAS_ARCHIVE,
    IndicatorMeasure.EVALUATED_SHARE: _WAS_EVALUATED,
    IndicatorMeasure.VISITED_SHARE: _WAS_VISITED,
    IndicatorMeasure.FUNDED_SHARE: _WAS_FUNDED,
}
"""Of each of these measures what holds of the schools that count above the line."""


def count_schools(measure: IndicatorMeasure) -> Callable[[Key], Select[Any]]:
    """How many of the open schools of each unit it holds of."""
    holding = func.count().filter(HOLDS_OF[measure])
    return lambda key: (
        counted(key(Unit), holding, func.count()).select_from(Unit).where(is_open_school(AS_OF))
    )


def rows_of_schools(measure: IndicatorMeasure) -> Callable[[Key], Select[Any]]:
    """The open schools; those count of which it holds."""

    def rows(key: Key) -> Select[Any]:
        found = row(col(Unit.id), col(Unit.name), col(Unit.id), counts=HOLDS_OF[measure])
        return found.where(in_units(key(Unit)), is_open_school(AS_OF))

    return rows
