"""Commitments (预留): money of a line that is set aside for one purpose until it is spent or released."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.budgets import (
    NOTHING,
    YUAN,
    FundAccount,
    FundEntryKind,
    FundPosting,
    FundsOpinion,
    Move,
    open_line,
    place_of,
    post_funds,
)
from app.domain.quality.paid_for import (
    NewPaidFor,
    PaidFor,
    check_purpose,
    purpose_constraints,
)
from app.sql import Connection, Row, Statement, new_id


class CommitmentFields(BaseModel):
    """How much is set aside, in a few words for what."""

    amount: Decimal = Field(
        gt=0, max_digits=14, decimal_places=2, description="预留金额（元） / amount in yuan",
        sa_type=YUAN,
    )  # fmt: skip
    summary: str = Field(min_length=2, max_length=200, description="摘要 / for what, in short")


class FundCommitment(CommitmentFields, PaidFor, Placed, Table, table=True):
    """A commitment; what is left of it follows from the journal."""

    __table_args__ = (
        *place_constraints(),
        *purpose_constraints(),
        *(Index(None, name, "id") for name in PLACE),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "num_nonnulls(released_by, released_at, release_reason) IN (0, 3)", name="released"
        ),
        Index(None, "line_id", "id"),
    )

    id: UUID = key()
    line_id: UUID = Field(foreign_key="budget_line.id", sa_type=Uuid)
    made_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    made_at: datetime = Field(sa_type=MOMENT)
    released_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    released_at: datetime | None = Field(default=None, sa_type=MOMENT)
    release_reason: str | None = Field(default=None, max_length=500)


class FundCommitmentView(CommitmentFields, PaidFor):
    """A commitment as those see it who hold the funds."""

    id: UUID = Field(description="标识 / key")
    line_id: UUID = Field(description="预算科目 / line of the budget")
    remaining: Decimal = Field(description="余额（元） / what is left of it, in yuan")
    made_at: datetime = Field(description="预留时间 / when it was made")
    released_at: datetime | None = Field(description="撤销时间 / when the rest was released")
    release_reason: str | None = Field(description="撤销理由 / why it was released")


class NewFundCommitment(CommitmentFields, NewPaidFor):
    """Money to be set aside."""


# What can be refused.


class FundCommitmentNotFound(NotFound):
    """There is no such commitment for the one who asks."""

    code = "fund_commitment_not_found"
    zh = "未找到该笔预留。"
    en = "There is no such commitment."


class FundCommitmentReleased(Conflict):
    """What was released is spent no more, and not released again."""

    code = "fund_commitment_released"
    zh = "该笔预留已撤销。"
    en = "The commitment was released."


# What may be asked.

_COMMITMENTS = FundCommitment.__table__  # type: ignore[attr-defined]
_LEFT = (
    select(func.coalesce(func.sum(col(FundPosting.amount)), NOTHING))
    .where(col(FundPosting.commitment_id) == _COMMITMENTS.c.id)
    .scalar_subquery()
)

FUND_COMMITMENTS = Door(
    table=FundCommitment,
    view=FundCommitmentView,
    read=Permission.FUNDS_READ,
    missing=FundCommitmentNotFound,
    computed={"remaining": _LEFT},
    filters={
        "line_id": _COMMITMENTS.c.line_id,
        **{name: _COMMITMENTS.c[name] for name in ("activity_id", "topic_id", "output_id")},
        "released": lambda released: _COMMITMENTS.c.released_at.is_not(None) == released,
    },
    sorts={"created": (), "amount": (_COMMITMENTS.c.amount,)},
)


async def get_fund_commitment(db: Connection, actor: Actor, *, commitment_id: UUID) -> Row:
    """One commitment, with what is left of it."""
    return await FUND_COMMITMENTS.get(db, actor, commitment_id)


async def list_fund_commitments(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    line_id: UUID | None = None,
    activity_id: UUID | None = None,
    topic_id: UUID | None = None,
    output_id: UUID | None = None,
    released: bool | None = None,
) -> Page:
    """The commitments of the units whose funds the actor may see."""
    filters = {
        "line_id": line_id, "activity_id": activity_id, "topic_id": topic_id,
        "output_id": output_id, "released": released,
    }  # fmt: skip
    return await FUND_COMMITMENTS.page(db, actor, page, filters=filters)


async def fund_commitments_by_id(
    db: Connection, actor: Actor, *, commitment_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many commitments by their keys; None where the actor may not see one."""
    return await FUND_COMMITMENTS.by_id(db, actor, commitment_ids, columns=columns)


# What may be done.

_HOLD = Statement(
    select(_COMMITMENTS.c.released_at)
    .where(_COMMITMENTS.c.id == bindparam("commitment_id", type_=Uuid))
    .with_for_update()
)


async def hold_commitment(db: Connection, *, commitment_id: UUID) -> bool:
    """Hold a commitment until the transaction ends; whether it still sets money aside."""
    return (await db.value(_HOLD, commitment_id=commitment_id)) is None


async def commit_funds(
    db: Connection, actor: Actor, *, line_id: UUID, new: NewFundCommitment, now: datetime
) -> Row:
    """Set money of an open line aside for one purpose."""
    line = await open_line(db, actor, line_id=line_id)
    await check_purpose(db, actor, purpose=new, line=line)
    row = {
        "id": new_id(), "line_id": line_id, **new.model_dump(), **place_of(line),
        "made_by": actor.account_id, "made_at": now,
    }  # fmt: skip
    await db.insert(FundCommitment, row)
    move = Move(
        new.amount, line_id, FundAccount.AVAILABLE, line_id, FundAccount.COMMITTED, row["id"]
    )
    await _post(db, actor, FundEntryKind.COMMITMENT, move, now)
    return await FUND_COMMITMENTS.get(db, actor, row["id"])


async def _post(
    db: Connection, actor: Actor, kind: FundEntryKind, move: Move, now: datetime
) -> None:
    assert move.commitment_id is not None  # noqa: S101  every caller's move is of a commitment
    await post_funds(
        db, actor, kind=kind, subject="commitment_id", subject_id=move.commitment_id,
        moves=[move], now=now,
    )  # fmt: skip


async def release_commitment(
    db: Connection, actor: Actor, *, commitment_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Let what is left of a commitment be available again, and say why."""
    await FUND_COMMITMENTS.get(db, actor, commitment_id, permission=Permission.FUNDS_WRITE)
    if not await hold_commitment(db, commitment_id=commitment_id):
        raise FundCommitmentReleased
    # Read after it is held: what was spent of it meanwhile is not released.
    held = await FUND_COMMITMENTS.get(db, actor, commitment_id)
    said = {
        "released_by": actor.account_id, "released_at": now, "release_reason": opinion.opinion,
    }  # fmt: skip
    await db.change(FundCommitment, commitment_id, said)
    line_id = held["line_id"]
    move = Move(
        held["remaining"], line_id, FundAccount.COMMITTED, line_id, FundAccount.AVAILABLE,
        commitment_id,
    )  # fmt: skip
    await _post(db, actor, FundEntryKind.RELEASE, move, now)
    return await FUND_COMMITMENTS.get(db, actor, commitment_id)
