"""Rechecks of answers over GraphQL."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client

ASK = """mutation ($id: UUID!) {
  askAnswerRecheck(answerId: $id, new: {reason: "意思相同"}) { recheckId recheckReply } }"""
LIST = "query ($id: UUID!) { answerRechecks(testId: $id, waits: true) { nodes { id reason } } }"
DECIDE = """mutation ($id: UUID!) {
  decideAnswerRecheck(recheckId: $id, decision: {awarded: "2", reply: "同意"}) { reply } }"""


async def test_a_recheck_is_asked_for_and_answered(
    client: Client, db: Connection, city: City
) -> None:
    who = city.teacher_account
    test = await making.make_test(db, city, await making.make_bank(db, city, making.SHORT))
    attempt = await making.take(db, who, test, {1: {"text": "创造性"}})
    [question] = await making.paper_of(db, who, attempt)
    asked = (await client.graphql(who, ASK, {"id": str(question["id"])}))["data"]
    recheck_id = asked["askAnswerRecheck"]["recheckId"]
    read = await client.graphql(city.school_admin, LIST, {"id": str(test["id"])})
    assert read["data"]["answerRechecks"]["nodes"] == [{"id": recheck_id, "reason": "意思相同"}]
    done = await client.graphql(city.school_admin, DECIDE, {"id": recheck_id})
    assert done["data"] == {"decideAnswerRecheck": {"reply": "同意"}}
