"""Appropriations over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import make_open

SEND = """mutation ($start: UUID!, $end: UUID!) {
    appropriateFunds(new: {fromLineId: $start, toLineId: $end, amount: "800", reason: "下拨"}) { id kind }
}"""
RECEIVE = "mutation ($id: UUID!) { acknowledgeAppropriation(appropriationId: $id) { state } }"
READ = """query ($id: UUID!) {
    appropriation(id: $id) { amount }
    appropriations(kind: ALLOCATE) { nodes { state } }
}"""


async def test_money_is_sent_and_acknowledged(client: Client, db: Connection, city: City) -> None:
    _, (start,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    promised = {"title": "上级拨款", "source": "superior"}
    _, (end,) = await make_open(db, city.school_admin, city.county_admin, city.school, promised)
    given = {"start": str(start["id"]), "end": str(end["id"])}
    made = await client.graphql(city.county_admin, SEND, given)
    one = {"id": made["data"]["appropriateFunds"]["id"]}
    done = await client.graphql(city.school_admin, RECEIVE, one)
    assert done["data"]["acknowledgeAppropriation"] == {"state": "ACKNOWLEDGED"}
    read = await client.graphql(city.auditor, READ, one)
    assert read["data"]["appropriation"] == {"amount": "800.00"}
