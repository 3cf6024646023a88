"""The closing of a school year (学年关账): what it is, who sees it, and how a year is closed."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, civil_date, key, place_constraints
from app.domain.credits.packs.procedure import days_of
from app.domain.credits.standings.governing import read_packs
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import UNITS, Level
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_USUAL_START = (9, 1)
"""Where no pack is in force that says when the school year begins."""


class SchoolYearFields(BaseModel):
    """Which year, and why it is closed."""

    school_year: int = Field(
        ge=2000, le=2100, description="学年，以起始年份表示 / school year, by the year it began in"
    )
    reason: str = Field(min_length=2, max_length=500, description="说明 / why, in words")


class SchoolYearClosing(SchoolYearFields, Placed, Table, table=True):
    """That a bureau closed a school year, for its whole place; rows are only ever added.

    `county_id` is the bureau: a county's, or the city's for the whole city.
    """

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("county_id", "school_year"),
        CheckConstraint("school_id IS NULL", name="is_a_bureaus"),
        CheckConstraint("ends_on > starts_on", name="ends_after_it_begins"),
        Index(None, "city_id", "ends_on"),
    )

    id: UUID = key()
    starts_on: date
    ends_on: date
    claims_lapse_on: date
    closed_at: datetime = Field(sa_type=MOMENT)
    closed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class SchoolYearClosingView(SchoolYearFields):
    """A closing as it is shown."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="关账单位（市或县） / bureau that closed it")
    starts_on: date = Field(description="学年首日 / first day of the year")
    ends_on: date = Field(description="学年末日 / last day of the year")
    claims_lapse_on: date = Field(
        description="未办结申报的失效日 / day on which claims still open lapse, unless a late window"
        " is open"
    )
    closed_at: datetime = Field(description="关账时间 / when it was closed")


class NewSchoolYearClosing(SchoolYearFields, Command):
    """A school year to be closed."""

    unit_id: UUID = Field(description="市或县教育局 / bureau whose place is closed")


# What can be refused.


class SchoolYearClosingNotFound(NotFound):
    """There is no such closing for the one who asks."""

    code = "school_year_closing_not_found"
    zh = "未找到该学年关账记录。"
    en = "There is no such closing of a school year."


class SchoolYearNeedsBureau(Invalid):
    """A school year is closed by a county or by the city."""

    code = "school_year_needs_bureau"
    zh = "学年由县级或市级教育局关账。"
    en = "A school year is closed by a county's bureau or by the city's."


class SchoolYearNotOver(Conflict):
    """A year is closed when it is over."""

    code = "school_year_not_over"
    zh = "该学年至{day}结束，届时方可关账。"
    en = "The school year ends on {day}: it is closed after that day."


class SchoolYearClosedAlready(Conflict):
    """It was closed before."""

    code = "school_year_closed_already"
    zh = "{year}学年已关账。"
    en = "The school year {year} is closed already."


# What may be asked.

CLOSINGS = Door(
    table=SchoolYearClosing,
    view=SchoolYearClosingView,
    read=Permission.CREDIT_READ,
    missing=SchoolYearClosingNotFound,
    # Whoever is below the bureau is bound by it, and may know it.
    audience=lambda audience: col(SchoolYearClosing.county_id) == any_(audience),
    computed={"unit_id": col(SchoolYearClosing.county_id)},
    filters={"school_year": col(SchoolYearClosing.school_year)},
    sorts={"school_year": (col(SchoolYearClosing.school_year),)},
)


async def get_school_year_closing(db: Connection, actor: Actor, *, closing_id: UUID) -> Row:
    """One closing, of the actor's place or over it."""
    return await CLOSINGS.get(db, actor, closing_id)


async def list_school_year_closings(
    db: Connection, actor: Actor, *, page: PageRequest, school_year: int | None = None
) -> Page:
    """The closings in the actor's place, by school year."""
    return await CLOSINGS.page(db, actor, page, filters={"school_year": school_year})


async def list_own_school_year_closings(
    db: Connection, actor: Actor, *, page: PageRequest, school_year: int | None = None
) -> Page:
    """The closings that bind the actor: of the bureaux at and above the own units."""
    filters = {"school_year": school_year}
    return await CLOSINGS.page(db, actor, page, filters=filters, published=True)


# What may be done.


def year_number(city_id: ColumnElement[UUID]) -> ColumnElement[int]:
    """The number of the advisory lock under which the years of a city are closed or written in."""
    return func.hashtextextended("school_year:" + cast(city_id, String), 0)


_HOLD = Statement(select(func.pg_advisory_xact_lock(year_number(bindparam("city_id", type_=Uuid)))))
_HELD = Statement(
    select(col(SchoolYearClosing.id)).where(
        col(SchoolYearClosing.county_id) == bindparam("unit_id", type_=Uuid),
        col(SchoolYearClosing.starts_on) <= bindparam("ends_on", type_=Date),
        col(SchoolYearClosing.ends_on) >= bindparam("starts_on", type_=Date),
    )
)


async def close_school_year(
    db: Connection, actor: Actor, *, new: NewSchoolYearClosing, now: datetime
) -> Row:
    """Close a school year that is over, for the whole place of a bureau.

    It waits for those who are just entering credit in the city, and they for it, so that nothing is
    entered in a year that is closed. Claims that are open go on until they lapse.
    """
    unit = await UNITS.get(db, actor, new.unit_id, permission=Permission.CREDIT_RECOGNISE)
    if unit["level"] == Level.SCHOOL:
        raise SchoolYearNeedsBureau
    actor.require(
        Permission.CREDIT_RECOGNISE, {"city_id": unit["city_id"], "county_id": unit["id"]}
    )
    starts_on, ends_on, late_days = await _span(db, unit["city_id"], new.school_year)
    today = civil_date(now)
    if ends_on >= today:
        raise SchoolYearNotOver(day=ends_on.isoformat())
    await db.run(_HOLD, city_id=unit["city_id"])
    row = {
        "id": new_id(),
        "city_id": unit["city_id"],
        "county_id": unit["id"],
        **new.model_dump(include=set(SchoolYearFields.model_fields)),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "claims_lapse_on": today + timedelta(days=late_days),
        "closed_at": now,
        "closed_by": actor.account_id,
    }
    if await db.one(_HELD, unit_id=unit["id"], starts_on=starts_on, ends_on=ends_on):
        raise SchoolYearClosedAlready(year=new.school_year)
    try:
        await db.insert(SchoolYearClosing, row)
    except UniqueViolationError:
        raise SchoolYearClosedAlready(year=new.school_year) from None
    return await CLOSINGS.get(db, actor, row["id"])


async def _span(db: Connection, city_id: UUID, year: int) -> tuple[date, date, int]:
    """The first and the last day of a school year, and the days for late claims, by the pack then."""
    packs = await read_packs(db, city_id=city_id)
    pack = packs.on(date(year, 12, 31))
    begins = pack.school_year if pack else _USUAL_START
    procedure = pack.document.procedure if pack else None
    last = date(year + 1, *begins) - timedelta(days=1)
    return date(year, *begins), last, days_of(procedure, "late_days").value
