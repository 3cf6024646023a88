"""Verification: what was changed past the application is found and named."""

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.quality.fund_verification import verify_funds
from app.request import Resources
from tests.make import make_city
from tests.make_funds import approve, make_clerks, make_expense, make_limit, make_open

FORGERIES = {
    "fund_balance": "UPDATE fund_balance SET available = available + 1",
    "fund_entry": "DELETE FROM fund_posting WHERE account = 'spent'",
    "expense": "UPDATE expense SET amount = amount - 1",
    "budget": "ALTER TABLE budget_line DISABLE TRIGGER keep_budget_line;"
    " UPDATE budget_line SET planned = planned + 1;"
    " ALTER TABLE budget_line ENABLE TRIGGER keep_budget_line",
}


@pytest.mark.parametrize("table", FORGERIES)
async def test_the_first_row_that_is_wrong_is_named(
    table: str, real_pool: Pool, resources: Resources, urls: Urls
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        clerk = (await make_clerks(db, city))["school"]
        _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
        await make_limit(db, city.county_admin, city.school, city.school_admin)
        made = await make_expense(db, clerk, line)
        await approve(db, city.school_admin, made["id"])
        right = await verify_funds(db)
        assert (right.finding, right.lines, right.entries) == (None, 1, 2)
    owner = await asyncpg.connect(urls.owner)
    try:
        await owner.execute("ALTER TABLE fund_posting DISABLE TRIGGER append_only")
        await owner.execute(FORGERIES[table])
        await owner.execute("ALTER TABLE fund_posting ENABLE TRIGGER append_only")
    finally:
        await owner.close()
    async with real_pool.transaction() as db:
        found = (await verify_funds(db)).finding
    assert found is not None
    assert found.table == table
