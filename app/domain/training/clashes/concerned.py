"""Who is to be at which session: whom its activity is for, and who is enrolled; as parts of statements."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Interval,
    Select,
    cast,
    false,
    func,
    literal_column,
    select,
    true,
    union_all,
)
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.base import TODAY, civil_day, holds_on
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, ActivityAudience, ActivitySession
from app.domain.training.enrolments import Enrolment
from app.domain.training.groups import GroupMember

Narrow = Callable[[Any], ColumnElement[bool]]
"""Of a selectable's columns, the condition that keeps those that are asked about."""


def people_concerned(of_activity: ColumnElement[bool], of_teacher: ColumnElement[bool]) -> Any:
    """Each `activity_id` and `teacher_id` once, with the place, and whether the teacher is `enrolled`.

    The conditions say which activities and which teachers are asked about. An audience is a union of
    joins rather than one condition with an OR: each goes by an index, from whichever end is the smaller.
    """
    meant = union_all(*_addressed(of_activity, of_teacher)).subquery("meant")
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


def _addressed(
    of_activity: ColumnElement[bool], of_teacher: ColumnElement[bool]
) -> list[Select[Any]]:
    columns: tuple[Any, Any] = (
        col(Activity.id).label("activity_id"),
        col(Teacher.id).label("teacher_id"),
    )
    target = col(ActivityAudience.target_id)
    audience = col(ActivityAudience.activity_id) == col(Activity.id)
    rows = [
        select(*columns, false().label("enrolled"))
        .select_from(Activity)
        .join(ActivityAudience, audience)
        .join(Teacher, col(getattr(Teacher, column)) == target)
        for column in PLACE
    ]
    rows.append(
        select(*columns, false().label("enrolled"))
        .select_from(Activity)
        .join(ActivityAudience, audience)
        .join(GroupMember, (col(GroupMember.group_id) == target) & holds_on(GroupMember, TODAY))
        .join(Teacher, col(Teacher.id) == col(GroupMember.teacher_id))
    )
    rows.append(
        select(*columns, true().label("enrolled"))
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
