"""Expenses: what they are tied to, who approves them, and what the last yuan goes to."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.paging import PageRequest
from app.domain.quality.approval_limits import BeyondApprovalLimit
from app.domain.quality.budgets import (
    BudgetLeftOver,
    BudgetNotOpen,
    FundsInsufficient,
    FundsOfOneself,
    close_budget,
    get_budget_line,
)
from app.domain.quality.expenses import (
    Expense,
    ExpenseFileElsewhere,
    ExpenseFileUsed,
    ExpenseNotFound,
    ExpenseOutsideYear,
    ExpenseState,
    ExpenseStateWrong,
    SpendClassWrong,
    create_expense_file_link,
    get_expense,
    list_expenses,
    return_expense,
    reverse_expense,
)
from app.domain.quality.fund_verification import verify_funds
from app.domain.quality.paid_for import EarmarkBroken
from app.domain.training.files import FILES, FileNotFound, FileSharing, NewFileLink
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_city
from tests.make_evidence import make_file
from tests.make_funds import (
    YES,
    approve,
    expense,
    make_clerks,
    make_expense,
    make_limit,
    make_open,
)
from tests.make_trainers import make_hire, make_trainer

ALL = PageRequest(limit=100)


async def opened(db: Connection, city: City, **more: Any) -> Row:
    """The line of a school whose administrator may approve anything."""
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school, more)
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    return line


async def balance(db: Connection, city: City, line: Row) -> tuple[Any, Any]:
    found = await get_budget_line(db, city.city_admin.actor, line_id=line["id"])
    return found["available"], found["spent"]


async def test_money_moves_when_an_expense_is_approved_and_back_when_it_is_reversed(
    db: Connection, city: City
) -> None:
    clerk, line = (await make_clerks(db, city))["school"], await opened(db, city)
    made = await make_expense(db, clerk, line, amount="2500.50")
    assert await balance(db, city, line) == (10_000, 0)
    before = db.statements
    done = await approve(db, city.school_admin, made["id"])
    assert (done["state"], db.statements - before) == ("approved", 7)
    assert await balance(db, city, line) == (Decimal("7499.50"), Decimal("2500.50"))
    with pytest.raises(ExpenseStateWrong):
        await approve(db, city.school_admin, made["id"])
    back = await reverse_expense(
        db, city.school_admin.actor, expense_id=made["id"], opinion=YES, now=NOW
    )
    assert (back["state"], back["reversal_reason"]) == ("reversed", "同意")
    assert await balance(db, city, line) == (10_000, 0)
    with pytest.raises(ExpenseStateWrong):
        await reverse_expense(
            db, city.school_admin.actor, expense_id=made["id"], opinion=YES, now=NOW
        )
    page = await list_expenses(db, city.auditor.actor, page=ALL, line_id=line["id"])
    assert page.items == [back]
    with pytest.raises(ExpenseNotFound):
        await get_expense(db, city.sibling_admin.actor, expense_id=made["id"])


async def test_nobody_approves_their_own_or_beyond_their_limit(db: Connection, city: City) -> None:
    clerk, line = (await make_clerks(db, city))["school"], await opened(db, city)
    own = await make_expense(db, city.school_admin, line)
    with pytest.raises(FundsOfOneself):
        await approve(db, city.school_admin, own["id"])
    # Neither does who acts for the one who handed it in.
    delegate = replace(clerk.actor, on_behalf_of=city.school_admin.actor.account_id)
    with pytest.raises(FundsOfOneself):
        await approve(db, Person(delegate, "delegate"), own["id"])
    with pytest.raises(BeyondApprovalLimit):
        await approve(db, clerk, own["id"])
    await make_limit(db, city.county_admin, city.school, clerk, "99.99")
    with pytest.raises(BeyondApprovalLimit):
        await approve(db, clerk, own["id"])
    await make_limit(db, city.county_admin, city.school, clerk, "100.00")
    assert (await approve(db, clerk, own["id"]))["state"] == "approved"
    # Nor does, in their own right, who handed it in for another.
    behalf = replace(clerk.actor, on_behalf_of=city.county_admin.actor.account_id)
    for_another = await make_expense(db, Person(behalf, "delegate"), line)
    with pytest.raises(FundsOfOneself):
        await approve(db, clerk, for_another["id"])
    other = await make_expense(db, clerk, line)
    back = await return_expense(
        db, city.school_admin.actor, expense_id=other["id"], opinion=YES, now=NOW
    )
    assert back["state"] == "returned"


async def test_a_hire_is_not_approved_by_who_is_hired(db: Connection, city: City) -> None:
    clerk, line = (await make_clerks(db, city))["school"], await opened(db, city)
    trainer = await make_trainer(db, city.school, city.school_admin, city.teacher)
    hire = await make_hire(db, trainer, city.school_admin)
    made = await make_expense(db, clerk, line, trainer_hire_id=hire["id"])
    hired = replace(city.school_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(FundsOfOneself):
        await approve(db, Person(hired, "hired"), made["id"])


async def test_an_earmark_is_spent_on_what_it_is_for(db: Connection, city: City) -> None:
    line = await opened(db, city, earmark="骨干教师专款", title="骨干教师培养")
    with pytest.raises(EarmarkBroken):
        await make_expense(db, city.school_admin, line)
    with pytest.raises(SpendClassWrong):
        await make_expense(db, city.school_admin, line, spend_class="equipment")
    trainer = await make_trainer(db, city.school, city.school_admin)
    hire = await make_hire(db, trainer, city.school_admin)
    with pytest.raises(EarmarkBroken):
        await make_expense(db, city.school_admin, line, trainer_hire_id=hire["id"])
    named = await make_hire(
        db, trainer, city.school_admin, topic="另一讲", funds_line="骨干教师专款"
    )
    made = await make_expense(db, city.school_admin, line, trainer_hire_id=named["id"])
    assert (made["earmark"], made["spend_class"]) == ("骨干教师专款", "training")


async def test_an_earmark_is_looked_at_again_when_it_is_approved(
    db: Connection, city: City
) -> None:
    """However an expense came to wait: what it is for must be what the earmark is for."""
    clerk, line = (
        (await make_clerks(db, city))["school"],
        await opened(db, city, earmark="骨干教师专款"),
    )
    trainer = await make_trainer(db, city.school, city.school_admin)
    waiting = []
    for funds in ("另一专款", "骨干教师专款"):
        hire = await make_hire(db, trainer, city.school_admin, topic=funds, funds_line=funds)
        given = expense(trainer_hire_id=hire["id"]).model_dump(exclude={"spend_class", "file_ids"})
        row = {
            "id": new_id(), "line_id": line["id"], **given, "state": ExpenseState.SUBMITTED,
            "city_id": city.city["id"], "county_id": city.county["id"],
            "school_id": city.school["id"], "submitted_by": clerk.actor.account_id,
            "entered_by": clerk.actor.account_id, "submitted_at": NOW,
        }  # fmt: skip
        await db.insert(Expense, row)
        waiting.append(row["id"])
    with pytest.raises(EarmarkBroken):
        await approve(db, city.school_admin, waiting[0])
    assert await balance(db, city, line) == (10_000, 0)
    assert (await approve(db, city.school_admin, waiting[1]))["state"] == "approved"


async def test_what_is_refused_changes_nothing(db: Connection, city: City) -> None:
    line = await opened(db, city, planned="100")
    with pytest.raises(FundsInsufficient):
        await make_expense(db, city.school_admin, line, amount="100.01")
    for day in (TODAY + timedelta(days=1), TODAY.replace(year=TODAY.year - 1)):
        with pytest.raises(ExpenseOutsideYear):
            await make_expense(db, city.school_admin, line, spent_on=day)
    assert (await list_expenses(db, city.city_admin.actor, page=ALL)).items == []
    none, (closed,) = await make_open(
        db, city.school_admin, city.county_admin, city.school, {"planned": "0"}, year=TODAY.year - 1
    )
    await close_budget(db, city.school_admin.actor, budget_id=none["id"], now=NOW)
    with pytest.raises(BudgetNotOpen):
        await make_expense(db, city.school_admin, closed, spent_on=TODAY)


@pytest.mark.parametrize(
    "more",
    [
        {"amount": "0"}, {"amount": "1.001"}, {"other_purpose": None},
        {"topic_id": "01890000-0000-7000-8000-000000000000"}, {"spent_on": "yesterday"},
    ],
)  # fmt: skip
def test_an_expense_is_an_amount_for_one_purpose(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        expense(**({"other_purpose": "慰问教师"} | more))


async def test_an_invoice_is_opened_by_those_who_hold_the_funds_alone(
    db: Connection, city: City, resources: Resources
) -> None:
    line = await opened(db, city)
    file = await make_file(db, city.school, city.school_admin)
    made = await make_expense(db, city.school_admin, line, file_ids=[file["id"]])
    assert made["file_ids"] == [file["id"]]
    with pytest.raises(ExpenseFileUsed):
        async with db.transaction():
            await make_expense(db, city.school_admin, line, file_ids=[file["id"]])
    with pytest.raises(FileNotFound):
        async with db.transaction():
            await make_expense(db, city.school_admin, line, file_ids=[made["id"]])
    for person in (city.school_admin, city.integration):
        with pytest.raises(FileNotFound):
            await FILES.get(db, person.actor, file["id"])
    links = resources.archive.links
    link = await create_expense_file_link(
        db, city.auditor.actor, expense_id=made["id"], file_id=file["id"], new=NewFileLink(),
        links=links, now=NOW,
    )  # fmt: skip
    assert str(file["id"]) in link["url"]
    with pytest.raises(FileNotFound):
        await create_expense_file_link(
            db, city.auditor.actor, expense_id=made["id"], file_id=made["id"], new=NewFileLink(),
            links=links, now=NOW,
        )  # fmt: skip


async def test_an_invoice_is_of_the_unit_that_pays_and_paid_once(
    db: Connection, city: City
) -> None:
    clerk, line = (await make_clerks(db, city))["school"], await opened(db, city)
    one, again, third = [
        await make_file(db, city.school, city.school_admin, sha256="a" * 64) for _ in range(3)
    ]
    made = await make_expense(db, clerk, line, file_ids=[one["id"]])
    with pytest.raises(ExpenseFileUsed):
        async with db.transaction():
            await make_expense(db, clerk, line, file_ids=[again["id"]])
    # What was given back is handed in anew.
    await return_expense(db, city.school_admin.actor, expense_id=made["id"], opinion=YES, now=NOW)
    await make_expense(db, clerk, line, file_ids=[again["id"]])
    # A bureau that opens a school's file does not take it out of the school's list.
    _, (above,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    shared = await make_file(db, city.school, city.school_admin, sharing=FileSharing.COUNTY)
    with pytest.raises(ExpenseFileElsewhere):
        async with db.transaction():
            await make_expense(db, city.county_admin, above, file_ids=[shared["id"]])
    for file in (third, shared):
        assert await FILES.get(db, city.school_admin.actor, file["id"])


async def test_of_sixty_who_want_the_last_yuan_as_many_get_it_as_there_are(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        clerk = (await make_clerks(db, city))["school"]
        line = await opened(db, city, planned="701.00")
        made = [await make_expense(db, clerk, line) for _ in range(60)]

    async def race(one: Row) -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await approve(db, city.school_admin, one["id"]))["state"])
        except FundsInsufficient as refused:
            return refused.code

    outcomes = await asyncio.gather(*(race(one) for one in made))
    assert outcomes.count("approved") == 7
    assert outcomes.count("funds_insufficient") == 53
    async with real_pool.transaction() as db:
        assert await balance(db, city, line) == (1, 700)
        verified = await verify_funds(db)
        assert (verified.finding, verified.entries) == (None, 8)


async def test_nothing_is_approved_in_a_year_that_is_being_closed(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        clerk = (await make_clerks(db, city))["school"]
        line = await opened(db, city, planned="100")
        made = await make_expense(db, clerk, line)
        await approve(db, city.school_admin, made["id"])

    async def spend() -> str:
        async with real_pool.transaction() as db:
            try:
                await reverse_expense(
                    db, city.school_admin.actor, expense_id=made["id"], opinion=YES, now=NOW
                )
            except BudgetNotOpen as refused:
                return refused.code
        return "reversed"

    async def close() -> str:
        async with real_pool.transaction() as db:
            try:
                await close_budget(db, clerk.actor, budget_id=line["budget_id"], now=NOW)
            except BudgetLeftOver as refused:
                return refused.code
        return "closed"

    assert set(await asyncio.gather(spend(), close())) in (
        {"reversed", "budget_left_over"}, {"budget_not_open", "closed"},
    )  # fmt: skip
    async with real_pool.transaction() as db:
        assert (await verify_funds(db)).finding is None
