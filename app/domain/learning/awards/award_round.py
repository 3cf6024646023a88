"""A round of the award: its table, its door, what may be asked of it, and opening one."""

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
    UniqueConstraint,
    Uuid,
    any_,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, UniqueViolationError, new_id


class AwardRoundState(StrEnum):
    """Where a round stands (状态)."""

    OPEN = "open"
    """申报中"""
    PUBLISHED = "published"
    """已公布"""


class AwardRoundFields(BaseModel):
    """What is awarded, and from when until when one may enter."""

    year: int = Field(ge=2000, le=2100, description="年度 / year")
    title: str = Field(min_length=2, max_length=200, description="名称 / title")
    opens_on: date = Field(description="申报开始日期 / first day for entries")
    closes_on: date = Field(description="申报截止日期 / last day for entries")


class AwardRound(AwardRoundFields, Placed, Table, table=True):
    """The award of one unit in one year."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("closes_on >= opens_on", name="ends_after_it_begins"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
        UniqueConstraint("unit_id", "year"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    state: AwardRoundState = Field(sa_type=text_enum(AwardRoundState))
    opened_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    opened_at: datetime = Field(sa_type=MOMENT)
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)


class AwardRoundView(AwardRoundFields):
    """A round as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="评选单位 / unit that gives the award")
    state: AwardRoundState = Field(description="状态 / state")
    opened_at: datetime = Field(description="发起时间 / when it was opened")
    published_at: datetime | None = Field(description="公布时间 / when the awards were published")


class NewAwardRound(AwardRoundFields, Command):
    """A round to be opened."""

    unit_id: UUID = Field(description="评选单位 / unit that gives the award")


# What can be refused.


class AwardRoundNotFound(NotFound):
    """There is no such round for the one who asks."""

    code = "award_round_not_found"
    zh = "未找到该评选。"
    en = "There is no such round of the award."


class AwardRoundExists(Conflict):
    """A unit gives the award once a year."""

    code = "award_round_exists"
    zh = "该单位本年度的评选已经发起。"
    en = "The unit has opened its round of this year already."


class AwardWindowOutOfOrder(Invalid):
    """A round closes on the day on which it opens, or later."""

    code = "award_window_out_of_order"
    zh = "申报截止日期不得早于开始日期。"
    en = "A round does not close before it opens."


# What may be asked.


def _is_for(audience: Any) -> ColumnElement[bool]:
    """The predicate 'this is of a unit above the one who asks': all below may enter."""
    is_for: ColumnElement[bool] = col(AwardRound.unit_id) == any_(audience)
    return is_for


AWARD_ROUNDS = Door(
    table=AwardRound,
    view=AwardRoundView,
    read=Permission.TOPIC_READ,
    missing=AwardRoundNotFound,
    audience=_is_for,
    filters={"year": col(AwardRound.year), "state": col(AwardRound.state)},
    sorts={"year": (col(AwardRound.year),), "created": ()},
)
"""Rounds, seen by everybody below the unit that gives the award."""


async def get_award_round(db: Connection, actor: Actor, *, round_id: UUID) -> Row:
    """One round of a unit at, above or below the actor's place."""
    return await AWARD_ROUNDS.get(db, actor, round_id)


async def list_award_rounds(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    year: int | None = None,
    state: AwardRoundState | None = None,
) -> Page:
    """The rounds of the units at and above the actor's place, by year."""
    actor.require(Permission.TOPIC_READ)
    filters = {"year": year, "state": state}
    return await AWARD_ROUNDS.page(db, actor, page, filters=filters, published=True)


async def award_rounds_by_id(
    db: Connection, actor: Actor, *, round_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many rounds by their keys; None where the actor may not see one."""
    return await AWARD_ROUNDS.by_id(db, actor, round_ids, columns=columns)


# What may be done.


async def create_award_round(
    db: Connection, actor: Actor, *, new: NewAwardRound, now: datetime
) -> Row:
    """Open the round of a year in a unit whose topics the actor decides on."""
    if new.closes_on < new.opens_on:
        raise AwardWindowOutOfOrder
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.TOPIC_REVIEW)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(AwardRoundFields.model_fields)),
        **place_of(unit),
        "state": AwardRoundState.OPEN,
        "opened_by": actor.account_id,
        "opened_at": now,
    }
    try:
        await db.insert(AwardRound, row)
    except UniqueViolationError:
        raise AwardRoundExists from None
    return await AWARD_ROUNDS.get(db, actor, row["id"])
