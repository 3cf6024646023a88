"""Objections (异议) to rewards that are shown: by name and with a reason, answered with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, exists, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.quality.incentives import (
    PUBLISHED_INCENTIVES,
    Incentive,
    IncentiveDecidedByParty,
    IncentiveNotFound,
    IncentiveObjection,
    IncentiveState,
    check_not_party,
    hold_to_decide,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class IncentiveObjectionView(BaseModel):
    """An objection as the unit sees it that shows the reward, and who raised it."""

    id: UUID = Field(description="标识 / key")
    incentive_id: UUID = Field(description="奖励 / reward")
    title: str = Field(description="奖励名称 / what it is called")
    by: str = Field(description="异议人 / who objects")
    reason: str = Field(description="异议理由 / why")
    raised_at: datetime = Field(description="提出时间 / when")
    upheld: bool | None = Field(description="是否成立，未处理时为空 / whether it was upheld")
    answer: str | None = Field(description="处理意见 / what was answered")
    decided_at: datetime | None = Field(description="处理时间 / when it was decided")


class NewIncentiveObjection(Command):
    """An objection to a reward that is shown; it is raised under one's own name."""

    reason: str = Field(min_length=2, max_length=2000, description="异议理由 / why")


class IncentiveObjectionDecision(Command):
    """What is decided on an objection."""

    upheld: bool = Field(description="异议是否成立 / whether it is upheld: the reward is not given")
    answer: str = Field(min_length=2, max_length=2000, description="处理意见 / why")


# What can be refused.


class IncentiveObjectionNotFound(NotFound):
    """There is no such objection for the one who asks."""

    code = "incentive_objection_not_found"
    zh = "未找到该异议。"
    en = "There is no such objection."


class IncentiveObjectionRaised(Conflict):
    """One objects once."""

    code = "incentive_objection_raised"
    zh = "您已对该奖励提出异议。"
    en = "You have objected to this reward already."


class IncentiveObjectionDecided(Conflict):
    """It was decided before."""

    code = "incentive_objection_decided"
    zh = "该异议已处理。"
    en = "This objection was decided already."


# What may be asked.


def _is_of_oneself(accounts: Any) -> ColumnElement[bool]:
    """The predicate 'the reward is that of one who asks': who objects to it they do not learn."""
    return exists(
        select(_ASKER.c.id).where(
            _ASKER.c.id == any_(accounts), _ASKER.c.teacher_id == col(Incentive.teacher_id)
        )
    )


_ASKER = Account.__table__.alias("asker")  # type: ignore[attr-defined]
_joined = (
    IncentiveObjection.__table__.join(  # type: ignore[attr-defined]
        Incentive.__table__,  # type: ignore[attr-defined]
        col(IncentiveObjection.incentive_id) == col(Incentive.id),
    )
    .join(Unit.__table__, col(Incentive.unit_id) == col(Unit.id))  # type: ignore[attr-defined]
    .join(Account.__table__, col(IncentiveObjection.raised_by) == col(Account.id))  # type: ignore[attr-defined]
)
INCENTIVE_OBJECTIONS = Door(
    table=IncentiveObjection,
    view=IncentiveObjectionView,
    read=Permission.INCENTIVE_DECIDE,
    missing=IncentiveObjectionNotFound,
    beyond=Beyond.MOVED,
    # An objection is the unit's that shows the reward, not the rewarded person's.
    places={name: col(getattr(Unit, name)) for name in PLACE},
    computed={"title": col(Incentive.title), "by": col(Account.display_name)},
    joined=_joined,
    filters={
        "incentive_id": col(IncentiveObjection.incentive_id),
        "decided": lambda wanted: col(IncentiveObjection.decided_at).is_not(None) == wanted,
    },
    sorts={"raised": ()},
    withheld=_is_of_oneself,
)
"""Objections, for who decides on the reward; kept from the rewarded person, whatever roles they have."""
MOST_SHOWN = 100
_OWN = Statement(
    INCENTIVE_OBJECTIONS.select()
    .where(col(IncentiveObjection.raised_by) == any_(bindparam("accounts", type_=ARRAY(Uuid))))
    .order_by(col(IncentiveObjection.raised_at).desc(), col(IncentiveObjection.id).desc())
    .limit(MOST_SHOWN),
    beyond=Beyond.PUBLISHED,
)
_ONE = Statement(
    INCENTIVE_OBJECTIONS.select().where(
        col(IncentiveObjection.id) == bindparam("objection_id", type_=Uuid)
    )
)
_RAISED_BY = Statement(
    select(col(IncentiveObjection.raised_by)).where(
        col(IncentiveObjection.id) == bindparam("objection_id", type_=Uuid)
    )
)


async def list_incentive_objections(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    incentive_id: UUID | None = None,
    decided: bool | None = None,
) -> Page:
    """The objections to what the actor's units show, the first raised first."""
    filters = {"incentive_id": incentive_id, "decided": decided}
    return await INCENTIVE_OBJECTIONS.page(db, actor, page, filters=filters)


async def list_own_incentive_objections(db: Connection, actor: Actor) -> list[Row]:
    """What the one who asks objected to and what was answered, the last first; a hundred at most."""
    actor.require_in_person()
    return await db.all(_OWN, accounts=sorted(actor.accounts))


# What may be done.


async def object_to_incentive(
    db: Connection,
    actor: Actor,
    *,
    incentive_id: UUID,
    new: NewIncentiveObjection,
    now: datetime,
) -> Row:
    """Object in person to a reward that is shown to the actor, within the days on which it is."""
    actor.require_in_person()
    shown = await PUBLISHED_INCENTIVES.get(db, actor, incentive_id, lock=True)
    if shown["closes_on"] < civil_date(now):
        raise IncentiveNotFound
    row = {
        "id": new_id(), "incentive_id": incentive_id, **new.model_dump(),
        "raised_at": now, "raised_by": actor.account_id,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(IncentiveObjection, row)
    except UniqueViolationError:
        raise IncentiveObjectionRaised from None
    return await db.one(_ONE, objection_id=row["id"]) or {}


async def decide_incentive_objection(
    db: Connection,
    actor: Actor,
    *,
    objection_id: UUID,
    decision: IncentiveObjectionDecision,
    now: datetime,
) -> Row:
    """Answer an objection; upheld, the reward is not given. Neither who raised it does, nor who decided."""
    objection = await INCENTIVE_OBJECTIONS.get(db, actor, objection_id)
    incentive_id = objection["incentive_id"]
    states = (IncentiveState.PUBLISHED, IncentiveState.OVERTURNED)
    held = await hold_to_decide(db, actor, incentive_id=incentive_id, states=states)
    await check_not_party(db, actor, incentive_id=incentive_id, steps=("proposed", "decided"))
    if await db.value(_RAISED_BY, objection_id=objection_id) in actor.accounts:
        raise IncentiveDecidedByParty
    # Read once more: who held the reward before may have answered.
    if (await INCENTIVE_OBJECTIONS.get(db, actor, objection_id))["decided_at"] is not None:
        raise IncentiveObjectionDecided
    decided = {
        "upheld": decision.upheld, "answer": decision.answer, "decided_at": now,
        "decided_by": actor.account_id,
    }  # fmt: skip
    await db.change(IncentiveObjection, objection_id, decided)
    if decision.upheld and held["state"] == IncentiveState.PUBLISHED:
        await db.change(Incentive, incentive_id, {"state": IncentiveState.OVERTURNED})
    return await INCENTIVE_OBJECTIONS.get(db, actor, objection_id)
