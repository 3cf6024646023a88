"""What waits on the way to a title and after it, and with model cases and who has adopted them."""

from typing import Any

from sqlalchemy import ARRAY, Uuid, and_, exists, func, select
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import MOMENT
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import (
    above_bureau_over,
    above_unit_of,
    bureau_over,
    city_over_bureau,
    unit_of,
)
from app.domain.exchange.tasks.waiting import ACCOUNT, TODAY, Waiting
from app.domain.organisation.units import Unit
from app.domain.people.teachers.strata import is_among
from app.domain.quality.demonstrations import (
    REEVALUATED_AHEAD,
    Demonstration,
    DemonstrationAct,
    DemonstrationExpert,
    DemonstrationObjection,
    DemonstrationState,
    DemonstrationStep,
)
from app.domain.quality.model_adoptions import ModelAdoption
from app.domain.quality.model_cases import ModelCase, ModelCaseState, ModelCaseVersion

_by, _city = col(Demonstration.by_unit_id), col(Demonstration.city_id)
_above = city_over_bureau(Demonstration)
_name = col(Unit.name)


def _is(state: DemonstrationState) -> Any:
    return is_among(col(Demonstration.state), [state])


_at_school = col(Demonstration.school_id) == col(Unit.id)
_WITH_SCHOOL = beside(Demonstration, Unit, _at_school)


def _of_application(part: Any) -> Any:
    """Rows of a part with the application that it belongs to, and its school."""
    rows = beside(part, Demonstration, col(part.demonstration_id) == col(Demonstration.id))
    return rows.join(Unit.__table__, _at_school)  # type: ignore[attr-defined]


_objected = exists(
    select(col(DemonstrationObjection.id)).where(
        col(DemonstrationObjection.demonstration_id) == col(Demonstration.id),
        col(DemonstrationObjection.decided_at).is_(None),
    )
)
_STEP = DemonstrationStep.__table__  # type: ignore[attr-defined]
_published = func.array(
    select(func.unnest(array([_STEP.c.by, _STEP.c.on_behalf_of])))
    .where(
        _STEP.c.demonstration_id == col(Demonstration.id),
        is_among(_STEP.c.act, [DemonstrationAct.PUBLISH]),
    )
    .correlate(Demonstration)
    .scalar_subquery()
)
"""By whom, and for whom, the school was published: they do not decide on objections to that."""
_midnight = func.timezone("Asia/Shanghai", col(Demonstration.objections_until) + 1, type_=MOMENT)
_renewable = col(Demonstration.valid_to) - REEVALUATED_AHEAD.days

OF_DEMONSTRATIONS = (
    Waiting(
        kind=TaskKind.DEMONSTRATION_TO_RECOMMEND,
        permission=Permission.GUIDANCE_EVALUATE,
        table=Demonstration,
        rows=_WITH_SCHOOL,
        title=_name,
        since=col(Demonstration.handed_in_at),
        at=col(Demonstration.county_id),
        above=_city,
        waits=_is(DemonstrationState.HANDED_IN),
    ),
    Waiting(
        kind=TaskKind.DEMONSTRATION_TO_APPRAISE,
        permission=Permission.GUIDANCE_APPRAISE,
        table=DemonstrationExpert,
        rows=_of_application(DemonstrationExpert),
        subject=col(Demonstration.id),
        title=_name,
        since=col(DemonstrationExpert.appointed_at),
        at=_by,
        waits=and_(
            _is(DemonstrationState.UNDER_REVIEW),
            col(DemonstrationExpert.appraised_at).is_(None),
            col(DemonstrationExpert.account_id) == ACCOUNT,
        ),
        personal=True,
    ),
    Waiting(
        kind=TaskKind.DEMONSTRATION_TO_DECIDE,
        permission=Permission.GUIDANCE_EVALUATE,
        table=Demonstration,
        rows=_WITH_SCHOOL,
        title=_name,
        since=col(Demonstration.handed_in_at),
        at=_by,
        above=_above,
        waits=_is(DemonstrationState.UNDER_REVIEW),
    ),
    Waiting(
        kind=TaskKind.DEMONSTRATION_OBJECTION_TO_DECIDE,
        permission=Permission.GUIDANCE_EVALUATE,
        table=DemonstrationObjection,
        rows=_of_application(DemonstrationObjection),
        title=_name,
        since=col(DemonstrationObjection.raised_at),
        at=_by,
        above=_above,
        waits=col(DemonstrationObjection.decided_at).is_(None),
        by=func.array_append(_published, col(DemonstrationObjection.raised_by), type_=ARRAY(Uuid)),
    ),
    Waiting(
        kind=TaskKind.DEMONSTRATION_TO_AWARD,
        permission=Permission.GUIDANCE_EVALUATE,
        table=Demonstration,
        rows=_WITH_SCHOOL,
        title=_name,
        since=_midnight,
        at=_by,
        above=_above,
        waits=and_(
            _is(DemonstrationState.PUBLISHED),
            col(Demonstration.objections_until) < TODAY,
            ~_objected,
        ),
    ),
    Waiting(
        kind=TaskKind.DEMONSTRATION_TO_REEVALUATE,
        permission=Permission.GUIDANCE_EVALUATE,
        table=Demonstration,
        rows=_WITH_SCHOOL,
        title=_name,
        since=func.timezone("Asia/Shanghai", _renewable, type_=MOMENT),
        due=col(Demonstration.valid_to) - 1,
        at=_by,
        above=_above,
        waits=and_(_is(DemonstrationState.AWARDED), _renewable <= TODAY),
    ),
    Waiting(
        kind=TaskKind.DEMONSTRATION_APPEAL_TO_DECIDE,
        permission=Permission.GUIDANCE_EVALUATE,
        table=Demonstration,
        rows=_WITH_SCHOOL,
        title=_name,
        since=col(Demonstration.withdrawn_at),
        at=_by,
        above=_above,
        waits=_is(DemonstrationState.APPEALED),
        by=col(Demonstration.withdrawn_by),
    ),
)
"""The county's word waits with the county, the rest with the bureau that gives the title."""

_WITH_LATEST = beside(
    ModelCase,
    ModelCaseVersion,
    and_(
        col(ModelCaseVersion.case_id) == col(ModelCase.id),
        col(ModelCaseVersion.number) == col(ModelCase.version),
    ),
)
_stands = col(ModelCase.withdrawn_at).is_(None)

OF_MODEL_CASES = (
    Waiting(
        kind=TaskKind.MODEL_CASE_TO_REVIEW,
        permission=Permission.RESOURCE_REVIEW,
        table=ModelCase,
        rows=_WITH_LATEST,
        title=col(ModelCase.title),
        since=col(ModelCaseVersion.submitted_at),
        at=bureau_over(ModelCase),
        above=above_bureau_over(ModelCase),
        waits=_stands & is_among(col(ModelCaseVersion.state), [ModelCaseState.SUBMITTED]),
        by=col(ModelCaseVersion.submitted_by),
    ),
    Waiting(
        kind=TaskKind.MODEL_CASE_TO_REVISE,
        permission=Permission.RESOURCE_WRITE,
        table=ModelCase,
        rows=_WITH_LATEST,
        title=col(ModelCase.title),
        since=col(ModelCaseVersion.decided_at),
        at=unit_of(ModelCase),
        waits=_stands & is_among(col(ModelCaseVersion.state), [ModelCaseState.RETURNED]),
    ),
    Waiting(
        kind=TaskKind.MODEL_ADOPTION_TO_REPORT,
        permission=Permission.RESOURCE_WRITE,
        table=ModelAdoption,
        rows=beside(ModelAdoption, ModelCase, col(ModelAdoption.case_id) == col(ModelCase.id)),
        title=col(ModelCase.title),
        since=col(ModelAdoption.created_at),
        due=col(ModelAdoption.report_by),
        at=unit_of(ModelAdoption),
        above=above_unit_of(ModelAdoption),
        waits=col(ModelAdoption.reported_at).is_(None) & col(ModelAdoption.ended_on).is_(None),
    ),
)
"""A case waits with the bureau above its unit; what came of an adoption is the unit's to say."""
