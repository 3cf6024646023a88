"""What makes work of the funds wait, each by its kind."""

from decimal import Decimal

from app.domain.access.roles import Role
from app.domain.quality.budget_amendments import NewBudgetAmendment, propose_budget_amendment
from app.domain.quality.budgets import return_budget, submit_budget
from app.sql import Connection
from tests.made import Made
from tests.make import NOW, City
from tests.make_funds import YES, make_clerk, make_draft, make_expense, make_open, make_sent


async def budget_to_approve(db: Connection, city: City) -> Made:
    draft, _ = await make_draft(db, city.school_admin, city.school, {})
    await submit_budget(db, city.school_admin.actor, budget_id=draft["id"], now=NOW)
    return Made(draft["id"], city.county_admin, city.county["id"])


async def budget_to_revise(db: Connection, city: City) -> Made:
    made = await budget_to_approve(db, city)
    await return_budget(
        db, city.county_admin.actor, budget_id=made.subject_id, opinion=YES, now=NOW
    )
    return Made(made.subject_id, city.school_admin, city.school["id"])


async def budget_amendment_to_decide(db: Connection, city: City) -> Made:
    budget, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    new = NewBudgetAmendment(
        to_line_id=line["id"], amount=Decimal(1), effective_on=NOW.date(), reason="追加经费"
    )
    row = await propose_budget_amendment(
        db, city.school_admin.actor, budget_id=budget["id"], new=new, now=NOW
    )
    return Made(row["id"], city.county_admin, city.county["id"])


async def appropriation_to_acknowledge(db: Connection, city: City) -> Made:
    _, (start,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    promised = {"title": "上级拨款", "source": "superior"}
    _, (end,) = await make_open(db, city.school_admin, city.county_admin, city.school, promised)
    row = await make_sent(db, city.county_admin, start, end)
    return Made(row["id"], city.school_admin, city.school["id"])


async def expense_to_approve(db: Connection, city: City) -> Made:
    clerk = await make_clerk(db, city.school, Role.SCHOOL_ADMIN, "school.clerk")
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    row = await make_expense(db, clerk, line)
    return Made(row["id"], city.school_admin, city.school["id"])
