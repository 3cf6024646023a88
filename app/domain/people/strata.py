"""Strata (分层、分类、分岗) of a unit's teachers and of one teacher; `teachers.strata` says what they are."""

from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import CAREERS, Teacher, place_column
from app.domain.people.teachers.strata import STRATA, Dimension, Stratum, counts_in
from app.sql import Connection, Row, Statement


class StratumView(BaseModel):
    """A stratum, and how many teachers of a unit count in it."""

    stratum: Stratum = Field(description="类别 / stratum")
    dimension: Dimension = Field(description="分类维度 / by what teachers are sorted")
    name: str = Field(description="名称 / name")
    teachers: int = Field(description="教师数 / teachers")


# What may be asked.

_DAY = bindparam("day", type_=Date)


@lru_cache(maxsize=4)
def _counts(place: str) -> Statement:
    """How many teachers at a place count in each stratum on a day; each may count in several.

    One count beside the other, so that each is a join of its own: as conditions of one count they
    would be asked teacher by teacher, which takes four times as long for a whole city.
    """
    here = col(getattr(Teacher, place)) == bindparam("unit_id", type_=Uuid)
    return Statement(
        select(
            *(
                select(func.count())
                .select_from(Teacher)
                .where(here, counts_in(stratum, _DAY))
                .scalar_subquery()
                .label(stratum.value)
                for stratum in Stratum
            )
        )
    )


async def list_strata(
    db: Connection, actor: Actor, *, unit_id: UUID, now: datetime, as_of: date | None = None
) -> list[Row]:
    """How many of a unit's teachers count in each stratum on a day, today by default.

    The teachers are those of the present register; what they were is that of the day.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.CAREER_READ)
    [counts] = await db.all(
        _counts(place_column(unit)), unit_id=unit_id, day=as_of or civil_date(now)
    )
    return [_line(stratum, counts[stratum]) for stratum in Stratum]


_OF_TEACHER = Statement(
    select(*(counts_in(stratum, _DAY).label(stratum.value) for stratum in Stratum)).where(
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid)
    )
)


async def list_teacher_strata(
    db: Connection, actor: Actor, *, teacher_id: UUID, now: datetime, as_of: date | None = None
) -> list[Row]:
    """The strata in which a teacher counts on a day, today by default."""
    await CAREERS.get(db, actor, teacher_id)
    [counts] = await db.all(_OF_TEACHER, teacher_id=teacher_id, day=as_of or civil_date(now))
    return [_line(stratum, 1) for stratum in Stratum if counts[stratum]]


def _line(stratum: Stratum, teachers: int) -> Row:
    rule = STRATA[stratum]
    return {
        "stratum": stratum,
        "dimension": rule.dimension,
        "name": rule.name,
        "teachers": teachers,
    }
