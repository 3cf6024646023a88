"""What takes place at once with a session: lessons, other sessions, other training; as parts of statements."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, Uuid, cast, literal, null, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.organisation.units import Unit
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.enrolments import Enrolment
from app.domain.training.enrolments.clashing import has_alternatives
from app.domain.training.timetables import lessons_given


class ClashKind(StrEnum):
    """With what a session clashes (冲突类型)."""

    LESSON = "lesson"
    """与上课冲突"""
    SESSION = "session"
    """与其他场次冲突"""


def _columns(
    kind: ClashKind, person: Any, meeting: Any, starts_at: Any, ends_at: Any, **more: Any
) -> list[Any]:
    return [
        literal(kind.value).label("kind"), meeting.c.activity_id, meeting.c.title,
        meeting.c.session_id, meeting.c.starts_at.label("session_starts_at"), person.c.teacher_id,
        person.c.name, col(Unit.name).label("school"), person.c.enrolled,
        starts_at.label("starts_at"), ends_at.label("ends_at"),
        *(more.get(name, null()).label(name) for name in ("class_name", "subject")),
        cast(more.get("other", null()), Uuid).label("other_session_id"),
    ]  # fmt: skip


def with_lessons(people: Any, meetings: Any) -> Select[Any]:
    """Who teaches while a session takes place."""
    attends = people.c.activity_id == meetings.c.activity_id
    days = (
        select(*(people.c[name] for name in PLACE), meetings.c.day)
        .distinct()
        .join_from(people, meetings, attends)
        .subquery("days_of_schools")
    )
    lesson = lessons_given(days).subquery("lesson_given")
    columns = _columns(
        ClashKind.LESSON, people, meetings, lesson.c.starts_at, lesson.c.ends_at,
        class_name=lesson.c.class_name, subject=lesson.c.subject,
    )  # fmt: skip
    return (
        select(*columns)
        .join_from(people, meetings, attends)
        .join(
            lesson,
            (lesson.c.teacher_id == people.c.teacher_id) & (lesson.c.day == meetings.c.day),
        )
        .join(Unit, col(Unit.id) == people.c.school_id)
        .where(lesson.c.starts_at < meetings.c.ends_at, lesson.c.ends_at > meetings.c.starts_at)
    )


def with_sessions(people: Any, meetings: Any) -> Select[Any]:
    """Who is to be at two sessions at once; each pair is told from the one that was made first."""
    other, elsewhere = meetings.alias("other"), people.alias("elsewhere")
    columns = _columns(
        ClashKind.SESSION, people, meetings, other.c.starts_at, other.c.ends_at,
        other=other.c.session_id,
    )  # fmt: skip
    return (
        select(*columns)
        .distinct()
        .join_from(people, meetings, people.c.activity_id == meetings.c.activity_id)
        .join(elsewhere, elsewhere.c.teacher_id == people.c.teacher_id)
        .join(
            other,
            (other.c.activity_id == elsewhere.c.activity_id)
            & (other.c.session_id > meetings.c.session_id)
            & (other.c.starts_at < meetings.c.ends_at)
            & (other.c.ends_at > meetings.c.starts_at),
        )
        .join(Unit, col(Unit.id) == people.c.school_id)
    )


_other: Any = aliased(ActivitySession)
_placed: Any = aliased(Enrolment)
_elsewhere: Any = aliased(Activity)


def with_places(people: Any, meetings: Any) -> Select[Any]:
    """Who has a place in another activity that takes place at once; whoever can go another time may do so."""
    columns = _columns(
        ClashKind.SESSION, people, meetings, _other.starts_at, _other.ends_at, other=_other.id
    )
    overlaps = (_other.starts_at < meetings.c.ends_at) & (_other.ends_at > meetings.c.starts_at)
    return (
        select(*columns)
        .distinct()
        .join_from(people, meetings, people.c.activity_id == meetings.c.activity_id)
        .join(
            _placed,
            (_placed.teacher_id == people.c.teacher_id)
            & (_placed.activity_id != people.c.activity_id),
        )
        .join(_elsewhere, _elsewhere.id == _placed.activity_id)
        .join(_other, (_other.activity_id == _elsewhere.id) & overlaps & ~has_alternatives(_other))
        .join(Unit, col(Unit.id) == people.c.school_id)
        .where(
            _placed.withdrawn_at.is_(None),
            _placed.waiting_turn.is_(None),
            _elsewhere.state != ActivityState.CANCELLED,
        )
    )
