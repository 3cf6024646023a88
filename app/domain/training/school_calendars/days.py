"""Holidays (节假日) and make-up days (调休): days on which the week does not go as it always does."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    ARRAY,
    Computed,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import Command, Placed, Table, key, place_constraints
from app.domain.errors import NotFound, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, new_id


class CalendarDayFields(BaseModel):
    """A day, and the day whose lessons are given on it."""

    day: date = Field(description="日期 / day")
    taught_as: date | None = Field(
        default=None,
        description="按哪一天的课表上课，停课为空 / the day whose lessons are given; null for none",
    )
    name: str | None = Field(default=None, max_length=60, description="名称 / name, such as 国庆节")


class CalendarDay(CalendarDayFields, Placed, Table, table=True):
    """A day as a city, a county or a school sets it; a nearer unit's word counts instead."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "day"),
        *(Index(None, name, "day", "id") for name in ("school_id", "county_id", "city_id")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )


class CalendarDayView(CalendarDayFields):
    """A day as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="设定单位 / unit that set it")


class NewCalendarDays(Command):
    """Days to be set at once, as they are announced."""

    days: list[CalendarDayFields] = Field(
        min_length=1, max_length=366, description="各日 / the days, each once"
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({each.day for each in self.days}) < len(self.days):
            raise Unfit("同一日期只能出现一次。", "Each day stands here once.")
        return self


# What can be refused.


class CalendarDayNotFound(NotFound):
    """There is no such day for the one who asks."""

    code = "calendar_day_not_found"
    zh = "未找到该校历日。"
    en = "There is no such day of a calendar."


# What may be asked.

CALENDAR_DAYS = Door(
    table=CalendarDay,
    view=CalendarDayView,
    read=Permission.TIMETABLE_READ,
    missing=CalendarDayNotFound,
    filters={
        "unit_id": col(CalendarDay.unit_id),
        "since": lambda day: col(CalendarDay.day) >= day,
        "until": lambda day: col(CalendarDay.day) <= day,
    },
    sorts={"day": (col(CalendarDay.day),)},
)


async def list_calendar_days(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The holidays and make-up days that the units in the actor's place have set, by day."""
    filters = {"unit_id": unit_id, "since": since, "until": until}
    return await CALENDAR_DAYS.page(db, actor, page, filters=filters)


# What may be done.

_NAMES = ("id", "day", "taught_as", "name", "city_id", "county_id", "school_id")


def _set() -> Statement:
    """Each day once more where it is otherwise than before, and no day that is as it was."""
    table: Any = CalendarDay.__table__  # type: ignore[attr-defined]
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type, dimensions=1)) for name in _NAMES]
    rows = func.unnest(*arrays).table_valued(*_NAMES).render_derived()
    given = insert(table).from_select(_NAMES, select(*(rows.c[name] for name in _NAMES)))
    told = ("taught_as", "name")
    return Statement(
        given.on_conflict_do_update(
            index_elements=["unit_id", "day"],
            set_={name: given.excluded[name] for name in told},
            where=table.c.taught_as.is_distinct_from(given.excluded.taught_as)
            | table.c.name.is_distinct_from(given.excluded.name),
        )
    )


_SET = _set()
_THESE = Statement(
    select(*(col(getattr(CalendarDay, name)) for name in CalendarDayView.model_fields))
    .where(
        col(CalendarDay.unit_id) == bindparam("unit_id", type_=Uuid),
        col(CalendarDay.day)
        == any_(bindparam("days", type_=ARRAY(CalendarDay.__table__.c.day.type))),  # type: ignore[attr-defined]
    )
    .order_by(col(CalendarDay.day))
)


async def set_calendar_days(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewCalendarDays
) -> list[Row]:
    """Set holidays and make-up days for a unit and all below it; those set before are replaced.

    A day that is taught as itself is an ordinary one: so a school goes against its county's holiday.
    """
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.TIMETABLE_WRITE)
    place = place_of(unit)
    rows = [{"id": new_id(), **each.model_dump(), **place} for each in new.days]
    await db.run(_SET, **{name: [row[name] for row in rows] for name in _NAMES})
    return await db.all(_THESE, unit_id=unit_id, days=[row["day"] for row in rows])


_REMOVE = Statement(
    delete(CalendarDay).where(col(CalendarDay.id) == bindparam("day_id", type_=Uuid))
)


async def remove_calendar_day(db: Connection, actor: Actor, *, day_id: UUID) -> Row:
    """Take back what was set for a day; what it was."""
    write = Permission.TIMETABLE_WRITE
    found = await CALENDAR_DAYS.get(db, actor, day_id, permission=write)
    await db.run(_REMOVE, day_id=day_id)
    return found
