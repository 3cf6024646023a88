"""Objections to rewards over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_incentives import make_published

OBJECT = """mutation ($id: UUID!) {
    objectToIncentive(incentiveId: $id, new: {reason: "并非本人"}) { id title by }
}"""
DECIDE = """mutation ($id: UUID!) {
    decideIncentiveObjection(objectionId: $id, decision: {upheld: false, answer: "核实无误"}) {
        upheld
    }
}"""
READ = "{ incentiveObjections { nodes { reason } } }"
OWN = "{ ownIncentiveObjections { answer } }"


async def test_an_objection_is_raised_and_answered(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_published(db, city, publicity_days=30)
    done = await client.graphql(city.colleague_account, OBJECT, {"id": str(row["id"])})
    raised = done["data"]["objectToIncentive"]
    assert raised["title"] == row["title"]
    listed = await client.graphql(city.school_admin, READ)
    assert listed["data"]["incentiveObjections"]["nodes"] == [{"reason": "并非本人"}]
    answered = await client.graphql(city.school_admin, DECIDE, {"id": raised["id"]})
    assert answered["data"]["decideIncentiveObjection"] == {"upheld": False}
    own = await client.graphql(city.colleague_account, OWN)
    assert own["data"]["ownIncentiveObjections"] == [{"answer": "核实无误"}]
