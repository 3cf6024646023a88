"""Commitments over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import make_open

COMMIT = """mutation ($id: UUID!) {
    commitFunds(lineId: $id, new: {amount: "800", summary: "讲座", otherPurpose: "慰问"}) {
        id remaining line { title }
    }
}"""
RELEASE = """mutation ($id: UUID!) {
    releaseCommitment(commitmentId: $id, opinion: {opinion: "取消"}) { remaining }
}"""
READ = """query ($id: UUID!) {
    fundCommitment(id: $id) { releaseReason }
    fundCommitments(released: true) { nodes { amount } }
}"""


async def test_money_is_set_aside_and_released(client: Client, db: Connection, city: City) -> None:
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    made = await client.graphql(city.school_admin, COMMIT, {"id": str(line["id"])})
    held = made["data"]["commitFunds"]
    assert (held["remaining"], held["line"]["title"]) == ("800.00", "教师培训费")
    one = {"id": held["id"]}
    done = await client.graphql(city.school_admin, RELEASE, one)
    assert done["data"]["releaseCommitment"] == {"remaining": "0.00"}
    read = await client.graphql(city.auditor, READ, one)
    assert read["data"]["fundCommitments"]["nodes"] == [{"amount": "800.00"}]
