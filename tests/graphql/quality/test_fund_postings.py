"""Postings over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import make_open

READ = "{ fundPostings(kind: BUDGET) { nodes { account amount } } }"


async def test_the_journal_is_read(client: Client, db: Connection, city: City) -> None:
    await make_open(db, city.school_admin, city.county_admin, city.school)
    read = await client.graphql(city.auditor, READ)
    assert read["data"]["fundPostings"]["nodes"] == [
        {"account": "SOURCE", "amount": "-10000.00"},
        {"account": "AVAILABLE", "amount": "10000.00"},
    ]
