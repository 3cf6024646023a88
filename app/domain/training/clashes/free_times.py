"""Free times: the half-days of a week on which most of a school or a group give no lessons."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Interval,
    Time,
    Uuid,
    bindparam,
    case,
    cast,
    exists,
    extract,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date, holds_on
from app.domain.organisation.units import UNITS, Level, NotASchool
from app.domain.people.teachers import Teacher
from app.domain.training.groups import GROUPS, GroupMember
from app.domain.training.school_calendars import DayHalf, ResearchHalfDay, Term
from app.domain.training.timetables import lessons_given
from app.sql import Connection, Row, Statement


class FreeTime(BaseModel):
    """A half-day, and how many give no lessons then."""

    day: date = Field(description="日期 / day")
    half: DayHalf = Field(description="上午或下午 / half of the day")
    people: int = Field(description="人数 / people of the school or the group")
    free: int = Field(description="无课人数 / how many of them give no lessons")
    research_half_day: bool = Field(
        description="是否为其学科的研修半天 / whether it is kept for a subject of theirs"
    )


# What may be asked.


def _half_of(clock: Any) -> Any:
    noon = cast(literal_column("'12:00'"), Time)
    return case((clock < noon, DayHalf.MORNING.value), else_=DayHalf.AFTERNOON.value)


def _kept(people: Any, day: Any, half: Any) -> ColumnElement[bool]:
    """The predicate 'this half-day is kept for a subject that one of the people teaches'."""
    kept = (
        select(col(ResearchHalfDay.id))
        .join_from(
            ResearchHalfDay,
            people,
            col(ResearchHalfDay.unit_id).in_([people.c[name] for name in PLACE])
            & (people.c.subject == col(ResearchHalfDay.subject))
            & or_(
                col(ResearchHalfDay.stage).is_(None), people.c.stage == col(ResearchHalfDay.stage)
            ),
        )
        .join(
            Term,
            col(Term.unit_id).in_([people.c[name] for name in PLACE])
            & (col(Term.school_year) == col(ResearchHalfDay.school_year))
            & (col(Term.semester) == col(ResearchHalfDay.semester))
            & day.between(col(Term.starts_on), col(Term.ends_on)),
        )
        .where(
            cast(col(ResearchHalfDay.weekday), Integer) == cast(extract("isodow", day), Integer),
            col(ResearchHalfDay.half) == half,
        )
    )
    return exists(kept)


def _days_of_schools(people: Any) -> Any:
    """Each day of the week that is asked about, at each school of the people."""
    week = (
        func.generate_series(
            bindparam("since", type_=Date), bindparam("until", type_=Date),
            cast(literal_column("'1 day'"), Interval),
        )
        .table_valued("moment", name="week")
        .render_derived()
    )  # fmt: skip
    place = [people.c[name] for name in PLACE]
    days = select(*place, cast(week.c.moment, Date).label("day")).distinct()
    return days.join_from(people, week, true()).subquery("days_of_schools")


def _busy(people: Any) -> Any:
    """Who of the people gives a lesson on which half of which day."""
    lessons = lessons_given(_days_of_schools(people)).subquery("lesson_given")
    begins = cast(func.timezone("Asia/Shanghai", lessons.c.starts_at), Time)
    given = select(lessons.c.day, _half_of(begins).label("half"), lessons.c.teacher_id)
    return given.where(lessons.c.teacher_id.in_(select(people.c.id))).cte("busy")


def _free(among: ColumnElement[bool]) -> Statement:
    """The half-days of days on which there are lessons, where more than half of the people are free."""
    names = ("id", "subject", "stage", *PLACE)
    chosen = select(*(col(getattr(Teacher, name)) for name in names))
    people = chosen.where(among, col(Teacher.merged_into_id).is_(None)).cte("people")
    busy = _busy(people)
    halves = (
        func.unnest(literal_column("ARRAY['morning', 'afternoon']"))
        .table_valued("half", name="halves")
        .render_derived()
    )
    taught = select(busy.c.day).distinct().subquery("taught")
    then = (busy.c.day == taught.c.day) & (busy.c.half == halves.c.half)
    number = select(func.count()).select_from(people).scalar_subquery()
    at_work = func.count(busy.c.teacher_id.distinct())
    half_day = (
        select(
            taught.c.day, halves.c.half, number.label("people"), (number - at_work).label("free"),
            _kept(people, taught.c.day, halves.c.half).label("research_half_day"),
        )
        .select_from(taught.join(halves, true()).outerjoin(busy, then))
        .group_by(taught.c.day, halves.c.half)
        .subquery("half_day")
    )  # fmt: skip
    order = (half_day.c.research_half_day.desc(), half_day.c.free.desc(), half_day.c.day)
    return Statement(
        select(half_day)
        .where(half_day.c.free * 2 > half_day.c.people)
        .order_by(*order, half_day.c.half.desc())
    )


_OF_SCHOOL = _free(col(Teacher.school_id) == bindparam("owner_id", type_=Uuid))
_OF_GROUP = _free(
    col(Teacher.id).in_(
        select(col(GroupMember.teacher_id)).where(
            col(GroupMember.group_id) == bindparam("owner_id", type_=Uuid),
            holds_on(GroupMember, TODAY),
        )
    )
)


async def _of(db: Connection, statement: Statement, owner_id: UUID, day: date) -> list[Row]:
    monday = day - timedelta(days=day.weekday())
    return await db.all(
        statement, owner_id=owner_id, since=monday, until=monday + timedelta(days=6)
    )


async def list_free_times(
    db: Connection, actor: Actor, *, school_id: UUID, now: datetime, week_of: date | None = None
) -> list[Row]:
    """The half-days of a week, this one by default, on which most teachers of a school are free.

    Those kept for one of their subjects come first, then those on which the most are free.
    """
    school = await UNITS.get(db, actor, school_id, permission=Permission.TIMETABLE_READ)
    if school["level"] != Level.SCHOOL:
        raise NotASchool
    return await _of(db, _OF_SCHOOL, school_id, week_of or civil_date(now))


async def list_group_free_times(
    db: Connection, actor: Actor, *, group_id: UUID, now: datetime, week_of: date | None = None
) -> list[Row]:
    """The half-days of a week on which most members of a group give no lessons, in the same order."""
    await GROUPS.get(db, actor, group_id, permission=Permission.TIMETABLE_READ)
    return await _of(db, _OF_GROUP, group_id, week_of or civil_date(now))
