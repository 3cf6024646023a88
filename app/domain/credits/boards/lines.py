"""The tables of a board: a line for each county, unit or group of a place, or for each month."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    bindparam,
    cast,
    func,
    not_,
    null,
    or_,
    select,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Table, civil_date, text_enum
from app.domain.credits.boards.counting import (
    OWNER,
    SINCE,
    UNTIL,
    count_activities,
    count_planned,
    days_of_board,
    show,
)
from app.domain.credits.boards.figures import BoardCounts, BoardPart, was_held
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.people.teachers import place_column
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity
from app.domain.training.groups import GROUPS, ResearchGroup
from app.domain.training.plans import Plan, PlanItem
from app.sql import Connection, Row, Statement

MOST_WEEKS = 52
QUIET_WEEKS = 8
"""After so many weeks without anything held a line is flagged, unless said otherwise."""


class BoardLevel(StrEnum):
    """Of what a board has a line each (看板行)."""

    COUNTIES = "counties"
    """各县（市、区），含其学校；市直学校与市本级合为一行"""
    UNITS = "units"
    """各单位自身组织的"""
    GROUPS = "groups"
    """本单位各教研组"""


class BoardLineView(BoardCounts):
    """One line: a county with all below it, a unit by itself, or a group."""

    owner_id: UUID = Field(description="单位或教研组 / key of the unit or the group")
    name: str = Field(description="名称 / name")
    level: Level | None = Field(
        description="单位层级，教研组为空 / level of a unit; null for groups"
    )
    last_held_on: date | None = Field(
        description="最近一次活动日期 / first day of what was held last, up to today"
    )
    quiet: bool = Field(description="近期无活动 / nothing was held in the last weeks")


class BoardMonthView(BoardCounts):
    """One line: what begins in a month."""

    month: date = Field(description="月份（首日） / month, by its first day")


# What can be refused.


class BoardLevelUnfit(Invalid):
    """Only a city has counties."""

    code = "board_level_unfit"
    zh = "只有市级单位可按县（市、区）查看。"
    en = "Only of a city is there a line for each county."


class BoardWeeksUnfit(Invalid):
    """What is quiet is so for one week to fifty-two."""

    code = "board_weeks_unfit"
    zh = "无活动的周数须在 1 至 52 之间。"
    en = "The weeks without anything held are between 1 and 52."


# What may be asked.

_TODAY = bindparam("today", type_=Date)


def _last_held(place: ColumnElement[bool], subjects: Any) -> Any:
    """The last day up to today on which something that was held began."""
    last = select(func.max(col(Activity.starts_on))).where(
        place, was_held, col(Activity.starts_on) <= _TODAY
    )
    return last.correlate(subjects).scalar_subquery()


def _of_groups() -> tuple[Any, Any, Any]:
    """Of each open group of a unit: the group, and the predicates of its activities and its plans."""
    own = (col(Activity.organiser_unit_id) == OWNER, col(Plan.unit_id) == OWNER)
    named = (col(each).is_not(None) for each in (Activity.organiser_group_id, Plan.group_id))
    here, planned_here = (a & b for a, b in zip(own, named, strict=True))
    is_open = col(ResearchGroup.closed_on).is_(None)
    return (col(ResearchGroup.unit_id) == OWNER) & is_open, here, planned_here


def _of_units(by: BoardLevel, level: Level) -> tuple[Any, Any, Any]:
    """The same of each open county of a city, or of each open unit of a place."""
    unit, here, planned = (
        col(getattr(each, f"{level}_id")) == OWNER for each in (Unit, Activity, Plan)
    )
    if by is BoardLevel.COUNTIES:
        unit &= not_(is_among(col(Unit.level), [Level.SCHOOL]))
    return unit & col(Unit.closed_on).is_(None), here, planned


_KEYS: dict[BoardLevel, tuple[type[Table], Any, Any]] = {
    BoardLevel.COUNTIES: (Unit, col(Activity.county_id), col(Plan.county_id)),
    BoardLevel.UNITS: (Unit, col(Activity.organiser_unit_id), col(Plan.unit_id)),
    BoardLevel.GROUPS: (ResearchGroup, col(Activity.organiser_group_id), col(Plan.group_id)),
}
"""Of what there is a line each, and by what its activities and its plans name it."""


@lru_cache(maxsize=64)
def _lines(by: BoardLevel, level: Level, parts: tuple[BoardPart, ...]) -> Statement:
    """All lines below a unit of a level, in one statement."""
    of_groups = by is BoardLevel.GROUPS
    among, here, planned_here = _of_groups() if of_groups else _of_units(by, level)
    kind, at, of_plan = _KEYS[by]
    table: Any = kind.__table__  # type: ignore[attr-defined]
    acted, planned = count_activities(at, here, parts), count_planned(of_plan, planned_here)
    counts, counted = show(parts, table, table.c.id, acted, planned)
    last = _last_held(at == table.c.id, table).label("last_held_on")
    of_unit = cast(null(), text_enum(Level)) if of_groups else table.c.level
    lines = (
        select(table.c.id.label("owner_id"), table.c.name, of_unit.label("level"), *counts, last)
        .select_from(counted)
        .where(among)
        # The offset keeps the planner from looking for the last day once for each use of it.
        .offset(0)
        .subquery("lines")
    )
    since = bindparam("quiet_since", type_=Date)
    quiet = or_(lines.c.last_held_on.is_(None), lines.c.last_held_on < since).label("quiet")
    order = (lines.c.owner_id != OWNER, lines.c.name, lines.c.owner_id)
    return Statement(select(*lines.c, quiet).order_by(*order))


async def list_board_lines(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    by: BoardLevel | None = None,
    only: BoardPart | None = None,
    since: date | None = None,
    until: date | None = None,
    weeks: int = QUIET_WEEKS,
) -> list[Row]:
    """The board of a unit: by default a city's by counties, a county's by units, a school's by groups.

    One statement after the door. What counts is what begins in the period, both days included, by
    default the present school year; `quiet` marks where nothing was held in the last `weeks`. With
    `only` a part of the figures is counted, and the others are null. Of a city that is the activities,
    unless another is named: to look into the records of 45,000 activities takes seconds.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    level = Level(unit["level"])
    by = by or _BY_DEFAULT[level]
    if by is BoardLevel.COUNTIES and level is not Level.CITY:
        raise BoardLevelUnfit
    if not 1 <= weeks <= MOST_WEEKS:
        raise BoardWeeksUnfit
    today = civil_date(now)
    first, last = days_of_board(since, until, today)
    return await db.all(
        _lines(by, level, _parts(only, level)),
        owner_id=unit_id,
        since=first,
        until=last,
        today=today,
        quiet_since=today - timedelta(weeks=weeks),
    )


_BY_DEFAULT = {
    Level.CITY: BoardLevel.COUNTIES,
    Level.COUNTY: BoardLevel.UNITS,
    Level.SCHOOL: BoardLevel.GROUPS,
}


def _parts(only: BoardPart | None, level: Level | None = None) -> tuple[BoardPart, ...]:
    """What is counted: all, but of a whole city the dear parts only by name."""
    if only is not None:
        return (only,)
    return (BoardPart.ACTIVITIES,) if level is Level.CITY else tuple(BoardPart)


_DAY = DateTime(timezone=False)


def _month_of(day: Any) -> Any:
    """The first day of the month in which a day lies."""
    return cast(func.date_trunc("month", cast(day, _DAY)), Date)


@lru_cache(maxsize=32)
def _months(place: str, parts: tuple[BoardPart, ...]) -> Statement:
    """What begins in each month of a period, of what lies in a place or is a group's."""
    of_activity, of_item = (_month_of(col(each.starts_on)) for each in (Activity, PlanItem))
    of_group = place == "group_id"
    here = col(getattr(Activity, "organiser_group_id" if of_group else place)) == OWNER
    first, last = (cast(_month_of(day), _DAY) for day in (SINCE, UNTIL))
    every = func.generate_series(first, last, func.make_interval(0, 1))
    months = select(cast(every, Date).label("month")).subquery("months")
    acted = count_activities(of_activity, here, parts)
    planned = count_planned(of_item, col(getattr(Plan, place)) == OWNER)
    counts, counted = show(parts, months, months.c.month, acted, planned)
    return Statement(select(months.c.month, *counts).select_from(counted).order_by(months.c.month))


async def list_board_months(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    only: BoardPart | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Row]:
    """The same figures of one unit with all below it, month by month."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    first, last = days_of_board(since, until, civil_date(now))
    statement = _months(place_column(unit), _parts(only, Level(unit["level"])))
    return await db.all(statement, owner_id=unit_id, since=first, until=last)


async def list_group_board_months(
    db: Connection,
    actor: Actor,
    *,
    group_id: UUID,
    now: datetime,
    only: BoardPart | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Row]:
    """The same of one group, for those who see its activities: its leaders and members too."""
    await GROUPS.get(db, actor, group_id, permission=Permission.ACTIVITY_READ)
    first, last = days_of_board(since, until, civil_date(now))
    statement = _months("group_id", _parts(only))
    return await db.all(statement, owner_id=group_id, since=first, until=last)
