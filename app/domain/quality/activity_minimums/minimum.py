"""A minimum: how many activities a bureau asks of its schools within how many months, since when."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    Command,
    Dated,
    Placed,
    Table,
    civil_date,
    dated_constraints,
    holds_once,
    key,
    place_constraints,
)
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.facts import (
    FactNotLater,
    FactView,
    check_day,
    end_fact,
    end_of,
    fact_filters,
)
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, ExclusionViolationError, Row, new_id


class ActivityMinimumFields(BaseModel):
    """The number, the months, and where that is written."""

    at_least: int = Field(ge=1, le=500, description="最少活动数 / least number of activities held")
    months: int = Field(ge=1, le=12, description="考察月数 / months looked back")
    source: str = Field(
        min_length=2, max_length=200, description="依据：文件、条款 / document and article"
    )


class ActivityMinimum(ActivityMinimumFields, Placed, Dated, Table, table=True):
    """What a bureau asks of the schools of which it is in charge; one at a time."""

    __table_args__ = (
        *place_constraints(),
        *dated_constraints(),
        holds_once("activity_minimum", "county_id"),
        CheckConstraint("school_id IS NULL", name="of_bureau"),
        CheckConstraint("at_least >= 1", name="at_least"),
        CheckConstraint("months BETWEEN 1 AND 12", name="months"),
        Index(None, "county_id", "valid_from"),
        Index(None, "city_id", "valid_from"),
    )

    id: UUID = key()
    set_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ActivityMinimumView(ActivityMinimumFields, FactView):
    """A minimum as both faces show it."""

    id: UUID = Field(description="标识，终止后另有新标识 / key; a new one once it ends")
    unit_id: UUID = Field(description="规定的教育局 / bureau that asks for it")


class NewActivityMinimum(ActivityMinimumFields, Command):
    """A minimum, from today unless said otherwise."""

    valid_from: date | None = Field(
        default=None, description="起始日期，默认今天 / first day; today by default"
    )
    valid_to: date | None = Field(default=None, description="终止日（不含） / end, exclusive")


class ActivityMinimumEnd(Command):
    """The day from which a minimum is no longer asked, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日期，默认今天 / first day without it")


# What can be refused.


class ActivityMinimumNotFound(NotFound):
    """There is no such minimum for the one who asks."""

    code = "activity_minimum_not_found"
    zh = "未找到该活动底线。"
    en = "There is no such minimum."


class ActivityMinimumOfSchool(Invalid):
    """Bureaux ask for a minimum, schools hold activities."""

    code = "activity_minimum_of_school"
    zh = "活动底线由教育局规定，不能由学校规定。"
    en = "A minimum is set by a bureau, not by a school."


class ActivityMinimumExists(Conflict):
    """The bureau asks for a minimum at that time already."""

    code = "activity_minimum_exists"
    zh = "该教育局在同一时期已有活动底线，请先终止。"
    en = "The bureau has a minimum at that time already: end it first."


# What may be asked.

MINIMUMS = Door(
    table=ActivityMinimum,
    view=ActivityMinimumView,
    read=Permission.GUIDANCE_READ,
    missing=ActivityMinimumNotFound,
    computed={"unit_id": col(ActivityMinimum.county_id)},
    filters={"unit_id": col(ActivityMinimum.county_id), **fact_filters(ActivityMinimum)},
    sorts={"valid_from": (col(ActivityMinimum.valid_from),), "created": ()},
)


async def get_activity_minimum(db: Connection, actor: Actor, *, activity_minimum_id: UUID) -> Row:
    """One minimum of a bureau in the actor's place."""
    return await MINIMUMS.get(db, actor, activity_minimum_id)


async def list_activity_minimums(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """The minimums of the bureaux in the actor's place, by first day: all, or those of a day."""
    filters = {"unit_id": unit_id, "as_of": as_of, "known_at": end_of(known_on)}
    return await MINIMUMS.page(db, actor, page, filters=filters)


# What may be done.


async def set_activity_minimum(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewActivityMinimum, now: datetime
) -> Row:
    """Ask a minimum of the schools of which a bureau is in charge."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.GUIDANCE_EVALUATE)
    if unit["level"] == Level.SCHOOL:
        raise ActivityMinimumOfSchool
    today = civil_date(now)
    since = new.valid_from or today
    check_day(since, today=today)
    if new.valid_to is not None and new.valid_to <= since:
        raise FactNotLater(current=since.isoformat())
    row = {
        **new.model_dump(), **place_of(unit), "id": new_id(), "valid_from": since,
        "recorded_at": now, "set_by": actor.account_id,
    }  # fmt: skip
    try:
        await db.insert(ActivityMinimum, row)
    except ExclusionViolationError:
        raise ActivityMinimumExists from None
    return await MINIMUMS.get(db, actor, row["id"])


async def end_activity_minimum(
    db: Connection,
    actor: Actor,
    *,
    activity_minimum_id: UUID,
    end: ActivityMinimumEnd,
    now: datetime,
) -> Row:
    """End a minimum on a day; ended on its first day it was recorded by mistake."""
    held = await MINIMUMS.get(
        db, actor, activity_minimum_id, permission=Permission.GUIDANCE_EVALUATE, lock=True
    )
    return await end_fact(db, table=ActivityMinimum, held=held, on=end.on, now=now)
