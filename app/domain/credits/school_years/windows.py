"""Late windows (补录期): days on which the city lets a county or a school write in a closed year."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    Uuid,
    any_,
    bindparam,
    func,
    or_,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Command,
    Placed,
    Table,
    civil_date,
    key,
    place_constraints,
)
from app.domain.credits.school_years.closing import SchoolYearClosing
from app.domain.errors import Conflict, NotFound, Unfit
from app.domain.organisation.units import UNITS, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, new_id


class LateWindowFields(BaseModel):
    """Which year is written in late, until when, and why."""

    school_year: int = Field(
        ge=2000, le=2100, description="学年，以起始年份表示 / school year, by the year it began in"
    )
    opens_on: date = Field(description="补录首日 / first day")
    closes_on: date = Field(description="补录末日（含） / last day")
    reason: str = Field(min_length=2, max_length=500, description="批准理由 / why it is granted")


class LateWindow(LateWindowFields, Placed, Table, table=True):
    """A grant of the city to a county, to a school, or to all; rows are only ever added."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("closes_on >= opens_on", name="ends_after_it_begins"),
        Index(None, "city_id", "school_year"),
    )

    id: UUID = key()
    granted_at: datetime = Field(sa_type=MOMENT)
    granted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class LateWindowView(LateWindowFields):
    """A late window as it is shown."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="获准补录的单位 / unit that may write late")
    granted_at: datetime = Field(description="批准时间 / when it was granted")


class NewLateWindow(LateWindowFields, Command):
    """A late window that the city grants."""

    unit_id: UUID = Field(description="县、学校，或全市 / a county, a school, or the city for all")

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.closes_on < self.opens_on:
            raise Unfit("补录末日不能早于首日。", "The last day cannot come before the first.")
        return self


# What can be refused.


class LateWindowNotFound(NotFound):
    """There is no such window for the one who asks."""

    code = "late_window_not_found"
    zh = "未找到该补录期。"
    en = "There is no such late window."


class LateWindowOfOpenYear(Conflict):
    """A year that nobody closed needs no window."""

    code = "late_window_of_open_year"
    zh = "{year}学年在该单位尚未关账，无需补录期。"
    en = "The school year {year} is not closed for this unit."


class LateWindowOver(Conflict):
    """A window is for days to come."""

    code = "late_window_over"
    zh = "补录末日不能早于今天。"
    en = "The last day of a late window cannot be in the past."


# What may be asked.

LATE_WINDOWS = Door(
    table=LateWindow,
    view=LateWindowView,
    read=Permission.CREDIT_READ,
    missing=LateWindowNotFound,
    computed={"unit_id": func.coalesce(col(LateWindow.school_id), col(LateWindow.county_id))},
    filters={"school_year": col(LateWindow.school_year)},
    sorts={"granted": ()},
)


async def list_late_windows(
    db: Connection, actor: Actor, *, page: PageRequest, school_year: int | None = None
) -> Page:
    """The late windows granted in the actor's place, the first granted first."""
    return await LATE_WINDOWS.page(db, actor, page, filters={"school_year": school_year})


def is_late_window_open(placed: Any, school_year: Any, day: Any) -> ColumnElement[bool]:
    """The predicate 'what lies at this place may be written in that closed year on that day'."""
    window = col(LateWindow.school_id)
    granted = select(col(LateWindow.id)).where(
        col(LateWindow.city_id) == placed.city_id,
        col(LateWindow.school_year) == school_year,
        or_(
            window == placed.school_id,
            window.is_(None)
            & or_(
                col(LateWindow.county_id) == placed.county_id,
                col(LateWindow.county_id) == placed.city_id,
            ),
        ),
        col(LateWindow.opens_on) <= day,
        col(LateWindow.closes_on) >= day,
    )
    # Wherever it stands in a statement, the place is that of the row it is asked for.
    return granted.correlate_except(LateWindow).exists()


# What may be done.


_CLOSED = Statement(
    select(col(SchoolYearClosing.id))
    .where(
        col(SchoolYearClosing.county_id) == any_(bindparam("bureaux", type_=ARRAY(Uuid))),
        col(SchoolYearClosing.school_year) == bindparam("year", type_=Integer),
    )
    .limit(1)
)


async def open_late_window(
    db: Connection, actor: Actor, *, new: NewLateWindow, now: datetime
) -> Row:
    """Let a county, a school or the whole city write in a closed year for some days; the city grants it."""
    unit = await UNITS.get(db, actor, new.unit_id, permission=Permission.CREDIT_RECOGNISE)
    actor.require(Permission.CREDIT_RECOGNISE, {"city_id": unit["city_id"]})
    if new.closes_on < civil_date(now):
        raise LateWindowOver
    bureaux = [unit["county_id"], unit["city_id"]]
    if await db.one(_CLOSED, bureaux=bureaux, year=new.school_year) is None:
        raise LateWindowOfOpenYear(year=new.school_year)
    row = {
        "id": new_id(),
        **place_of(unit),
        **new.model_dump(include=set(LateWindowFields.model_fields)),
        "granted_at": now,
        "granted_by": actor.account_id,
    }
    await db.insert(LateWindow, row)
    return await LATE_WINDOWS.get(db, actor, row["id"])
