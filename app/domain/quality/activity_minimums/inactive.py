"""Schools that hold less than the minimum: of their own bureau, or the city's where that asks for none."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Date, Uuid, bindparam, cast, func, literal_column, or_, select, true
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date, holds_on
from app.domain.credits.boards.figures import was_held
from app.domain.organisation.facts import check_day
from app.domain.organisation.guidance_visits.visit import GuidanceVisit
from app.domain.organisation.units import UNITS, Unit, is_open_school
from app.domain.paging import Keyset, Page, PageRequest
from app.domain.quality.activity_minimums.minimum import ActivityMinimum
from app.domain.training.activities import Activity
from app.sql import Connection, Row


class InactiveSchoolView(BaseModel):
    """A school that holds less than is asked, with what it held and when it was last visited."""

    unit_id: UUID = Field(description="学校 / school")
    name: str = Field(description="学校名称 / its name")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    held: int = Field(description="考察期内已举办的活动数 / activities held in these months")
    at_least: int = Field(description="最少活动数 / least number asked for")
    months: int = Field(description="考察月数 / months looked back")
    since: date = Field(description="考察期首日 / first day looked at")
    as_of: date = Field(description="基准日 / last day looked at")
    last_held_on: date | None = Field(description="最近一次活动 / when one was last held, ever")
    visited_on: date | None = Field(
        description="考察期内最近一次到校指导 / when the school was last visited in these months"
    )
    minimum_id: UUID = Field(description="所依据的活动底线 / minimum by which this is told")
    source: str = Field(description="依据 / where the minimum is written")
    rows: str = Field(description="明细所在地址 / address of the activities counted")


def _governing(day: Any) -> Any:
    """The minimum that governs this row of units on a day: of its own bureau before the city's."""
    bureau = col(ActivityMinimum.county_id)
    return (
        select(ActivityMinimum.__table__)  # type: ignore[attr-defined]
        .where(
            or_(bureau == col(Unit.county_id), bureau == col(Unit.city_id)),
            holds_on(ActivityMinimum, day),
        )
        .order_by((bureau == col(Unit.county_id)).desc())
        .limit(1)
        .correlate(Unit)
        .lateral("governing")
    )


def _done(governing: Any, first: Any, day: Any) -> Any:
    """What this row of units held since the first of its months, and when it last held anything."""
    starts = col(Activity.starts_on)
    return (
        select(
            func.count().filter(starts >= first).label("held"),
            func.max(starts).label("last_held_on"),
        )
        .where(col(Activity.school_id) == col(Unit.id), was_held, starts <= day)
        .correlate(Unit, governing)
        .lateral("done")
    )


def short_of(day: Any) -> tuple[Any, dict[str, Any]]:
    """The schools with the minimum that governs them on a day, and what is told of each."""
    governing = _governing(day)
    month: Any = literal_column("interval '1 month'")
    first = cast(day - governing.c.months * month, Date) + 1
    done = _done(governing, first, day)
    visited_on = col(GuidanceVisit.visited_on)
    visited = (
        select(func.max(visited_on))
        .where(col(GuidanceVisit.unit_id) == col(Unit.id), visited_on.between(first, day))
        .correlate(Unit, governing)
        .scalar_subquery()
    )
    schools = Unit.__table__.join(governing, true()).join(done, true())  # type: ignore[attr-defined]
    told = {
        **{name: col(getattr(Unit, name)) for name in ("name", "county_id")},
        **{name: done.c[name] for name in ("held", "last_held_on")},
        **{name: governing.c[name] for name in ("at_least", "months", "source")},
        "unit_id": col(Unit.id),
        "since": first,
        "visited_on": visited,
        "minimum_id": governing.c.id,
        "set_on": governing.c.valid_from,
    }
    return schools, told


def is_short(told: dict[str, Any], day: Any) -> Any:
    """The predicate 'this open school holds less than is asked of it'."""
    return is_open_school(day) & (told["held"] < told["at_least"])


# What may be asked.


def _inactive() -> Keyset:
    day, unit_id = bindparam("day", type_=Date), bindparam("unit_id", type_=Uuid)
    schools, told = short_of(day)
    shown = [column.label(name) for name, column in told.items() if name != "set_on"]
    within = or_(*(col(getattr(Unit, place)) == unit_id for place in PLACE))
    rows = select(*shown).select_from(schools).where(within, is_short(told, day))
    return Keyset(rows, sort="held", keys={"held": int, "name": str, "unit_id": UUID})


_INACTIVE = _inactive()


async def list_inactive_schools(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
) -> Page:
    """The open schools at or below a unit that held less than is asked of them, the least first."""
    await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    today = civil_date(now)
    day = as_of or today
    check_day(day, today=today)
    found = await _INACTIVE.page(db, page, {"unit_id": unit_id, "day": day})
    return replace(found, items=[row | _address(row, day) for row in found.items])


def _address(row: Row, day: date) -> Row:
    where = f"unit_id={row['unit_id']}&figure=held&since={row['since']}&until={day}"
    return {"as_of": day, "rows": f"/api/v1/board-activities?{where}"}
