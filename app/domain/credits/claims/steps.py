"""The steps of a claim (审核记录): who did what with it, where, when and with which opinion."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Date,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Table, key, text_enum
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.claims.table import Claim, ClaimState
from app.domain.credits.packs.procedure import ReviewStage
from app.domain.credits.rules import Award
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, new_id


class ClaimAct(StrEnum):
    """What was done with a claim (环节)."""

    SUBMIT = "submit"
    """提交"""
    WITHDRAW = "withdraw"
    """撤回"""
    APPROVE = "approve"
    """通过"""
    RETURN = "return"
    """退回修改"""
    REJECT = "reject"
    """不予认定"""
    APPEAL = "appeal"
    """申诉"""
    PUBLISH = "publish"
    """公示"""
    OBJECT = "object"
    """异议成立"""
    ENTER = "enter"
    """入账"""
    LAPSE = "lapse"
    """失效"""


class ClaimStep(Table, table=True):
    """One step, written once. `version` is the claim's before it; no version is decided on twice.

    `content` is what was submitted, as it was then; `taken_by` is null where no person did it.
    """

    __table_args__ = (UniqueConstraint("claim_id", "version"), Index(None, "taken_by"))

    id: UUID = key()
    claim_id: UUID = Field(foreign_key="credit_claim.id", sa_type=Uuid)
    version: int
    round: int
    act: ClaimAct = Field(sa_type=text_enum(ClaimAct))
    stage: ReviewStage | None = Field(default=None, sa_type=text_enum(ReviewStage))
    opinion: str | None = Field(default=None, max_length=2000)
    content: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    taken_at: datetime = Field(sa_type=MOMENT)
    taken_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class ClaimStepView(BaseModel):
    """A step as the claimant and the reviewers see it."""

    id: UUID = Field(description="标识 / key")
    claim_id: UUID = Field(description="申报 / claim")
    round: int = Field(description="第几次提交 / which submission, from 1")
    act: ClaimAct = Field(description="环节 / what was done")
    stage: ReviewStage | None = Field(description="层级 / place at which it was done")
    opinion: str | None = Field(description="意见 / opinion")
    title: str | None = Field(description="提交时的名称 / title as it was submitted")
    taken_at: datetime = Field(description="时间 / when")
    by: str | None = Field(description="经办人，系统办理时为空 / who did it, null for the system")


# What can be refused.


class ClaimStepNotFound(NotFound):
    """There is no such step for the one who asks."""

    code = "claim_step_not_found"
    zh = "未找到该审核记录。"
    en = "There is no such step of a claim."


# What may be asked.

CLAIM_STEPS = Door(
    table=ClaimStep,
    view=ClaimStepView,
    read=Permission.CREDIT_READ,
    missing=ClaimStepNotFound,
    places=CLAIMS.places,
    computed={"by": col(Account.display_name), "title": col(ClaimStep.content)["title"].astext},
    joined=ClaimStep.__table__.join(  # type: ignore[attr-defined]
        Claim.__table__,  # type: ignore[attr-defined]
        col(ClaimStep.claim_id) == col(Claim.id),
    ).outerjoin(Account.__table__, col(ClaimStep.taken_by) == col(Account.id)),  # type: ignore[attr-defined]
    filters={"claim_id": col(ClaimStep.claim_id)},
    sorts={"taken": ()},
)


async def list_claim_steps(
    db: Connection, actor: Actor, *, claim_id: UUID, page: PageRequest
) -> Page:
    """What was done with one claim, the first first."""
    await CLAIMS.get(db, actor, claim_id)
    return await CLAIM_STEPS.page(db, actor, page, filters={"claim_id": claim_id})


async def steps_of_claims(
    db: Connection,
    actor: Actor,
    *,
    claim_ids: list[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """What was done with each of many claims, the first first."""
    return await CLAIM_STEPS.pages_of(
        db, actor, col(ClaimStep.claim_id), claim_ids, page, columns=columns
    )


# What may be done.


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step that is taken: where it leaves the claim, and what is kept of it."""

    claim: Row
    act: ClaimAct
    state: ClaimState
    stage: ReviewStage | None = None
    due_on: date | None = None
    opinion: str | None = None
    by: UUID | None = None
    content: dict[str, Any] | None = None
    earned: Award | None = None
    """The award of this step; None leaves what was awarded before."""
    entry_id: UUID | None = None
    publication_id: UUID | None = None


_SET: dict[str, Any] = {
    "state": text_enum(ClaimState),
    "stage": text_enum(ReviewStage),
    "round": Integer(),
    "due_on": Date(),
    "awarded_hours": AMOUNT,
    "awarded_credits": AMOUNT,
    "rule_id": Text(),
    "pack_id": Text(),
    "pack_version": Integer(),
    "appealed_at": MOMENT,
    "entry_id": Uuid(),
    "publication_id": Uuid(),
}
_ARRAYS = {"id": Uuid(), "version": Integer(), **_SET}
_moves = (
    func.unnest(*(bindparam(f"new_{name}", type_=ARRAY(kind)) for name, kind in _ARRAYS.items()))
    .table_valued(*_ARRAYS)
    .render_derived()
)
_MOVE = Statement(
    update(Claim)
    # Whoever has read another version moves nothing.
    .where(col(Claim.id) == _moves.c.id, col(Claim.version) == _moves.c.version)
    .values(
        {name: _moves.c[name] for name in _SET}
        | {"version": _moves.c.version + 1, "since": bindparam("now", type_=MOMENT)}
    )
    .returning(col(Claim.id))
)
_AWARDED = ("awarded_hours", "awarded_credits", "rule_id", "pack_id", "pack_version")


async def move_claims(db: Connection, *, moves: list[Move], now: datetime) -> set[UUID]:
    """Take these steps, each of a claim as it was read; the keys of those that were still so.

    Two statements, however many claims. A claim that was decided on meanwhile is not among the keys.
    """
    rows = [_row(each, now) for each in moves]
    given = {f"new_{name}": [row[name] for row in rows] for name in _ARRAYS}
    moved = {row["id"] for row in await db.all(_MOVE, now=now, **given)}
    taken = [_step(each, row["round"], now) for each, row in zip(moves, rows, strict=True)]
    await db.insert_all(ClaimStep, [each for each in taken if each["claim_id"] in moved])
    return moved


def _row(move: Move, now: datetime) -> Row:
    claim, earned = move.claim, move.earned
    awarded = {name: claim[name] for name in _AWARDED}
    if earned is not None:
        values = (earned.hours, earned.credits, earned.rule_id, earned.pack_id, earned.pack_version)
        awarded = dict(zip(_AWARDED, values, strict=True))
    return {
        "id": claim["id"],
        "version": claim["version"],
        "state": move.state,
        "stage": move.stage,
        "round": claim["round"] + (move.act is ClaimAct.SUBMIT),
        "due_on": move.due_on,
        **awarded,
        "appealed_at": now if move.act is ClaimAct.APPEAL else claim["appealed_at"],
        "entry_id": move.entry_id,
        "publication_id": move.publication_id or claim["publication_id"],
    }


def _step(move: Move, round_: int, now: datetime) -> Row:
    return {
        "id": new_id(),
        "claim_id": move.claim["id"],
        "version": move.claim["version"],
        "round": round_,
        "act": move.act,
        "stage": move.claim["stage"],
        "opinion": move.opinion,
        "content": move.content,
        "taken_at": now,
        "taken_by": move.by,
    }
