"""Postings over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import make_open


async def test_the_journal_of_a_budget(client: Client, db: Connection, city: City) -> None:
    budget, _ = await make_open(db, city.school_admin, city.county_admin, city.school)
    query = f"/fund-postings?of_budget_id={budget['id']}&kind=budget"
    items = (await client.get(city.auditor, query)).json()["items"]
    assert [row["amount"] for row in items] == ["-10000.00", "10000.00"]
    assert (await client.get(city.teacher_account, "/fund-postings")).status_code == 403
