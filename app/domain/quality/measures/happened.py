"""What is counted of the activities that a unit has held: who was asked for, who came, what they wrote."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    null,
    select,
)
from sqlmodel import col

from app.domain.base import Table
from app.domain.credits.boards.figures import was_held
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.attendance import (
    WERE_THERE,
    Attendance,
    AttendanceRole,
    AttendanceStatus,
)
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.domain.training.evaluations import ActivityEvaluation
from app.domain.training.no_shows import came_or_had_leave
from app.domain.training.notes import Note
from app.domain.training.surveys import SurveyReceipt

UNITS_COUNTED = bindparam("unit_ids", type_=ARRAY(Uuid))
SINCE, UNTIL, AS_OF = (bindparam(name, type_=Date) for name in ("since", "until", "as_of"))

Key = Callable[[type[Table]], Any]
"""Which column of a table names the unit for which it is counted."""


def key_of(place: str) -> Key:
    """The column of a table by which it lies in a place."""
    return lambda table: table.__table__.c[place]  # type: ignore[attr-defined]


def in_units(column: Any) -> ColumnElement[bool]:
    """The predicate 'this column names one of the units for which it is counted'."""
    named: ColumnElement[bool] = column == any_(UNITS_COUNTED)
    return named


def counted(key: Any, numerator: Any, denominator: Any = None) -> Select[Any]:
    """The keys with what was counted for each; a share has a denominator."""
    of = null() if denominator is None else denominator
    return (
        select(
            key.label("unit_id"),
            cast(numerator, Integer).label("numerator"),
            cast(of, Integer).label("denominator"),
        )
        .where(in_units(key))
        .group_by(key)
    )


def in_period(column: Any) -> ColumnElement[bool]:
    """The predicate 'this day lies in the period', both ends included."""
    within: ColumnElement[bool] = column.between(SINCE, UNTIL)
    return within


HELD = and_(was_held, in_period(col(Activity.starts_on)))
"""The predicate 'this activity began in the period and was held'."""
CAME = is_among(col(Attendance.status), WERE_THERE)
"""The predicate 'whom this attendance is about was there'."""
ASKED_FOR = col(Attendance.status) != AttendanceStatus.EXCUSED
"""The predicate 'whom this attendance is about had no leave'."""
IS_COUNTED = col(Teacher.merged_into_id).is_(None)
"""The predicate 'this teacher was not merged into another'."""


def count_activities_held(key: Key) -> Select[Any]:
    """Activities that began in the period and were held."""
    return counted(key(Activity), func.count()).where(HELD)


def count_closed(key: Key) -> Select[Any]:
    """Of those held, the ones that were closed."""
    closed = func.count().filter(col(Activity.state) == ActivityState.CLOSED)
    return counted(key(Activity), closed, func.count()).where(HELD)


def count_demonstrations(key: Key) -> Select[Any]:
    """Of those held, the ones at which somebody demonstrated."""
    # Joined, not asked for each row: over all schools a hash of them is read once.
    shown = (
        select(col(Attendance.activity_id))
        .join_from(Attendance, Activity, col(Activity.id) == col(Attendance.activity_id))
        .where(
            col(Attendance.role) == AttendanceRole.DEMONSTRATOR,
            CAME,
            HELD,
            in_units(key(Activity)),
        )
        .distinct()
        .subquery("shown")
    )
    return (
        counted(key(Activity), func.count(shown.c.activity_id), func.count())
        .select_from(Activity)
        .outerjoin(shown, shown.c.activity_id == col(Activity.id))
        .where(HELD)
    )


def count_attendance(key: Key) -> Select[Any]:
    """Of those asked for at a session, the ones who came; whoever had leave is not counted."""
    asked_for = func.count().filter(ASKED_FOR)
    return (
        counted(key(Activity), func.count().filter(CAME), asked_for)
        .select_from(Activity)
        .join(Attendance, col(Attendance.activity_id) == col(Activity.id))
        .join(Teacher, and_(col(Teacher.id) == col(Attendance.teacher_id), IS_COUNTED))
        .where(HELD)
    )


IS_NO_SHOW = and_(HELD, HAS_PLACE, ~came_or_had_leave)
"""The predicate 'who had this place in an activity that was held did not come and had no leave'."""


def count_no_shows(key: Key) -> Select[Any]:
    """Places in activities held whose holders did not come and had no leave."""
    return (
        counted(key(Activity), func.count())
        .select_from(Activity)
        .join(Enrolment, col(Enrolment.activity_id) == col(Activity.id))
        .join(Teacher, and_(col(Teacher.id) == col(Enrolment.teacher_id), IS_COUNTED))
        .where(IS_NO_SHOW)
    )


def who_came(key: Key, which: Any) -> Any:
    """Who came to which of these activities that were held: each once, however many sessions.

    Which activities is said here and not by whoever joins them: telling everybody apart who came to anything
    takes most of the time.
    """
    return (
        select(col(Attendance.activity_id), col(Attendance.teacher_id))
        .join_from(Attendance, Activity, col(Activity.id) == col(Attendance.activity_id))
        .join(Teacher, and_(col(Teacher.id) == col(Attendance.teacher_id), IS_COUNTED))
        .where(HELD, CAME, in_units(key(Activity)), which)
        .distinct()
        .subquery("who_came")
    )


def count_notes(key: Key) -> Select[Any]:
    """Of those who came to what asks for a note, the ones who wrote one."""
    came = who_came(key, col(Activity.requires_note))
    wrote = (
        select(col(Note.activity_id), col(Note.teacher_id))
        .join_from(Note, Activity, col(Activity.id) == col(Note.activity_id))
        .where(HELD, in_units(key(Activity)))
        .distinct()
        .subquery("wrote")
    )
    is_theirs = and_(
        wrote.c.activity_id == came.c.activity_id, wrote.c.teacher_id == came.c.teacher_id
    )
    return (
        counted(key(Activity), func.count(wrote.c.teacher_id), func.count())
        .select_from(Activity)
        .join(came, came.c.activity_id == col(Activity.id))
        .outerjoin(wrote, is_theirs)
    )


IS_EVALUATED = col(Activity.id).in_(
    select(col(ActivityEvaluation.activity_id)).where(
        col(ActivityEvaluation.survey_id).is_not(None)
    )
)
"""The predicate 'those who came to this activity are asked what they thought of it'."""


def has_answered(came: Any) -> ColumnElement[bool]:
    """The predicate 'one who came has answered this evaluation'."""
    return exists(
        select(col(SurveyReceipt.teacher_id)).where(
            col(SurveyReceipt.survey_id) == col(ActivityEvaluation.survey_id),
            col(SurveyReceipt.teacher_id) == came.c.teacher_id,
        )
    )


def count_evaluations_answered(key: Key) -> Select[Any]:
    """Of those who came to what has an evaluation, the ones who answered it."""
    came = who_came(key, IS_EVALUATED)
    answered = func.count().filter(has_answered(came))
    return (
        counted(key(Activity), answered, func.count())
        .select_from(Activity)
        .join(ActivityEvaluation, col(ActivityEvaluation.activity_id) == col(Activity.id))
        .join(came, came.c.activity_id == col(Activity.id))
    )
