"""A figure: what is counted and in what, its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    DateTime,
    Index,
    Uuid,
    bindparam,
    case,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.organisation.facts import end_of
from app.domain.organisation.units import Stage
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


class Measure(StrEnum):
    """What is counted (指标)."""

    SCHOOLS = "schools"
    """学校数"""
    STUDENTS = "students"
    """在校学生数"""
    CLASSES = "classes"
    """教学班数"""
    ESTABLISHED_TEACHERS = "established_teachers"
    """在编教师数"""
    TRAINED_PERSONS = "trained_persons"
    """培训人数：每人计一次"""
    TRAINED_PERSON_TIMES = "trained_person_times"
    """培训人次：每次参加计一次"""
    TRAINING_SESSIONS = "training_sessions"
    """培训场次"""


class CountUnit(StrEnum):
    """In what something is counted (计量单位)."""

    SCHOOL = "school"
    """所"""
    PERSON = "person"
    """人"""
    PERSON_TIME = "person_time"
    """人次"""
    CLASS = "class"
    """班"""
    SESSION = "session"
    """场次"""


COUNTED_IN: dict[Measure, CountUnit] = {
    Measure.SCHOOLS: CountUnit.SCHOOL,
    Measure.STUDENTS: CountUnit.PERSON,
    Measure.CLASSES: CountUnit.CLASS,
    Measure.ESTABLISHED_TEACHERS: CountUnit.PERSON,
    Measure.TRAINED_PERSONS: CountUnit.PERSON,
    Measure.TRAINED_PERSON_TIMES: CountUnit.PERSON_TIME,
    Measure.TRAINING_SESSIONS: CountUnit.SESSION,
}
"""In what each measure is counted."""


class Precision(StrEnum):
    """How exactly a figure is stated (精确程度)."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    """以上、多"""
    ABOUT = "about"
    """约、近"""


class StatisticFields(BaseModel):
    """A figure of one school year, and where it is from."""

    school_year: int = Field(
        ge=EARLIEST_YEAR,
        le=LATEST_YEAR,
        description="学年，以起始公历年表示 / school year, by its first year",
    )
    measure: Measure = Field(description="指标 / what is counted", sa_type=text_enum(Measure))
    stage: Stage | None = Field(
        default=None,
        description="分学段数：所属学段；合计时为空 / of which stage it is a part; null for the whole",
        sa_type=text_enum(Stage),
    )
    value: int = Field(ge=0, le=100_000_000, description="数值 / figure")
    precision: Precision = Field(
        default=Precision.EXACT,
        description="精确程度 / how exactly it is stated",
        sa_type=text_enum(Precision),
    )
    source: str = Field(
        min_length=2, max_length=200, description="来源：文件、章节 / document, and place in it"
    )


class Statistic(StatisticFields, Placed, Table, table=True):
    """What a unit stated, until it stated otherwise; placed by the unit."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("value >= 0", name="counts"),
        CheckConstraint("num_nonnulls(confirmed_by, confirmed_at) IN (0, 2)", name="confirmation"),
        CheckConstraint("confirmed_by <> stated_by", name="confirmed_by_another"),
        Index(
            "uq_statistic_current", "unit_id", "school_year", "measure", "stage", unique=True,
            postgresql_where=text("superseded_at IS NULL"), postgresql_nulls_not_distinct=True,
        ),
        *(
            Index(None, name, "school_year", "measure", "id")
            for name in ("unit_id", "school_id", "county_id", "city_id")
        ),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    stated_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    superseded_at: datetime | None = Field(default=None, sa_type=MOMENT)
    confirmed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    confirmed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class StatisticView(StatisticFields):
    """A figure as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="填报单位 / unit that stated it")
    counted_in: CountUnit = Field(description="计量单位 / in what it is counted")
    stated_by: UUID = Field(description="填报账号 / account that stated it")
    recorded_at: datetime = Field(description="填报时间 / when it was stated")
    superseded_at: datetime | None = Field(description="被更正的时间 / when another took its place")
    confirmed_by: UUID | None = Field(description="审核账号 / account that confirmed it")
    confirmed_at: datetime | None = Field(description="审核时间 / when it was confirmed")


class NewStatistic(StatisticFields, Command):
    """A figure to be stated; it takes the place of what the unit stated of the same before."""


# What can be refused.


class StatisticNotFound(NotFound):
    """There is no such figure for the one who asks."""

    code = "statistic_not_found"
    zh = "未找到该统计数据。"
    en = "There is no such figure."


# What may be asked.


def school_year_of(day: date) -> int:
    """The school year in which a day lies: it begins on 1 September."""
    september = 9
    return day.year if day.month >= september else day.year - 1


def current_on(moment: Any) -> ColumnElement[bool]:
    """The predicate 'this is what was believed at that moment'."""
    superseded = col(Statistic.superseded_at)
    current: ColumnElement[bool] = (col(Statistic.recorded_at) <= moment) & (
        superseded.is_(None) | (superseded > moment)
    )
    return current


STATISTICS = Door(
    table=Statistic,
    view=StatisticView,
    read=Permission.UNIT_READ,
    missing=StatisticNotFound,
    computed={
        "counted_in": case(
            {measure: unit.value for measure, unit in COUNTED_IN.items()},
            value=col(Statistic.measure),
        )
    },
    filters={
        "unit_id": col(Statistic.unit_id),
        "county_id": col(Statistic.county_id),
        "school_year": col(Statistic.school_year),
        "measure": col(Statistic.measure),
        "known_at": lambda moment: current_on(bindparam(moment.key, type_=DateTime(timezone=True))),
    },
    sorts={
        "school_year": (col(Statistic.school_year), col(Statistic.measure)),
        "created": (),
    },
)


async def list_statistics(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    county_id: UUID | None = None,
    school_year: int | None = None,
    measure: Measure | None = None,
    known_on: date | None = None,
) -> Page:
    """The figures of the units that the actor may see, as now stated or as was believed on a day."""
    filters = {
        "unit_id": unit_id, "county_id": county_id, "school_year": school_year,
        "measure": measure, "known_at": end_of(known_on),
    }  # fmt: skip
    return await STATISTICS.page(db, actor, page, filters=filters)


async def statistics_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of all that each of many units ever stated, the latest school year first."""
    return await STATISTICS.pages_of(
        db, actor, col(Statistic.unit_id), unit_ids, page, sort="-school_year", columns=columns
    )


async def get_statistic(db: Connection, actor: Actor, *, statistic_id: UUID) -> Row:
    """One figure within the actor's reach."""
    return await STATISTICS.get(db, actor, statistic_id)
