"""Marking answers over GraphQL."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client

WAITING = """query ($id: UUID!) {
  attemptAnswers(testId: $id, waits: true) { nodes { id answer awarded } } }"""
MARK = """mutation ($id: UUID!) {
  markTestAnswer(answerId: $id, new: {awarded: "6", comment: "层次清楚"}) { awarded } }"""
MARKS = "query ($id: UUID!) { answerMarks(answerId: $id) { nodes { before awarded comment } } }"


async def test_an_answer_is_marked(client: Client, db: Connection, city: City) -> None:
    admin = city.school_admin
    test = await making.make_test(db, city, await making.make_bank(db, city, making.FREE))
    await making.take(db, city.teacher_account, test, {1: {"text": "为什么？"}})
    read = await client.graphql(admin, WAITING, {"id": str(test["id"])})
    [answer] = read["data"]["attemptAnswers"]["nodes"]
    assert (answer["answer"], answer["awarded"]) == (["为什么？"], None)
    given = {"id": answer["id"]}
    done = await client.graphql(admin, MARK, given)
    assert done["data"] == {"markTestAnswer": {"awarded": "6.00"}}
    marks = await client.graphql(admin, MARKS, given)
    assert marks["data"]["answerMarks"]["nodes"] == [
        {"before": None, "awarded": "6.00", "comment": "层次清楚"}
    ]
