"""The funds of each place: budgets in every state, lines, and what moved their money."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.quality.appropriations import Appropriation
from app.domain.quality.approval_limits import ApprovalLimit
from app.domain.quality.budget_amendments import BudgetAmendment
from app.domain.quality.budgets import Budget, BudgetLine, BudgetReview, FundEntry, FundPosting
from app.domain.quality.expenses import Expense
from app.domain.quality.fund_commitments import FundCommitment
from app.sql import Connection, Row, new_id
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City

_YEARS = {"draft": 2025, "approved": 2026, "submitted": 2028, "closed": 2024}
_MONEY = Decimal("1000.00")


async def add_things(db: Connection, world: World, city: City) -> None:
    """Of every unit four budgets, a line of a draft and one of an open budget, and what hangs there."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        path = tuple(unit["id"] for unit in units)
        for kind, key in (await _add_funds(db, units[-1], by)).items():
            world.places[name][kind] = Thing(key, path)


async def _add_line(db: Connection, budget_id: UUID, by: UUID) -> UUID:
    return await add_row(
        db, BudgetLine, budget_id=budget_id, title="培训费", spend_class="training", source="own",
        is_priority=False, planned=_MONEY, added_by=by, added_at=NOW,
    )  # fmt: skip


async def _post(db: Connection, budget_id: UUID, line_id: UUID, by: UUID) -> UUID:
    """The entry by which the line has its money; the posting that enters what is available."""
    entry = {"kind": "budget", "budget_id": budget_id, "posted_at": NOW, "posted_by": by}
    entry_id = await add_row(db, FundEntry, **entry)
    of_line: dict[str, Any] = {"entry_id": entry_id, "line_id": line_id}
    sides = (("source", -_MONEY), ("available", _MONEY))
    rows = [{"id": new_id(), **of_line, "account": to, "amount": much} for to, much in sides]
    await db.insert_all(FundPosting, rows)
    return UUID(str(rows[1]["id"]))


async def _add_funds(db: Connection, unit: Row, by: UUID) -> dict[str, UUID]:
    here = place_of(unit)
    budgets = {
        state: await add_row(
            db, Budget, **here, year=year, state=state, since=NOW, drafted_by=by, submitted_by=by
        )
        for state, year in _YEARS.items()
    }
    await add_row(
        db, BudgetReview, budget_id=budgets["approved"], step="submit", taken_at=NOW, taken_by=by
    )
    line = await _add_line(db, budgets["approved"], by)
    return {
        "budget": budgets["draft"],
        "budget_open": budgets["approved"],
        "budget_waiting": budgets["submitted"],
        "budget_closed": budgets["closed"],
        "line_draft": await _add_line(db, budgets["draft"], by),
        "line_open": line,
        "fund_posting": await _post(db, budgets["approved"], line, by),
        "amendment": await add_row(
            db, BudgetAmendment, budget_id=budgets["approved"], to_line_id=line, amount=_MONEY,
            effective_on=TODAY, reason="追加", state="submitted", proposed_by=by, proposed_at=NOW,
            entered_by=by,
        ),
        "approval_limit": await add_row(
            db, ApprovalLimit, **here, account_id=by, up_to=_MONEY, valid_from=TODAY, set_by=by,
            set_at=NOW,
        ),
        **await _add_spent(db, here, line, await _add_line(db, budgets["submitted"], by), by),
    }  # fmt: skip


async def _add_spent(
    db: Connection, here: dict[str, Any], line: UUID, other: UUID, by: UUID
) -> dict[str, UUID]:
    """What waits to be spent of a line, what was spent, and what is on its way there from another."""
    spent: dict[str, Any] = {
        "line_id": line, "amount": Decimal(10), "summary": "讲座", "other_purpose": "慰问", **here,
    }  # fmt: skip
    paid = {
        **spent, "payee": "测试师范大学", "spent_on": TODAY, "submitted_by": by, "submitted_at": NOW,
        "entered_by": by,
    }  # fmt: skip
    return {
        "line_waiting": other,
        "appropriation": await add_row(
            db, Appropriation, **here, from_line_id=other, to_line_id=line, amount=_MONEY,
            reason="结转", kind="carry_over", state="sent", sent_by=by, sent_at=NOW,
        ),
        "fund_commitment": await add_row(db, FundCommitment, **spent, made_by=by, made_at=NOW),
        "expense": await add_row(db, Expense, **paid, state="submitted"),
        "expense_approved": await add_row(
            db, Expense, **paid, state="approved", decided_by=by, decided_at=NOW
        ),
    }  # fmt: skip
