"""Half-days for teaching research (研修半天): when the teachers of a subject are kept free of lessons."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Index,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import Stage, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Subject
from app.domain.training.school_calendars.terms import Semester
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class DayHalf(StrEnum):
    """Which half of a day; what begins before noon is of the morning (半天)."""

    MORNING = "morning"
    """上午"""
    AFTERNOON = "afternoon"
    """下午"""


class HalfDayFields(BaseModel):
    """For whom, in which term, and which half of which day of the week."""

    school_year: int = Field(
        ge=2000, le=2100, description="学年起始年 / year in which the school year begins"
    )
    semester: Semester = Field(description="学期 / term", sa_type=text_enum(Semester))
    subject: Subject = Field(description="学科 / subject", sa_type=text_enum(Subject))
    stage: Stage | None = Field(
        default=None, description="学段，不限时为空 / stage, null for all", sa_type=text_enum(Stage)
    )
    weekday: int = Field(
        ge=1, le=7, description="星期，1 为星期一 / day of the week, Monday is 1",
        sa_type=SmallInteger,
    )  # fmt: skip
    half: DayHalf = Field(description="上午或下午 / half of the day", sa_type=text_enum(DayHalf))


class ResearchHalfDay(HalfDayFields, Placed, Table, table=True):
    """A half-day that a city, a county or a school keeps for a subject."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint(
            "unit_id", "school_year", "semester", "subject", "stage", "weekday", "half",
            name="uq_research_half_day", postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        *(Index(None, name, "school_year", "id") for name in ("school_id", "county_id", "city_id")),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )


class HalfDayView(HalfDayFields):
    """A half-day as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="设定单位 / unit that set it")


class NewHalfDay(HalfDayFields, Command):
    """A half-day to be kept."""


# What can be refused.


class HalfDayNotFound(NotFound):
    """There is no such half-day for the one who asks."""

    code = "half_day_not_found"
    zh = "未找到该研修半天。"
    en = "There is no such half-day."


class HalfDayExists(Conflict):
    """The unit keeps it already."""

    code = "half_day_exists"
    zh = "该研修半天已设定。"
    en = "This half-day is kept already."


# What may be asked.

RESEARCH_HALF_DAYS = Door(
    table=ResearchHalfDay,
    view=HalfDayView,
    read=Permission.TIMETABLE_READ,
    missing=HalfDayNotFound,
    filters={
        "unit_id": col(ResearchHalfDay.unit_id),
        "school_year": col(ResearchHalfDay.school_year),
        "subject": col(ResearchHalfDay.subject),
    },
    sorts={"created": ()},
)


async def list_half_days(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    school_year: int | None = None,
    subject: Subject | None = None,
) -> Page:
    """The half-days that the units in the actor's place keep."""
    filters = {"unit_id": unit_id, "school_year": school_year, "subject": subject}
    return await RESEARCH_HALF_DAYS.page(db, actor, page, filters=filters)


# What may be done.


async def add_half_day(db: Connection, actor: Actor, *, unit_id: UUID, new: NewHalfDay) -> Row:
    """Keep a half-day of the week for a subject, at a unit and all below it."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.TIMETABLE_WRITE)
    half_day_id = new_id()
    try:
        await db.insert(ResearchHalfDay, {"id": half_day_id, **new.model_dump(), **place_of(unit)})
    except UniqueViolationError:
        raise HalfDayExists from None
    return await RESEARCH_HALF_DAYS.get(db, actor, half_day_id)


_REMOVE = Statement(
    delete(ResearchHalfDay).where(col(ResearchHalfDay.id) == bindparam("half_day_id", type_=Uuid))
)


async def remove_half_day(db: Connection, actor: Actor, *, half_day_id: UUID) -> Row:
    """Keep a half-day no longer; what it was."""
    write = Permission.TIMETABLE_WRITE
    found = await RESEARCH_HALF_DAYS.get(db, actor, half_day_id, permission=write)
    await db.run(_REMOVE, half_day_id=half_day_id)
    return found
