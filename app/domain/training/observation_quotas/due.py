"""What is due of whom: how many lessons are asked, how many were observed, on which days."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date, holds_on, text_enum
from app.domain.errors import Invalid
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import UNITS, Level, NotASchool
from app.domain.people.careers import Post, TeacherPost
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, TeacherNotFound
from app.domain.people.teachers.strata import Stratum, counts_in, holds_any
from app.domain.training.observation_quotas.quota import (
    ObservationQuota,
    ObservationTerm,
    ObserverRole,
)
from app.domain.training.observation_sheets import ObservationSheet
from app.domain.training.school_calendars import Semester, terms_of
from app.sql import Connection, Row, Statement

MOST_DAYS = 366
"""A term lasts a year at most."""
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)


class ObservationsDueView(BaseModel):
    """What is asked of one teacher in a term, and what there is of it."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    role: ObserverRole | None = Field(
        description="所属人员类别，无任务为空 / as what lessons are asked; null where none are"
    )
    required: int = Field(description="应听节数，无任务为 0 / lessons asked; 0 where none are")
    done: int = Field(description="已听节数 / lessons observed, by the sheets recorded")
    missing: int = Field(description="尚缺节数 / lessons that are missing")
    days: list[date] = Field(description="听课日期 / on which days, each once")


# What can be refused.


class QuotaTermUnfit(Invalid):
    """A term ends after it begins, and lasts a year at most; both days are named, or neither."""

    code = "observation_term_unfit"
    zh = "听课周期须同时给出起止日期，先开始后结束，不超过一年，且在 1900 至 2999 年之间。"
    en = "Name both days of a term: it ends after it begins, lasts a year at most, in 1900 to 2999."


# What may be asked.

_first, _last = bindparam("starts_on", type_=Date), bindparam("ends_on", type_=Date)
_day = bindparam("day", type_=Date)


def _holds(post: Post) -> ColumnElement[bool]:
    return holds_any(TeacherPost, col(TeacherPost.post) == post, _day)


_IS: dict[ObserverRole, ColumnElement[bool]] = {
    ObserverRole.PRINCIPAL: _holds(Post.PRINCIPAL),
    ObserverRole.VICE_PRINCIPAL: _holds(Post.VICE_PRINCIPAL),
    ObserverRole.DIRECTOR: _holds(Post.MIDDLE_LEADER),
    ObserverRole.NEW_TEACHER: counts_in(Stratum.NEW_TEACHER, _day),
    ObserverRole.BACKBONE: counts_in(Stratum.BACKBONE_TEACHER, _day),
    ObserverRole.TEACHER: true(),
}
"""Who is what on the day; in this order the first counts for which anything is asked."""


def _asked() -> Any:
    """What is asked of a row of teachers: of the foremost role, the most that any unit asks."""
    role, lessons = col(ObservationQuota.role), col(ObservationQuota.lessons)
    units = (col(Teacher.school_id), col(Teacher.county_id), col(Teacher.city_id))
    unit = func.coalesce(col(ObservationQuota.school_id), col(ObservationQuota.county_id))
    order = case({each: number for number, each in enumerate(ObserverRole)}, value=role)
    return (
        select(role, func.max(lessons).label("lessons"))
        .where(
            unit.in_(units),
            col(ObservationQuota.term) == bindparam("term", type_=text_enum(ObservationTerm)),
            holds_on(ObservationQuota, _day),
            or_(*(and_(role == each, _IS[each]) for each in ObserverRole)),
        )
        .group_by(role)
        .order_by(order)
        .limit(1)
        .correlate(Teacher)
        .lateral("asked")
    )


@lru_cache(maxsize=4)
def _due(owner: str, missing: bool) -> Statement:
    """What is due of the teachers of whom the column `owner` has a value."""
    asked = _asked()
    held_on = col(ObservationSheet.held_on)
    observed = (
        select(
            func.count().label("done"),
            func.coalesce(func.array_agg(held_on.distinct()), literal([], ARRAY(Date))).label(
                "days"
            ),
        )
        .where(col(ObservationSheet.observer_id) == col(Teacher.id), held_on.between(_first, _last))
        .correlate(Teacher)
        .lateral("observed")
    )
    required = func.coalesce(asked.c.lessons, 0)
    lacking = func.greatest(required - observed.c.done, 0)
    chosen = (
        select(
            col(Teacher.id).label("teacher_id"), col(Teacher.name), asked.c.role,
            required.label("required"), observed.c.done, lacking.label("missing"), observed.c.days,
        )
        .select_from(
            Teacher.__table__.outerjoin(asked, true()).join(observed, true())  # type: ignore[attr-defined]
        )
        .where(
            col(getattr(Teacher, owner)) == bindparam("owner_id", type_=Uuid),
            col(Teacher.merged_into_id).is_(None),
        )
    )  # fmt: skip
    if missing:
        chosen = chosen.where(lacking > 0)
    return Statement(chosen.order_by(col(Teacher.name), col(Teacher.id)))


async def list_observations_due(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    term: ObservationTerm = ObservationTerm.SEMESTER,
    starts_on: date | None = None,
    ends_on: date | None = None,
    missing: bool = False,
) -> list[Row]:
    """What is due of each teacher of a school in a term, by name; with `missing` of those behind alone.

    One statement after the door, and one for the school's calendar where no days are named: then it is the
    term of today. Semesters begin on 1 September and 1 February where that names no days. What a teacher
    is, and what is asked, is that of the last day, or of today if the term is not over.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.ASSESSMENT_READ)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    place = {"city_id": unit["city_id"], "county_id": unit["county_id"], "school_id": unit_id}
    days = await _days_of(db, actor, place, term, (starts_on, ends_on), civil_date(now))
    return await db.all(_due("school_id", missing), owner_id=unit_id, term=term, **days)


async def get_teacher_observations_due(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    term: ObservationTerm = ObservationTerm.SEMESTER,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Row:
    """What is due of one teacher in a term; teachers see their own."""
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.ASSESSMENT_READ)
    days = await _days_of(db, actor, teacher, term, (starts_on, ends_on), civil_date(now))
    row = await db.one(_due("id", False), owner_id=teacher_id, term=term, **days)
    if row is None:
        raise TeacherNotFound
    return row


async def _days_of(
    db: Connection,
    actor: Actor,
    place: Row,
    term: ObservationTerm,
    named: tuple[date | None, date | None],
    today: date,
) -> dict[str, date]:
    """The days of a term that are named, or of the one in which today lies; and the day that decides."""
    starts_on, ends_on = named
    if named == (None, None):
        starts_on, ends_on = await _term_of(db, actor, place, term, today)
    if starts_on is None or ends_on is None or not _FIRST <= starts_on <= ends_on <= _LAST:
        raise QuotaTermUnfit
    if (ends_on - starts_on).days >= MOST_DAYS:
        raise QuotaTermUnfit
    return {"starts_on": starts_on, "ends_on": ends_on, "day": max(starts_on, min(ends_on, today))}


_SEPTEMBER, _FEBRUARY = 9, 2
_DAY = timedelta(days=1)


async def _term_of(
    db: Connection, actor: Actor, place: Row, term: ObservationTerm, today: date
) -> tuple[date, date]:
    """The school year in which a day lies, or its half, with the days that the school's calendar names."""
    year = school_year_of(today)
    spring, summer = date(year + 1, _FEBRUARY, 1), date(year + 1, _SEPTEMBER, 1)
    days = {
        Semester.FIRST: (date(year, _SEPTEMBER, 1), spring - _DAY),
        Semester.SECOND: (spring, summer - _DAY),
    }
    for named in await terms_of(db, actor, place=place, school_year=year):
        days[Semester(named["semester"])] = (named["starts_on"], named["ends_on"])
    if term is ObservationTerm.YEAR:
        return days[Semester.FIRST][0], days[Semester.SECOND][1]
    return days[Semester.FIRST if today < spring else Semester.SECOND]
