"""Who is to be at which session: whom its activity is for, and who is enrolled; as parts of statements."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Interval,
    Select,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.base import TODAY, civil_day, holds_on
from app.domain.organisation.networks import NetworkMember
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    Activity,
    ActivityAudience,
    ActivitySession,
    ActivityState,
)
from app.domain.training.activities.audience import is_candidate
from app.domain.training.enrolments import Enrolment
from app.domain.training.groups import GroupMember

Narrow = Callable[[Any], ColumnElement[bool]]
"""Of a selectable's columns, the condition that keeps those that are asked about."""


def people_concerned(
    of_activity: ColumnElement[bool], of_teacher: ColumnElement[bool], *, drafts: bool = False
) -> Any:
    """Each `activity_id` and `teacher_id` once, with the place, and whether the teacher is `enrolled`.

    The conditions say which activities and which teachers are asked about. An audience is a union of
    joins rather than one condition with an OR: each goes by an index, from whichever end is the smaller.
    With `drafts` a draft is for whom it would be if it were published today; strata are not looked at then.
    """
    targets = _targets_with_drafts(of_activity) if drafts else _TARGETS
    rows = _addressed(targets, of_activity, of_teacher)
    if drafts:
        rows.append(_of_networks(targets).where(of_activity, of_teacher))
    meant = union_all(*rows).subquery("meant")
    return (
        select(
            meant.c.activity_id, meant.c.teacher_id,
            *(col(getattr(Teacher, name)) for name in PLACE), col(Teacher.name),
            func.bool_or(meant.c.enrolled).label("enrolled"),
        )
        .join_from(meant, Teacher, col(Teacher.id) == meant.c.teacher_id)
        .where(col(Teacher.merged_into_id).is_(None))
        .group_by(meant.c.activity_id, meant.c.teacher_id, col(Teacher.id))
        .cte("concerned")
    )  # fmt: skip


_TARGETS: Any = ActivityAudience.__table__  # type: ignore[attr-defined]
_COLUMNS: tuple[Any, Any] = (
    col(Activity.id).label("activity_id"),
    col(Teacher.id).label("teacher_id"),
)
_IS_DRAFT = col(Activity.state) == ActivityState.DRAFT
_MAY_COME = or_(_IS_DRAFT, is_candidate(col(Activity.id), col(Teacher.id)))
"""The predicate 'this teacher is not kept out by the strata of this activity'."""


def _targets_with_drafts(of_activity: ColumnElement[bool]) -> Any:
    """Whom activities are for; a draft that names nobody is for its organiser's own, as once published."""
    of_draft = _TARGETS.c.activity_id == col(Activity.id)
    own = func.coalesce(
        col(Activity.organiser_group_id),
        col(Activity.organiser_network_id),
        col(Activity.organiser_unit_id),
    )
    named = select(_TARGETS.c.activity_id, _TARGETS.c.target_id).join(Activity, of_draft)
    unnamed = ~exists(select(_TARGETS.c.target_id).where(of_draft).correlate(Activity))
    return union_all(
        named.where(of_activity),
        select(col(Activity.id), own).where(of_activity, _IS_DRAFT, unnamed),
    ).subquery("targets")


def _meant_for(targets: Any) -> Select[Any]:
    audience = targets.c.activity_id == col(Activity.id)
    meant = select(*_COLUMNS, false().label("enrolled"))
    return meant.select_from(Activity).join(targets, audience)


def _of_networks(targets: Any) -> Select[Any]:
    """Of a draft for a network the people of the schools that belong to it today."""
    belongs = (col(NetworkMember.network_id) == targets.c.target_id) & holds_on(
        NetworkMember, TODAY
    )
    return (
        _meant_for(targets)
        .join(NetworkMember, belongs)
        .join(Teacher, col(Teacher.school_id) == col(NetworkMember.school_id))
        .where(_IS_DRAFT)
    )


def _addressed(
    targets: Any, of_activity: ColumnElement[bool], of_teacher: ColumnElement[bool]
) -> list[Select[Any]]:
    target = targets.c.target_id
    rows = [
        _meant_for(targets).join(Teacher, col(getattr(Teacher, column)) == target).where(_MAY_COME)
        for column in PLACE
    ]
    rows.append(
        _meant_for(targets)
        .join(GroupMember, (col(GroupMember.group_id) == target) & holds_on(GroupMember, TODAY))
        .join(Teacher, col(Teacher.id) == col(GroupMember.teacher_id))
        .where(_MAY_COME)
    )
    rows.append(
        select(*_COLUMNS, true().label("enrolled"))
        .select_from(Activity)
        .join(
            Enrolment,
            (col(Enrolment.activity_id) == col(Activity.id))
            & col(Enrolment.withdrawn_at).is_(None),
        )
        .join(Teacher, col(Teacher.id) == col(Enrolment.teacher_id))
    )
    return [each.where(of_activity, of_teacher) for each in rows]


def sessions_by_day(of_session: ColumnElement[bool]) -> Any:
    """The sessions of activities, each once for every day on which it takes place in China."""
    moment: Any = literal_column("'1 microsecond'")

    days = (
        func.generate_series(
            civil_day(col(ActivitySession.starts_at)),
            civil_day(col(ActivitySession.ends_at) - cast(moment, Interval)),
            cast(literal_column("'1 day'"), Interval),
        )
        .table_valued("moment", name="each_day")
        .render_derived()
    )
    return (
        select(
            col(ActivitySession.id).label("session_id"), col(ActivitySession.activity_id),
            col(Activity.title), col(ActivitySession.starts_at), col(ActivitySession.ends_at),
            cast(days.c.moment, Date).label("day"),
        )
        .select_from(ActivitySession)
        .join(Activity, col(ActivitySession.activity_id) == col(Activity.id))
        .join(days, true())
        .where(of_session)
        .cte("meetings")
    )  # fmt: skip
