"""Terms (学期): the first and the last day, and from which Monday the weeks are counted."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, Uuid, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, new_id

LAST_WEEK = 30
"""A term has at most so many weeks."""
_WEEK = timedelta(days=7)


class Semester(StrEnum):
    """Which half of the school year (学期)."""

    FIRST = "first"
    """第一学期"""
    SECOND = "second"
    """第二学期"""


class TermFields(BaseModel):
    """Which term, and its days."""

    school_year: int = Field(
        ge=2000, le=2100, description="学年起始年 / year in which the school year begins"
    )
    semester: Semester = Field(description="学期 / first or second", sa_type=text_enum(Semester))
    starts_on: date = Field(description="开学日 / first day")
    ends_on: date = Field(description="学期末日（含） / last day")


class Term(TermFields, Placed, Table, table=True):
    """A term as a city, a county or a school sets it; setting it again replaces its days."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "school_year", "semester"),
        CheckConstraint("ends_on > starts_on", name="ends_after_it_begins"),
        CheckConstraint("extract(isodow FROM weeks_from) = 1", name="weeks_begin_on_monday"),
        *(Index(None, name, "starts_on", "id") for name in ("school_id", "county_id", "city_id")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    weeks_from: date
    """The Monday of the first week."""


class TermView(TermFields):
    """A term as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="设定单位 / unit that set it")
    weeks_from: date = Field(description="第一周的星期一 / Monday of the first week")


class NewTerm(TermFields, Command):
    """A term to be set."""

    weeks_from: date | None = Field(
        default=None,
        description="第一周的星期一，默认为开学日所在周 / Monday of the first week; by default that of the"
        " week of the first day",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.starts_on < self.ends_on < self.starts_on + LAST_WEEK * _WEEK:
            raise Unfit(
                f"学期末日须晚于开学日，且不超过 {LAST_WEEK} 周。",
                f"A term ends after it begins and has at most {LAST_WEEK} weeks.",
            )
        if not -1 <= self.starts_on.year - self.school_year <= 1:
            raise Unfit("开学日不在该学年内。", "The first day is not of this school year.")
        given = self.weeks_from
        if given is not None and (given.weekday() or abs(given - self.starts_on) > _WEEK):
            raise Unfit(
                "第一周须自开学日前后一周内的星期一起算。",
                "The weeks are counted from a Monday within a week of the first day.",
            )
        return self

    @property
    def monday(self) -> date:
        """From which the weeks are counted."""
        return self.weeks_from or self.starts_on - timedelta(days=self.starts_on.weekday())


# What can be refused.


class TermNotFound(NotFound):
    """There is no such term for the one who asks, or none was set for the school."""

    code = "term_not_found"
    zh = "未找到该学期，或尚未设定。"
    en = "There is no such term, or it has not been set."


# What may be asked.

TERMS = Door(
    table=Term,
    view=TermView,
    read=Permission.TIMETABLE_READ,
    missing=TermNotFound,
    filters={"unit_id": col(Term.unit_id), "school_year": col(Term.school_year)},
    sorts={"starts_on": (col(Term.starts_on),)},
)


async def list_terms(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    school_year: int | None = None,
) -> Page:
    """The terms that the units in the actor's place have set, by first day."""
    filters = {"unit_id": unit_id, "school_year": school_year}
    return await TERMS.page(db, actor, page, filters=filters)


# What may be done.


def _set() -> Statement:
    table: Any = Term.__table__  # type: ignore[attr-defined]
    days = ("starts_on", "ends_on", "weeks_from")
    given = insert(table).values(
        {each.name: bindparam(each.name, type_=each.type) for each in table.c if not each.computed}
    )
    return Statement(
        given.on_conflict_do_update(
            index_elements=["unit_id", "school_year", "semester"],
            set_={name: given.excluded[name] for name in days},
        ).returning(table.c.id)
    )


_SET = _set()


async def set_term(db: Connection, actor: Actor, *, unit_id: UUID, new: NewTerm) -> Row:
    """Set a term for a unit and all below it that set none themselves; again with other days."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.TIMETABLE_WRITE)
    row = {"id": new_id(), **new.model_dump(), "weeks_from": new.monday, **place_of(unit)}
    term_id = await db.value(_SET, **row)
    return await TERMS.get(db, actor, term_id)
