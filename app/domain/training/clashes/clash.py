"""Clashes: of an activity, of a school's term, of a teacher; each found by one statement."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    bindparam,
    func,
    select,
    true,
    union_all,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date, civil_day
from app.domain.organisation.units import UNITS, Level, NotASchool
from app.domain.people.teachers import TEACHERS, Subject, Teacher
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivitySession,
    ActivityState,
    was_published,
)
from app.domain.training.clashes.at_once import (
    ClashKind,
    with_lessons,
    with_places,
    with_sessions,
)
from app.domain.training.clashes.concerned import people_concerned, sessions_by_day
from app.domain.training.school_calendars import Semester, TermNotFound, get_school_calendar
from app.domain.training.timetables.own import window_of
from app.sql import Connection, Row, Statement

MOST_NAMED = 500
"""So many clashes are told one by one; the counts are of all."""


class ClashView(BaseModel):
    """That somebody who is to be at a session teaches then, or is to be at another one."""

    kind: ClashKind = Field(description="冲突类型 / with a lesson or with another session")
    activity_id: UUID = Field(description="活动 / activity")
    title: str = Field(description="活动名称 / its title")
    session_id: UUID = Field(description="场次 / session")
    session_starts_at: datetime = Field(description="场次开始时间 / when the session begins")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: str = Field(description="教师姓名 / name of the teacher")
    school: str = Field(description="学校 / name of the school")
    enrolled: bool = Field(description="是否已报名 / enrolled, not only meant")
    starts_at: datetime = Field(
        description="冲突事项开始时间 / when the lesson or other session begins"
    )
    ends_at: datetime = Field(description="冲突事项结束时间 / when it ends")
    class_name: str | None = Field(description="班级（课） / class, of a lesson")
    subject: Subject | None = Field(description="学科（课） / subject, of a lesson")
    other_session_id: UUID | None = Field(description="另一场次 / the other session")


class ClashReport(BaseModel):
    """How many clashes there are, and which."""

    clashes: int = Field(description="冲突数 / clashes")
    teachers: int = Field(description="涉及教师数 / teachers concerned")
    items: list[ClashView] = Field(
        description=f"冲突明细，最多 {MOST_NAMED} 条 / each of them, the first {MOST_NAMED}"
    )


# What may be asked.


def _report(
    of_activity: ColumnElement[bool],
    of_teacher: ColumnElement[bool],
    of_session: ColumnElement[bool],
    *,
    others: Callable[[Any, Any], Select[Any]] | None = None,
    drafts: bool = False,
) -> Statement:
    """The clashes, each with the counts of all; of the first so many, by time and name.

    `others` are those with other sessions, where they are told of.
    """
    people = people_concerned(of_activity, of_teacher, drafts=drafts)
    meetings = sessions_by_day(of_session)
    found = with_lessons(people, meetings)
    every: Any = found if others is None else union_all(found, others(people, meetings))
    clash = every.cte("clash")
    counts = select(
        func.count().label("clashes"), func.count(clash.c.teacher_id.distinct()).label("teachers")
    ).subquery("counts")
    chosen = select(*(clash.c[name] for name in ClashView.model_fields), counts)
    return Statement(
        chosen.select_from(clash.join(counts, true()))
        .order_by(
            clash.c.session_starts_at, clash.c.session_id, clash.c.name, clash.c.teacher_id,
            clash.c.starts_at,
        )
        .limit(MOST_NAMED)
    )  # fmt: skip


_DAYS = (bindparam("since", type_=Date), bindparam("until", type_=Date))
_IN_DAYS = civil_day(col(ActivitySession.starts_at)).between(*_DAYS)
_TAKES_PLACE = was_published() & (col(Activity.state) != ActivityState.CANCELLED)
_MAY_TAKE_PLACE = (
    _TAKES_PLACE & (col(Activity.starts_on) <= _DAYS[1]) & (col(Activity.ends_on) >= _DAYS[0])
)

_OF_ACTIVITY = _report(
    col(Activity.id) == bindparam("activity_id", type_=Uuid),
    true(),
    col(Activity.id) == bindparam("activity_id", type_=Uuid),
    others=with_places,
    drafts=True,
)
_OF_SCHOOL = _report(
    _MAY_TAKE_PLACE & (col(Activity.city_id) == bindparam("city_id", type_=Uuid)),
    col(Teacher.school_id) == bindparam("school_id", type_=Uuid),
    _TAKES_PLACE & _IN_DAYS & (col(Activity.city_id) == bindparam("city_id", type_=Uuid)),
)
_OF_TEACHER = _report(
    _MAY_TAKE_PLACE,
    col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
    _TAKES_PLACE & _IN_DAYS,
    others=with_sessions,
)


def _told(rows: list[Row]) -> Row:
    first = rows[0] if rows else {"clashes": 0, "teachers": 0}
    return {
        "clashes": first["clashes"],
        "teachers": first["teachers"],
        "items": [{name: row[name] for name in ClashView.model_fields} for row in rows],
    }


async def list_clashes(db: Connection, actor: Actor, *, activity_id: UUID) -> Row:
    """Who of those whom an activity is for, and who are enrolled, teach then, or have a place elsewhere.

    A draft is answered too: that is when it can still be moved. One that names nobody yet is for its
    organiser's own, as it will be when it is published.
    """
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return _told(await db.all(_OF_ACTIVITY, activity_id=activity_id))


async def list_school_clashes(
    db: Connection,
    actor: Actor,
    *,
    school_id: UUID,
    now: datetime,
    school_year: int | None = None,
    semester: Semester | None = None,
) -> Row:
    """Which teachers of a school teach during sessions of published activities, over a term.

    By default over the one that began last in the present school year.
    """
    school = await UNITS.get(db, actor, school_id, permission=Permission.TIMETABLE_READ)
    if school["level"] != Level.SCHOOL:
        raise NotASchool
    calendar = await get_school_calendar(
        db, actor, unit_id=school_id, now=now, school_year=school_year
    )
    term = _meant(calendar["terms"], semester, civil_date(now))
    return _told(
        await db.all(
            _OF_SCHOOL, school_id=school_id, city_id=school["city_id"],
            since=term["starts_on"], until=term["ends_on"],
        )
    )  # fmt: skip


def _meant(terms: list[Row], semester: Semester | None, today: date) -> Row:
    for term in reversed(terms):
        if term["semester"] == semester if semester else term["starts_on"] <= today:
            return term
    raise TermNotFound


async def list_teacher_clashes(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Row:
    """A teacher's sessions that clash with own lessons, or with each other: this week by default."""
    window = window_of(since, until, now)
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.TIMETABLE_READ)
    return _told(await db.all(_OF_TEACHER, teacher_id=teacher_id, **window))
