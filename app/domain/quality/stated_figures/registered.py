"""What the register says of a stated figure: one statement over all schools of a place, a row of each.

Every person counts once, in the school of the personnel relation; holders of titles at their highest level
(R164, R165, R187). Nobody who was merged into another counts. The rows of all schools add up to the number.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Select,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    distinct,
    func,
    or_,
    select,
)
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.base import holds_on, in_force
from app.domain.organisation.designations import Designation
from app.domain.organisation.units import Unit, is_open_school
from app.domain.people.facts.merits import HonourLevel, TeacherHonour
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import Stratum, counts_in, is_among
from app.domain.quality.measures.counting import ON_REGISTER
from app.domain.quality.measures.happened import (
    AS_OF,
    CAME,
    HELD,
    IS_COUNTED,
    SINCE,
    Key,
    in_period,
    key_of,
)
from app.domain.quality.measures.ranking import highest_of, level_of
from app.domain.quality.stated_figures.vocabulary import FigureCount, FigureUnit
from app.domain.training.activities import Activity, ActivitySession
from app.domain.training.attendance import Attendance, AttendanceRole
from app.sql import Connection, Row, Statement

COUNTED_IN: dict[FigureCount, FigureUnit] = {
    FigureCount.SCHOOLS: FigureUnit.SCHOOL,
    FigureCount.DESIGNATED_SCHOOLS: FigureUnit.SCHOOL,
    FigureCount.TEACHERS: FigureUnit.PERSON,
    FigureCount.ESTABLISHED_TEACHERS: FigureUnit.PERSON,
    FigureCount.TRAINED_PERSONS: FigureUnit.PERSON,
    FigureCount.TRAINED_PERSON_TIMES: FigureUnit.PERSON_TIME,
    FigureCount.TRAINING_SESSIONS: FigureUnit.SESSION,
    FigureCount.TITLE_HOLDERS: FigureUnit.PERSON,
    FigureCount.DEMONSTRATORS: FigureUnit.PERSON,
}
"""In what each number of the register is counted."""
_PLACE = bindparam("place", type_=Uuid)
_LEVEL = bindparam("level", type_=String)


def _schools(at: Key) -> Select[Any]:
    key: Any = col(Unit.id)
    number: Any = func.count(distinct(key))
    query: Select[Any] = (
        select(key.label("unit_id"), number.label("counted"))
        .where(at(Unit) == _PLACE, is_open_school(AS_OF))
        .group_by(key)
    )
    return query


def _designated(at: Key) -> Select[Any]:
    borne = and_(
        col(Designation.unit_id) == col(Unit.id),
        holds_on(Designation, AS_OF),
        or_(_LEVEL.is_(None), cast(col(Designation.level), String) == _LEVEL),
    )
    return _schools(at).join(Designation, borne)


def _of_teachers(at: Key, number: Any = None) -> Select[Any]:
    school = col(Teacher.school_id)
    counted = func.count() if number is None else number
    return (
        select(school.label("unit_id"), counted.label("counted"))
        .select_from(Teacher)
        .where(at(Teacher) == _PLACE)
        .group_by(school)
    )


def _on_register(at: Key) -> Select[Any]:
    return _of_teachers(at).where(ON_REGISTER)


def _established(at: Key) -> Select[Any]:
    return _of_teachers(at).where(counts_in(Stratum.ESTABLISHED, AS_OF))


def _who_came(at: Key, number: Any, *more: Any) -> Select[Any]:
    """Those who came to what was held in the period, whoever held it."""
    return (
        _of_teachers(at, number)
        .join(Attendance, col(Attendance.teacher_id) == col(Teacher.id))
        .join(Activity, col(Activity.id) == col(Attendance.activity_id))
        .where(IS_COUNTED, HELD, CAME, *more)
    )


_PERSONS, _TIMES = func.count(distinct(col(Teacher.id))), func.count()


def _sessions(at: Key) -> Select[Any]:
    held_by: Any = func.coalesce(col(Activity.school_id), col(Activity.county_id))
    number: Any = func.count()
    query: Select[Any] = (
        select(held_by.label("unit_id"), number.label("counted"))
        .select_from(Activity)
        .join(ActivitySession, col(ActivitySession.activity_id) == col(Activity.id))
        .where(at(Activity) == _PLACE, HELD)
        .group_by(held_by)
    )
    return query


def _title_holders(at: Key) -> Select[Any]:
    """Each holder once, at the highest level: of titles conferred in the period, or held on the day."""
    conferred = in_period(col(TeacherHonour.valid_from))
    holds = and_(SINCE.is_(None), in_force(TeacherHonour, AS_OF))
    held = (
        highest_of(TeacherHonour, HonourLevel, TeacherHonour.teacher_id)
        .where(col(TeacherHonour.superseded_at).is_(None), or_(conferred, holds))
        .subquery("held")
    )
    level = level_of(held.c.highest, HonourLevel)
    return (
        _of_teachers(at)
        .join(held, held.c.owner_id == col(Teacher.id))
        .where(IS_COUNTED, or_(_LEVEL.is_(None), level == _LEVEL))
    )


_COUNTED: dict[FigureCount, Callable[[Key], Select[Any]]] = {
    FigureCount.SCHOOLS: _schools,
    FigureCount.DESIGNATED_SCHOOLS: _designated,
    FigureCount.TEACHERS: _on_register,
    FigureCount.ESTABLISHED_TEACHERS: _established,
    FigureCount.TRAINED_PERSONS: lambda at: _who_came(at, _PERSONS),
    FigureCount.TRAINED_PERSON_TIMES: lambda at: _who_came(at, _TIMES),
    FigureCount.TRAINING_SESSIONS: _sessions,
    FigureCount.TITLE_HOLDERS: _title_holders,
    FigureCount.DEMONSTRATORS: lambda at: _who_came(
        at, _PERSONS, is_among(col(Attendance.role), [AttendanceRole.DEMONSTRATOR])
    ),
}


@lru_cache(maxsize=64)
def _counting(count: FigureCount, place: str) -> Statement:
    return Statement(_COUNTED[count](key_of(place)))


async def rows_counted(
    db: Connection, *, count: FigureCount, unit_id: UUID, place: str,
    period: tuple[date | None, date | None], as_of: date, level: HonourLevel | None,
) -> list[Row]:  # fmt: skip
    """A row of each unit that has any of what is counted; the caller has opened the unit's door."""
    statement = _counting(count, place)
    given = {
        "place": unit_id, "since": period[0], "until": period[1], "as_of": as_of,
        "level": level.value if level else None,
    }  # fmt: skip
    return await db.all(statement, **statement.chosen(given))


_STAGES = {
    place: Statement(
        select(func.unnest(col(Unit.stages)).label("stage"), func.count().label("counted"))
        .where(col(getattr(Unit, place)) == _PLACE, is_open_school(AS_OF))
        .group_by("stage")
    )
    for place in PLACE
}
"""How many schools of a place have each stage: one with several is in each of them."""


async def schools_by_stage(
    db: Connection, *, unit_id: UUID, place: str, as_of: date
) -> dict[str, int]:
    """How many schools have each stage; the caller has opened the unit's door."""
    rows = await db.all(_STAGES[place], place=unit_id, as_of=as_of)
    return {str(row["stage"]): row["counted"] for row in rows}


_NAMED = Statement(
    select(col(Unit.name)).where(
        col(Unit.city_id) == bindparam("city_id", type_=Uuid),
        col(Unit.name) == any_(bindparam("names", type_=ARRAY(String))),
    )
)


async def names_on_register(
    db: Connection, *, city_id: UUID, names: Sequence[str]
) -> frozenset[str]:
    """Which of these are names of units of the city; the caller has opened the unit's door."""
    rows = await db.all(_NAMED, city_id=city_id, names=list(names))
    return frozenset(row["name"] for row in rows)
