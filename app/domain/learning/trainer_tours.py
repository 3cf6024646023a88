"""Tours (推导员、巡回示教): trainers lent for a term to another county (S1 two 2 (5)).

A tour is counted by what the trainer carries there meanwhile, of activities organised in that county.
"""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    Index,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, civil_date, key
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.learning.trainer_appearances import CARRIED, is_carried_by, takes_place
from app.domain.learning.trainers import (
    PERSON,
    TRAINER_PLACES,
    TRAINERS,
    WITH_PERSON,
    Trainer,
    TrainerGone,
    TrainerState,
)
from app.domain.organisation.units import UNITS, Level, hold_unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName
from app.domain.training.activities import Activity
from app.domain.training.staff import ActivityStaff
from app.sql import Connection, ExclusionViolationError, Row, new_id


class TrainerTourFields(BaseModel):
    """Where a trainer is lent to, for what, and for which term."""

    to_county_id: UUID = Field(
        description="借入县（市、区） / county to which the trainer is lent",
        foreign_key="unit.id",
        sa_type=Uuid,
    )
    purpose: str = Field(min_length=2, max_length=500, description="巡回任务 / purpose")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date = Field(description="期满日（不含） / end of the term, exclusive")


class TrainerTour(TrainerTourFields, Table, table=True):
    """A loan of a trainer, of which both counties know; to one county once at a time."""

    __table_args__ = (
        CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        CheckConstraint("to_county_id <> from_county_id", name="to_another"),
        CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name="ended"),
        ExcludeConstraint(
            ("trainer_id", "="), ("to_county_id", "="),
            (text("daterange(valid_from, least(valid_to, ended_on))"), "&&"),
            name="ex_trainer_tour_once", where=text("ended_on IS NULL OR ended_on > valid_from"),
        ),
        *(Index(None, name, "id") for name in ("from_county_id", "to_county_id", "trainer_id")),
    )  # fmt: skip

    id: UUID = key()
    trainer_id: UUID = Field(foreign_key="trainer.id", sa_type=Uuid)
    from_county_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    lent_at: datetime = Field(sa_type=MOMENT)
    lent_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    ended_on: date | None = None
    ended_because: str | None = Field(default=None, max_length=500)


class TrainerTourView(TrainerTourFields):
    """A tour as both counties see it, the city, and the trainer."""

    id: UUID = Field(description="标识 / key")
    trainer_id: UUID = Field(description="导师 / trainer")
    name: PersonName = Field(description="导师姓名 / name of the trainer")
    from_county_id: UUID = Field(description="借出县（市、区） / county that lends")
    ended_on: date | None = Field(description="提前结束日 / day on which it was ended, if it was")
    ended_because: str | None = Field(description="提前结束原因 / why")
    appearances: int = Field(description="巡回示教次数 / appearances in that county in the term")


class NewTrainerTour(TrainerTourFields, Command):
    """A trainer to be lent."""

    @model_validator(mode="after")
    def _for_a_term(self) -> Self:
        if self.valid_to <= self.valid_from:
            raise Unfit("期满日必须晚于起始日。", "The term ends after it begins.")
        return self


class TrainerTourEnd(Command):
    """Why a tour ends before its term."""

    reason: str = Field(min_length=2, max_length=500, description="提前结束原因 / why")


# What can be refused.


class TrainerTourNotFound(NotFound):
    """There is no such tour for the one who asks."""

    code = "trainer_tour_not_found"
    zh = "未找到该巡回安排。"
    en = "There is no such tour."


class TrainerTourOverlaps(Conflict):
    """A trainer is lent to one county once at a time."""

    code = "trainer_tour_overlaps"
    zh = "该导师在此期间已被借往该县（市、区）。"
    en = "The trainer is lent to this county already at that time."


class TrainerTourAtHome(Invalid):
    """A trainer is lent to a county that is not their own."""

    code = "trainer_tour_at_home"
    zh = "只能借往导师所在县（市、区）以外的县级单位。"
    en = "A trainer is lent to another county than their own."


class TrainerTourOver(Conflict):
    """The tour has ended: what is past is not changed."""

    code = "trainer_tour_over"
    zh = "该巡回安排已结束。"
    en = "This tour is over already."


# What may be asked.

_TOURS, _STAFF, _ACTIVITIES, _TRAINERS = (
    each.__table__  # type: ignore[union-attr]
    for each in (TrainerTour, ActivityStaff, Activity, Trainer)
)


def _of_counties(ids: Any) -> ColumnElement[bool]:
    return or_(_TOURS.c.from_county_id == any_(ids), _TOURS.c.to_county_id == any_(ids))


def _lasts_on(day: Any) -> ColumnElement[bool]:
    ends = func.least(_TOURS.c.valid_to, _TOURS.c.ended_on)
    return and_(_TOURS.c.valid_from <= day, ends > day)


def _appearances() -> Any:
    day = _ACTIVITIES.c.starts_on
    return (
        select(func.count())
        .select_from(CARRIED)
        .where(
            is_carried_by(_TRAINERS.c),
            takes_place(_TRAINERS.c),
            _ACTIVITIES.c.county_id == _TOURS.c.to_county_id,
            day >= _TOURS.c.valid_from,
            day < func.least(_TOURS.c.valid_to, _TOURS.c.ended_on),
        )
        .correlate(_TRAINERS, _TOURS)
        .scalar_subquery()
    )


TRAINER_TOURS = Door(
    table=TrainerTour,
    view=TrainerTourView,
    read=Permission.TRAINER_READ,
    missing=TrainerTourNotFound,
    places={
        "city_id": TRAINER_PLACES["city_id"],
        "county_id": _of_counties,
        "teacher_id": TRAINER_PLACES["teacher_id"],
    },
    computed={"name": PERSON["name"], "appearances": _appearances()},
    joined=_TOURS.join(WITH_PERSON, _TOURS.c.trainer_id == col(Trainer.id)),
    filters={
        "trainer_id": _TOURS.c.trainer_id,
        "to_county_id": _TOURS.c.to_county_id,
        "as_of": lambda day: _lasts_on(bindparam(day.key, type_=Date)),
    },
    sorts={"valid_from": (_TOURS.c.valid_from,), "created": ()},
)


async def get_trainer_tour(db: Connection, actor: Actor, *, tour_id: UUID) -> Row:
    """One tour: one's own, or from or to a county of the actor's place."""
    return await TRAINER_TOURS.get(db, actor, tour_id)


async def list_trainer_tours(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    trainer_id: UUID | None = None,
    to_county_id: UUID | None = None,
    as_of: date | None = None,
) -> Page:
    """The tours of oneself, and those from and to counties of the actor's place, by first day."""
    filters = {"trainer_id": trainer_id, "to_county_id": to_county_id, "as_of": as_of}
    return await TRAINER_TOURS.page(db, actor, page, filters=filters)


# What may be done.


async def lend_trainer(
    db: Connection, actor: Actor, *, trainer_id: UUID, new: NewTrainerTour, now: datetime
) -> Row:
    """Lend a trainer to another county; the actor keeps the trainer's library and that county's.

    The county that lends is that of the teacher's school; of an outside expert that of the library.
    """
    await TRAINERS.get(db, actor, trainer_id, permission=Permission.TRAINER_WRITE)
    county = await hold_unit(
        db, actor, unit_id=new.to_county_id, permission=Permission.TRAINER_WRITE
    )
    trainer = await TRAINERS.get(
        db, actor, trainer_id, permission=Permission.TRAINER_WRITE, lock=True
    )
    if trainer["state"] != TrainerState.ACCEPTED:
        raise TrainerGone
    home = await _home_of(db, actor, trainer)
    if county["level"] != Level.COUNTY or home == county["id"]:
        raise TrainerTourAtHome
    row = {
        "id": new_id(), "trainer_id": trainer_id, **new.model_dump(), "from_county_id": home,
        "lent_at": now, "lent_by": actor.account_id,
    }  # fmt: skip
    try:
        await db.insert(TrainerTour, row)
    except ExclusionViolationError:
        raise TrainerTourOverlaps from None
    return await TRAINER_TOURS.get(db, actor, row["id"])


async def _home_of(db: Connection, actor: Actor, trainer: Row) -> UUID:
    """The bureau in charge of whoever a trainer is."""
    if trainer["teacher_id"] is not None:
        person = await TEACHERS.get(db, actor, trainer["teacher_id"])
    else:
        person = await UNITS.get(db, actor, trainer["unit_id"])
    county_id: UUID = person["county_id"]
    return county_id


async def end_trainer_tour(
    db: Connection, actor: Actor, *, tour_id: UUID, end: TrainerTourEnd, now: datetime
) -> Row:
    """End a tour today, before its term; on its first day or before, it is as if it never was."""
    tour = await TRAINER_TOURS.get(
        db, actor, tour_id, permission=Permission.TRAINER_WRITE, lock=True
    )
    today = civil_date(now)
    if tour["ended_on"] is not None or tour["valid_to"] <= today:
        raise TrainerTourOver
    values = {"ended_on": max(today, tour["valid_from"]), "ended_because": end.reason}
    await db.change(TrainerTour, tour_id, values)
    return await TRAINER_TOURS.get(db, actor, tour_id)
