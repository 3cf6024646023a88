"""What waits in the workflows of plans, needs and diagnoses."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, or_, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, superior
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity
from app.domain.training.activities.table import ActivitySession
from app.domain.training.groups import ResearchGroup
from app.domain.training.plan_deadlines.deadline import OwedBy, PlanDeadline
from app.domain.training.plans import Plan, PlanState
from app.domain.training.session_plans.plan import SessionPlan, SessionPlanState

# Plans.

_WITHIN = func.num_nonnulls(
    *(col(getattr(Plan, name)) for name in ("group_id", "department_id", "teacher_id"))
) > 0  # fmt: skip
_OWNER = func.coalesce(
    *(col(getattr(Plan, name)) for name in ("teacher_id", "group_id", "department_id", "unit_id"))
)
_ABOVE_OWNER = case((_WITHIN, col(Plan.unit_id)), else_=above_unit_of(Plan))
_HANDED_IN = (
    PlanState.SUBMITTED, PlanState.RETURNED, PlanState.APPROVED, PlanState.PUBLISHED,
)  # fmt: skip


def _of_author(kind: TaskKind, state: PlanState) -> Waiting:
    """A plan that its author goes on with."""
    return Waiting(
        kind=kind,
        permission=Permission.PLAN_WRITE,
        table=Plan,
        title=col(Plan.title),
        since=col(Plan.since),
        at=_OWNER,
        above=_ABOVE_OWNER,
        waits=is_among(col(Plan.state), [state]),
    )


_DEADLINE: Any = PlanDeadline
_OF_UNIT = func.num_nonnulls(col(Plan.group_id), col(Plan.department_id)) == 0
_OWNERS: dict[OwedBy, tuple[Any, ColumnElement[bool], ColumnElement[bool]]] = {
    OwedBy.UNITS: (
        Unit,
        (col(Unit.parent_id) == _DEADLINE.unit_id) & col(Unit.closed_on).is_(None),
        (col(Plan.unit_id) == col(Unit.id)) & _OF_UNIT,
    ),
    OwedBy.GROUPS: (
        ResearchGroup,
        (col(ResearchGroup.unit_id) == _DEADLINE.unit_id) & col(ResearchGroup.closed_on).is_(None),
        col(Plan.group_id) == col(ResearchGroup.id),
    ),
    OwedBy.TEACHERS: (
        Teacher,
        (col(Teacher.school_id) == _DEADLINE.unit_id) & col(Teacher.merged_into_id).is_(None),
        col(Plan.teacher_id) == col(Teacher.id),
    ),
}
"""Of each kind who they are, which of them owe a plan by a deadline, and which plans are theirs."""


def _owed() -> Iterator[Waiting]:
    """Who owes a plan by a deadline and has handed none in: each unit, group and teacher."""
    deadline = _DEADLINE
    for owed_by, (owner, below, theirs) in _OWNERS.items():
        handed_in = exists(
            select(col(Plan.id)).where(
                theirs,
                col(Plan.kind) == deadline.kind,
                col(Plan.starts_on) <= deadline.ends_on,
                col(Plan.ends_on) >= deadline.starts_on,
                is_among(col(Plan.state), _HANDED_IN),
            )
        )
        yield Waiting(
            kind=TaskKind.PLAN_OWED,
            permission=Permission.PLAN_WRITE,
            table=PlanDeadline,
            rows=beside(PlanDeadline, owner, below),
            title=cast(deadline.kind, Text) + " " + cast(deadline.starts_on, Text),
            since=deadline.set_at,
            due=deadline.due_on,
            at=col(owner.id),
            above=deadline.unit_id,
            waits=and_(
                is_among(deadline.owed_by, [owed_by]), deadline.ends_on >= TODAY, ~handed_in
            ),
        )


_REVIEWED_AT, _ABOVE_REVIEW = superior(Plan, _WITHIN)

OF_PLANS = (
    *_owed(),
    Waiting(
        kind=TaskKind.PLAN_TO_REVIEW,
        permission=Permission.PLAN_REVIEW,
        table=Plan,
        title=col(Plan.title),
        since=func.coalesce(col(Plan.amendment_since), col(Plan.since)),
        at=_REVIEWED_AT,
        above=_ABOVE_REVIEW,
        waits=or_(
            is_among(col(Plan.state), [PlanState.SUBMITTED]),
            col(Plan.amendment_since).is_not(None),
        ),
        by=col(Plan.submitted_by),
        of=col(Plan.teacher_id),
    ),
    _of_author(TaskKind.PLAN_TO_REVISE, PlanState.RETURNED),
    _of_author(TaskKind.PLAN_TO_PUBLISH, PlanState.APPROVED),
)

# Plans of sessions.

_ORGANISERS = ("organiser_group_id", "organiser_network_id", "organiser_department_id")
_BY_PART = func.num_nonnulls(*(col(getattr(Activity, name)) for name in _ORGANISERS)) > 0
ORGANISER = func.coalesce(
    *(col(getattr(Activity, name)) for name in (*_ORGANISERS, "organiser_unit_id"))
)
"""Whose an activity is: a group's, a network's, a department's, or the unit's itself."""
ABOVE_ORGANISER = case(
    (_BY_PART, col(Activity.organiser_unit_id)), else_=above_unit_of(Activity)
)  # fmt: skip
_SESSIONS = (
    beside(SessionPlan, Activity, col(SessionPlan.activity_id) == col(Activity.id))
    .join(ActivitySession.__table__, col(SessionPlan.session_id) == col(ActivitySession.id))  # type: ignore[attr-defined]
)  # fmt: skip
_FIRST_DAY = func.timezone("Asia/Shanghai", col(ActivitySession.starts_at))

OF_SESSION_PLANS = (
    Waiting(
        kind=TaskKind.SESSION_PLAN_TO_REVIEW,
        permission=Permission.PLAN_REVIEW,
        table=SessionPlan,
        rows=_SESSIONS,
        title=col(Activity.title),
        since=col(SessionPlan.submitted_at),
        due=_FIRST_DAY,
        at=case((_BY_PART, col(Activity.organiser_unit_id)), else_=col(Activity.county_id)),
        above=case(
            (_BY_PART, above_unit_of(Activity)),
            else_=func.nullif(col(Activity.city_id), col(Activity.county_id)),
        ),
        waits=is_among(col(SessionPlan.state), [SessionPlanState.SUBMITTED]),
        by=col(SessionPlan.submitted_by),
        of=col(SessionPlan.teacher_id),
    ),
    Waiting(
        kind=TaskKind.SESSION_PLAN_TO_REVISE,
        permission=Permission.PLAN_WRITE,
        table=SessionPlan,
        rows=_SESSIONS,
        title=col(Activity.title),
        since=col(SessionPlan.decided_at),
        due=_FIRST_DAY,
        at=func.coalesce(col(SessionPlan.teacher_id), ORGANISER),
        above=ABOVE_ORGANISER,
        waits=is_among(col(SessionPlan.state), [SessionPlanState.RETURNED]),
    ),
)
