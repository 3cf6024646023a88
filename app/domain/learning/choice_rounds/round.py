"""A choice round (选课轮次): how it is shown, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import ColumnElement, exists, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import NotFound, Unfit
from app.domain.learning.choice_rounds.table import (
    MOST_CHOICES,
    ChoiceOffering,
    ChoicePriority,
    ChoiceRound,
    ChoiceRoundFields,
    ChoiceRoundState,
    ChoiceWay,
)
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities import Activity, is_addressed, was_published
from app.sql import Connection, Row


class ChoiceRoundView(ChoiceRoundFields):
    """A round as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="组织单位 / unit that holds it")
    state: ChoiceRoundState = Field(description="状态 / state")
    published_at: datetime | None = Field(description="发布时间 / when it was published")
    settled_at: datetime | None = Field(description="结束时间 / when the places were given")


class NewChoiceRound(ChoiceRoundFields, Command):
    """A round to be drafted."""

    unit_id: UUID = Field(description="组织单位 / unit that holds it")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_fit(self)
        return self


class ChoiceRoundChanges(Command):
    """What is to be different in a draft; what is left out stays."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="名称 / title"
    )
    way: ChoiceWay | None = Field(default=None, description="选课方式 / how places are given")
    opens_at: datetime | None = Field(
        default=None, description="开始选课时间 / when choosing begins"
    )
    closes_at: datetime | None = Field(default=None, description="截止选课时间 / when it ends")
    most_choices: int | None = Field(
        default=None, ge=1, le=MOST_CHOICES, description="每人最多选报数 / choices of one teacher"
    )
    most_places: int | None = Field(
        default=None, ge=1, le=MOST_CHOICES, description="每人最多录取数 / places of one teacher"
    )
    priorities: list[ChoicePriority] | None = Field(
        default=None, max_length=len(ChoicePriority), description="优先规则 / who goes first"
    )
    favoured: list[Stratum] | None = Field(
        default=None, max_length=len(Stratum), description="优先类别 / the strata favoured"
    )


_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def check_fit(fields: ChoiceRoundFields) -> None:
    """Refuse a round that ends before it begins, or gives more places than may be chosen."""
    if fields.opens_at.tzinfo is None or fields.closes_at.tzinfo is None:
        raise Unfit(
            "时间须带时区。", "A moment needs its time zone: when a round opens and closes."
        )
    if not (fields.opens_at.year >= _FIRST_YEAR and fields.closes_at.year <= _LAST_YEAR):
        raise Unfit(
            f"时间须在 {_FIRST_YEAR} 至 {_LAST_YEAR} 年之间。",
            f"A round is held in the years {_FIRST_YEAR} to {_LAST_YEAR}.",
        )
    if fields.closes_at <= fields.opens_at:
        raise Unfit("截止时间须晚于开始时间。", "A round closes after it opens.")
    if fields.most_places > fields.most_choices:
        raise Unfit("录取数不能超过选报数。", "There are no more places than choices.")
    if fields.way is ChoiceWay.FIRST_COME and fields.most_places < fields.most_choices:
        raise Unfit(
            "先到先得时每选一项即占一个名额，录取数须等于选报数。",
            "First come, first served, each choice takes a place: the two numbers are the same.",
        )
    if (ChoicePriority.FAVOURED in fields.priorities) != bool(fields.favoured):
        raise Unfit(
            "优先类别与“优先类别”规则须同时给出。",
            "Strata are favoured together with the priority that says so.",
        )


# What can be refused.


class ChoiceRoundNotFound(NotFound):
    """There is no such round for the one who asks."""

    code = "choice_round_not_found"
    zh = "未找到该选课轮次。"
    en = "There is no such choice round."


# What may be asked.


def _is_offered(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'something in this round, once published, is meant for one of these'."""
    offered = (
        select(col(ChoiceOffering.activity_id))
        .join(Activity, col(Activity.id) == col(ChoiceOffering.activity_id))
        .where(
            col(ChoiceOffering.round_id) == col(ChoiceRound.id),
            was_published(),
            is_addressed(col(Activity.id), addresses),
        )
    )
    return col(ChoiceRound.published_at).is_not(None) & exists(offered.correlate(ChoiceRound))


CHOICE_ROUNDS = Door(
    table=ChoiceRound,
    view=ChoiceRoundView,
    read=Permission.ACTIVITY_READ,
    missing=ChoiceRoundNotFound,
    audience=_is_offered,
    filters={
        "unit_id": col(ChoiceRound.unit_id),
        "state": col(ChoiceRound.state),
    },
    sorts={"created": (), "opens_at": (col(ChoiceRound.opens_at),)},
)
"""Rounds, seen where they are held and, once published, by those for whom something is in them."""


async def get_choice_round(db: Connection, actor: Actor, *, round_id: UUID) -> Row:
    """One round that the actor holds, sees, or may choose in."""
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def list_choice_rounds(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    state: ChoiceRoundState | None = None,
) -> Page:
    """The rounds held where the actor may see activities."""
    return await CHOICE_ROUNDS.page(db, actor, page, filters={"unit_id": unit_id, "state": state})


async def list_offered_choice_rounds(
    db: Connection, actor: Actor, *, page: PageRequest, state: ChoiceRoundState | None = None
) -> Page:
    """The rounds in which something is for the actor, past ones included."""
    return await CHOICE_ROUNDS.page(db, actor, page, filters={"state": state}, published=True)


async def choice_rounds_by_id(
    db: Connection, actor: Actor, *, round_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many rounds by their keys; None where the actor may not see one."""
    return await CHOICE_ROUNDS.by_id(db, actor, round_ids, columns=columns)
