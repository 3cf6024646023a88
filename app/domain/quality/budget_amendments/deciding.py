"""Proposing amendments of a budget, and deciding on them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.quality.budget_amendments.amendment import (
    BUDGET_AMENDMENTS,
    AmendmentBeyondPlan,
    AmendmentDecided,
    AmendmentMixesSources,
    AmendmentOutsideYear,
    AmendmentState,
    AmendmentTooEarly,
    BudgetAmendment,
    NewBudgetAmendment,
    PriorityWeakened,
)
from app.domain.quality.budgets import (
    BUDGET_LINES,
    BudgetLineNotFound,
    BudgetState,
    FundAccount,
    FundEntryKind,
    FundsOpinion,
    FundSource,
    Move,
    check_budget_state,
    check_decides,
    open_budget,
    post_funds,
)
from app.domain.quality.paid_for import EarmarkBroken
from app.sql import Connection, Row, Statement, new_id

# What may be done.


def _check_lines(lost: Row | None, gained: Row | None, amount: Decimal) -> None:
    """Refuse what takes more than a line comes to, breaks an earmark, or mixes what is kept apart."""
    if lost is not None and lost["planned"] + lost["amended"] < amount:
        raise AmendmentBeyondPlan
    if lost is None or gained is None:
        return
    if lost["earmark"] != gained["earmark"]:
        raise EarmarkBroken
    if lost["earmark"] is not None and lost["spend_class"] != gained["spend_class"]:
        raise EarmarkBroken
    if lost["source"] != gained["source"]:
        raise AmendmentMixesSources
    if lost["is_priority"] and not gained["is_priority"]:
        raise PriorityWeakened


async def _lines(
    db: Connection, actor: Actor, amendment: dict[str, Any], budget_id: UUID
) -> tuple[Row | None, Row | None]:
    """The line that loses and the one that gains; both are of the budget."""
    named = [amendment[name] for name in ("from_line_id", "to_line_id") if amendment[name]]
    found = await BUDGET_LINES.by_id(db, actor, named)
    if any(line is None or line["budget_id"] != budget_id for line in found.values()):
        raise BudgetLineNotFound
    return found.get(amendment["from_line_id"]), found.get(amendment["to_line_id"])


async def propose_budget_amendment(
    db: Connection, actor: Actor, *, budget_id: UUID, new: NewBudgetAmendment, now: datetime
) -> Row:
    """Propose that an approved budget be amended."""
    budget = await open_budget(db, actor, budget_id=budget_id, permission=Permission.FUNDS_WRITE)
    check_budget_state(budget, {BudgetState.APPROVED})
    if new.effective_on.year != budget["year"]:
        raise AmendmentOutsideYear
    given = new.model_dump()
    _check_lines(*await _lines(db, actor, given, budget_id), new.amount)
    row = {
        "id": new_id(), "budget_id": budget_id, **given, "state": AmendmentState.SUBMITTED,
        "proposed_by": actor.on_behalf_of or actor.account_id, "entered_by": actor.account_id,
        "proposed_at": now,
    }  # fmt: skip
    await db.insert(BudgetAmendment, row)
    return await BUDGET_AMENDMENTS.get(db, actor, row["id"])


async def _decide(
    db: Connection,
    actor: Actor,
    amendment_id: UUID,
    state: AmendmentState,
    opinion: str,
    now: datetime,
) -> Row:
    amendment = await BUDGET_AMENDMENTS.get(
        db, actor, amendment_id, permission=Permission.FUNDS_APPROVE, lock=True
    )
    if amendment["state"] != AmendmentState.SUBMITTED:
        raise AmendmentDecided
    by = await db.one(_PROPOSED_BY, amendment_id=amendment_id) or {}
    await check_decides(db, actor, budget_id=amendment["budget_id"], by=by.values())
    said = {
        "state": state, "decided_by": actor.account_id, "decided_at": now, "opinion": opinion,
    }  # fmt: skip
    await db.change(BudgetAmendment, amendment_id, said)
    return amendment


_PROPOSED_BY = Statement(
    select(col(BudgetAmendment.proposed_by), col(BudgetAmendment.entered_by)).where(
        col(BudgetAmendment.id) == bindparam("amendment_id", type_=Uuid)
    )
)


async def approve_budget_amendment(
    db: Connection, actor: Actor, *, amendment_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Approve an amendment on its day or later; of the unit's own money, what is available moves."""
    amendment = await _decide(
        db, actor, amendment_id, AmendmentState.APPROVED, opinion.opinion, now
    )
    if amendment["effective_on"] > civil_date(now):
        raise AmendmentTooEarly
    # Held by itself: of two that together take more than a line comes to, the later sees the earlier.
    budget = await open_budget(
        db, actor, budget_id=amendment["budget_id"], permission=Permission.FUNDS_APPROVE
    )
    check_budget_state(budget, {BudgetState.APPROVED})
    lost, gained = await _lines(db, actor, amendment, budget["id"])
    if lost is not None and lost["planned"] + lost["amended"] < 0:
        raise AmendmentBeyondPlan
    if all(line["source"] == FundSource.OWN for line in (lost, gained) if line):
        await post_funds(
            db, actor, kind=FundEntryKind.AMENDMENT, subject="amendment_id",
            subject_id=amendment_id, moves=[_move(amendment)], now=now,
        )  # fmt: skip
    return await BUDGET_AMENDMENTS.get(db, actor, amendment_id)


def _move(amendment: Row) -> Move:
    lost, gained = amendment["from_line_id"], amendment["to_line_id"]
    source, available = FundAccount.SOURCE, FundAccount.AVAILABLE
    return Move(
        amendment["amount"],
        lost or gained,
        source if lost is None else available,
        gained or lost,
        source if gained is None else available,
    )


async def reject_budget_amendment(
    db: Connection, actor: Actor, *, amendment_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Refuse an amendment, and say why; the budget stays as it is."""
    await _decide(db, actor, amendment_id, AmendmentState.REJECTED, opinion.opinion, now)
    return await BUDGET_AMENDMENTS.get(db, actor, amendment_id)
