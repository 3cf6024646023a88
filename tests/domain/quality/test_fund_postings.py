"""Postings: every movement on both its sides, only ever added, nothing in sum."""

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.paging import PageRequest
from app.domain.quality.budgets import FundEntry, FundPosting
from app.domain.quality.fund_postings import list_fund_postings
from app.request import Resources
from app.sql import CheckViolationError, Connection, new_id
from tests.make import NOW, City, make_city
from tests.make_funds import make_open

ALL = PageRequest(limit=100)


async def test_the_journal_of_a_line(db: Connection, city: City) -> None:
    budget, (line, _) = await make_open(
        db, city.school_admin, city.county_admin, city.school, {}, {"title": "设备"}
    )
    before = db.statements
    page = await list_fund_postings(db, city.auditor.actor, page=ALL, line_id=line["id"])
    assert db.statements - before == 1
    assert [(row["account"], row["amount"], row["kind"]) for row in page.items] == [
        ("source", -10_000, "budget"), ("available", 10_000, "budget"),
    ]  # fmt: skip
    assert {row["budget_id"] for row in page.items} == {budget["id"]}
    whole = await list_fund_postings(db, city.auditor.actor, page=ALL, of_budget_id=budget["id"])
    assert len(whole.items) == 4
    assert sum(row["amount"] for row in whole.items) == 0
    assert (await list_fund_postings(db, city.sibling_admin.actor, page=ALL)).items == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fund_posting SET amount = amount + 1", "DELETE FROM fund_posting",
        "UPDATE fund_entry SET kind = 'expense'", "DELETE FROM fund_entry",
        "UPDATE fund_balance SET available = 1000000", "UPDATE budget_line SET planned = 0",
        "DELETE FROM expense", "UPDATE expense SET amount = 1",
    ],
)  # fmt: skip
async def test_nothing_in_the_books_is_changed_or_removed(
    db: Connection, city: City, statement: str
) -> None:
    await make_open(db, city.school_admin, city.county_admin, city.school)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction():
            await db._driver.execute(statement)


async def test_an_entry_that_does_not_balance_is_not_committed(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    by = city.school_admin.actor.account_id
    entry = {"id": new_id(), "kind": "release", "posted_at": NOW, "posted_by": by}

    async def forge() -> None:
        async with real_pool.transaction() as db:
            await db.insert(FundEntry, entry | {"budget_id": line["budget_id"]})
            posting = {"id": new_id(), "entry_id": entry["id"], "line_id": line["id"]}
            await db.insert(FundPosting, posting | {"account": "available", "amount": 1})

    with pytest.raises(CheckViolationError, match="come to nothing"):
        await forge()
    async with real_pool.transaction() as db:
        page = await list_fund_postings(db, city.auditor.actor, page=ALL)
        assert len(page.items) == 2
