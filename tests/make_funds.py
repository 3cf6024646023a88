"""Factories of funds: an open budget with its lines, and the steps that lead there."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.access.roles import Role
from app.domain.quality.appropriations import (
    NewAppropriation,
    acknowledge_appropriation,
    appropriate_funds,
)
from app.domain.quality.approval_limits import NewApprovalLimit, set_approval_limit
from app.domain.quality.budgets import (
    FundsOpinion,
    NewBudget,
    NewBudgetLine,
    add_budget_line,
    approve_budget,
    draft_budget,
    submit_budget,
)
from app.domain.quality.expenses import NewExpense, approve_expense, submit_expense
from app.domain.quality.fund_commitments import NewFundCommitment, commit_funds
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_account

YES = FundsOpinion(opinion="同意")
YEAR = TODAY.year


async def make_clerk(db: Connection, unit: Row, role: Role, name: str) -> Person:
    """A second administrator of a unit, who hands in what the first one decides on."""
    return await make_account(db, name, role, unit)


async def make_draft(
    db: Connection, by: Person, unit: Row, *lines: dict[str, Any], year: int = YEAR
) -> tuple[Row, list[Row]]:
    """A draft of a unit with its lines."""
    new = NewBudget(unit_id=unit["id"], year=year)
    budget = await draft_budget(db, by.actor, new=new, now=NOW)
    return budget, [await make_line(db, by, budget, **line) for line in lines]


async def make_line(db: Connection, by: Person, budget: Row, **more: Any) -> Row:
    """A line of a budget: training, of the unit's own money, unless said otherwise."""
    given = {"title": "教师培训费", "spend_class": "training", "planned": "10000.00"} | more
    new = NewBudgetLine.model_validate(given)
    return await add_budget_line(db, by.actor, budget_id=budget["id"], new=new, now=NOW)


async def make_open(
    db: Connection,
    by: Person,
    superior: Person,
    unit: Row,
    *lines: dict[str, Any],
    year: int = YEAR,
) -> tuple[Row, list[Row]]:
    """An approved budget of a unit, handed in by one and approved by another."""
    draft, made = await make_draft(db, by, unit, *(lines or ({},)), year=year)
    await submit_budget(db, by.actor, budget_id=draft["id"], now=NOW)
    budget = await approve_budget(db, superior.actor, budget_id=draft["id"], opinion=YES, now=NOW)
    return budget, made


async def make_limit(
    db: Connection, by: Person, unit: Row, approver: Person, up_to: str = "1000000"
) -> Row:
    """Up to which amount somebody approves expenses of a unit."""
    new = NewApprovalLimit(
        account_id=approver.actor.account_id,
        up_to=Decimal(up_to),
        valid_from=TODAY - timedelta(days=1),
    )
    return await set_approval_limit(db, by.actor, unit_id=unit["id"], new=new, now=NOW)


def expense(**more: Any) -> NewExpense:
    """An expense of a hundred yuan for something else."""
    given = {
        "amount": "100.00", "payee": "测试师范大学", "summary": "专家讲座", "spent_on": TODAY,
        "spend_class": "training",
    } | more  # fmt: skip
    if not any(name.endswith("_id") and name != "commitment_id" for name in given):
        given.setdefault("other_purpose", "教师节慰问，未对应登记事项")
    return NewExpense.model_validate(given)


async def make_expense(db: Connection, by: Person, line: Row, **more: Any) -> Row:
    """An expense that was handed in."""
    return await submit_expense(db, by.actor, line_id=line["id"], new=expense(**more), now=NOW)


async def approve(db: Connection, by: Person, expense_id: UUID) -> Row:
    """An expense approved."""
    return await approve_expense(db, by.actor, expense_id=expense_id, opinion=YES, now=NOW)


async def make_sent(
    db: Connection, by: Person, start: Row, end: Row, amount: str = "1000.00"
) -> Row:
    """Money sent from one line into another."""
    new = NewAppropriation(
        from_line_id=start["id"], to_line_id=end["id"], amount=Decimal(amount),
        reason="测教财〔2026〕1号",
    )  # fmt: skip
    return await appropriate_funds(db, by.actor, new=new, now=NOW)


async def make_paid(
    db: Connection, by: Person, receiver: Person, start: Row, end: Row, amount: str = "1000.00"
) -> Row:
    """Money sent and acknowledged."""
    sent = await make_sent(db, by, start, end, amount)
    return await acknowledge_appropriation(db, receiver.actor, appropriation_id=sent["id"], now=NOW)


async def make_clerks(db: Connection, city: City) -> dict[str, Person]:
    """A second administrator of the city, the county and the school."""
    return {
        "city": await make_clerk(db, city.city, Role.CITY_ADMIN, "city.clerk"),
        "county": await make_clerk(db, city.county, Role.COUNTY_ADMIN, "county.clerk"),
        "school": await make_clerk(db, city.school, Role.SCHOOL_ADMIN, "school.clerk"),
    }


async def make_busy_funds(db: Connection, city: City) -> None:
    """Two budgets, each with two lines; of every line two commitments and two expenses."""
    for by, superior, unit in (
        (city.school_admin, city.county_admin, city.school),
        (city.sibling_admin, city.county_admin, city.sibling),
    ):
        _, lines = await make_open(db, by, superior, unit, {}, {"title": "图书"})
        for line in lines:
            for _ in range(2):
                await make_expense(db, by, line)
                new = NewFundCommitment(
                    amount=Decimal(10), summary="专家讲座", other_purpose="未对应登记事项"
                )
                await commit_funds(db, by.actor, line_id=line["id"], new=new, now=NOW)
