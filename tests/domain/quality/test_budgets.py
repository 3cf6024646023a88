"""Budgets: drafted, handed in, decided on by the superior, closed and reopened."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.budgets import (
    BudgetEmpty,
    BudgetExists,
    BudgetLeftOver,
    BudgetLineExists,
    BudgetLinePlanned,
    BudgetNotFound,
    BudgetPending,
    BudgetStateWrong,
    DecidedBySuperior,
    FundsOfOneself,
    NewBudgetLine,
    approve_budget,
    close_budget,
    drop_budget_line,
    get_budget,
    get_budget_line,
    list_budget_lines,
    list_budgets,
    reopen_budget,
    return_budget,
    submit_budget,
)
from app.sql import CheckViolationError, Connection
from tests.make import NOW, City
from tests.make_funds import (
    YEAR,
    YES,
    make_clerks,
    make_draft,
    make_expense,
    make_line,
    make_open,
)

ALL = PageRequest(limit=100)


async def test_a_budget_is_drafted_returned_and_approved_by_the_superior(
    db: Connection, city: City
) -> None:
    by, superior = city.school_admin.actor, city.county_admin.actor
    draft, (line,) = await make_draft(db, city.school_admin, city.school, {})
    other = await make_line(db, city.school_admin, draft, title="设备", spend_class="equipment")
    assert (await drop_budget_line(db, by, line_id=other["id"]))["title"] == "设备"
    await submit_budget(db, by, budget_id=draft["id"], now=NOW)
    with pytest.raises(BudgetStateWrong):
        await make_line(db, city.school_admin, draft, title="出版")
    with pytest.raises(BudgetStateWrong):
        await drop_budget_line(db, by, line_id=line["id"])
    back = await return_budget(db, superior, budget_id=draft["id"], opinion=YES, now=NOW)
    assert back["state"] == "returned"
    await submit_budget(db, by, budget_id=draft["id"], now=NOW)
    before = db.statements
    done = await approve_budget(db, superior, budget_id=draft["id"], opinion=YES, now=NOW)
    assert (done["state"], db.statements - before) == ("approved", 8)
    held = await get_budget_line(db, by, line_id=line["id"])
    assert (held["available"], held["planned"]) == (Decimal(10_000), Decimal(10_000))
    before = db.statements
    page = await list_budget_lines(db, by, page=ALL, unit_id=city.school["id"], year=YEAR)
    assert (page.items, db.statements - before) == ([held], 1)


async def test_who_decides_is_the_superior_and_never_who_handed_it_in(
    db: Connection, city: City
) -> None:
    clerks = await make_clerks(db, city)
    draft, _ = await make_draft(db, city.county_admin, city.school, {})
    await submit_budget(db, city.county_admin.actor, budget_id=draft["id"], now=NOW)
    with pytest.raises(DecidedBySuperior):
        await approve_budget(
            db, city.school_admin.actor, budget_id=draft["id"], opinion=YES, now=NOW
        )
    with pytest.raises(FundsOfOneself):
        await approve_budget(
            db, city.county_admin.actor, budget_id=draft["id"], opinion=YES, now=NOW
        )
    with pytest.raises(NotAllowed):
        await approve_budget(db, city.auditor.actor, budget_id=draft["id"], opinion=YES, now=NOW)
    done = await approve_budget(
        db, clerks["county"].actor, budget_id=draft["id"], opinion=YES, now=NOW
    )
    assert done["state"] == "approved"
    # The city has no superior here: another person of the city.
    top, _ = await make_draft(db, city.city_admin, city.city, {})
    await submit_budget(db, city.city_admin.actor, budget_id=top["id"], now=NOW)
    with pytest.raises(FundsOfOneself):
        await approve_budget(db, city.city_admin.actor, budget_id=top["id"], opinion=YES, now=NOW)
    await return_budget(db, clerks["city"].actor, budget_id=top["id"], opinion=YES, now=NOW)
    # Handed in anew by one for the other, it is decided on by neither.
    delegate = replace(clerks["city"].actor, on_behalf_of=city.city_admin.actor.account_id)
    await submit_budget(db, delegate, budget_id=top["id"], now=NOW)
    for person in (clerks["city"], city.city_admin):
        with pytest.raises(FundsOfOneself):
            await approve_budget(db, person.actor, budget_id=top["id"], opinion=YES, now=NOW)


async def test_it_is_seen_by_those_who_hold_the_funds(db: Connection, city: City) -> None:
    draft, _ = await make_draft(db, city.school_admin, city.school, {})
    for person in (city.county_admin, city.city_admin, city.auditor):
        assert (await list_budgets(db, person.actor, page=ALL)).items == [draft]
    with pytest.raises(BudgetNotFound):
        await get_budget(db, city.sibling_admin.actor, budget_id=draft["id"])
    for person in (city.teacher_account, city.integration):
        with pytest.raises(NotAllowed):
            await list_budgets(db, person.actor, page=ALL)
    with pytest.raises(UnitNotFound):
        await make_draft(db, city.sibling_admin, city.school)


async def test_what_is_refused_of_a_draft(db: Connection, city: City) -> None:
    draft, _ = await make_draft(db, city.school_admin, city.school)
    with pytest.raises(BudgetEmpty):
        await submit_budget(db, city.school_admin.actor, budget_id=draft["id"], now=NOW)
    with pytest.raises(BudgetExists):
        async with db.transaction():
            await make_draft(db, city.school_admin, city.school)
    await make_line(db, city.school_admin, draft)
    with pytest.raises(BudgetLineExists):
        async with db.transaction():
            await make_line(db, city.school_admin, draft)
    open_, (line,) = await make_open(
        db, city.school_admin, city.county_admin, city.school, year=YEAR - 1
    )
    with pytest.raises(BudgetLinePlanned):
        await make_line(db, city.school_admin, open_, title="出版", planned="1")
    # Whatever is tried past the domain, a line that was handed in stays.
    with pytest.raises(CheckViolationError):
        async with db.transaction():
            await db._driver.execute("DELETE FROM budget_line WHERE id = $1", line["id"])


@pytest.mark.parametrize(
    "more", [{"planned": "-1"}, {"planned": "1.005"}, {"spend_class": "travel"}, {"title": ""}]
)
def test_a_line_is_an_amount_of_a_known_class(more: dict[str, Any]) -> None:
    given = {"title": "培训费", "spend_class": "training", "planned": "1"}
    with pytest.raises(ValidationError):
        NewBudgetLine.model_validate(given | more)


async def test_books_are_closed_when_nothing_waits_and_nothing_is_left(
    db: Connection, city: City
) -> None:
    by = city.school_admin
    open_, (line,) = await make_open(db, by, city.county_admin, city.school)
    await make_expense(db, by, line)
    with pytest.raises(BudgetPending):
        await close_budget(db, by.actor, budget_id=open_["id"], now=NOW)
    empty, _ = await make_open(
        db, by, city.county_admin, city.school, {"planned": "0"}, year=YEAR - 1
    )
    closed = await close_budget(db, by.actor, budget_id=empty["id"], now=NOW)
    assert closed["state"] == "closed"
    with pytest.raises(DecidedBySuperior):
        await reopen_budget(db, by.actor, budget_id=empty["id"], opinion=YES, now=NOW)
    again = await reopen_budget(
        db, city.county_admin.actor, budget_id=empty["id"], opinion=YES, now=NOW
    )
    assert again["state"] == "approved"
    full, _ = await make_open(db, by, city.county_admin, city.school, year=YEAR - 2)
    with pytest.raises(BudgetLeftOver):
        await close_budget(db, by.actor, budget_id=full["id"], now=NOW)
