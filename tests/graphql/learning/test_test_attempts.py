"""Attempts at tests over GraphQL."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client

START = "mutation ($id: UUID!) { startTestAttempt(testId: $id) { id state score } }"
SAVE = """mutation ($id: UUID!) { saveTestAnswers(attemptId: $id,
  new: {answers: [{ordinal: 1, revision: 1, choices: ["a"]}]}) { state } }"""
HAND_IN = "mutation ($id: UUID!) { handInTestAttempt(attemptId: $id) { state score passed } }"
READ = """query ($id: UUID!) { testAttempt(id: $id) { score }
  ownTestAttempts { nodes { id } }
  paperQuestions(attemptId: $id) { nodes { ordinal answer awarded options { code } } } }"""
TAKEN = "query ($id: UUID!) { takenTests(testId: $id) { nodes { name score } } }"


async def test_an_attempt_from_its_beginning_to_its_result(
    client: Client, db: Connection, city: City
) -> None:
    who = city.teacher_account
    test = await making.make_test(db, city, await making.make_bank(db, city, making.SINGLE))
    made = (await client.graphql(who, START, {"id": str(test["id"])}))["data"]["startTestAttempt"]
    assert (made["state"], made["score"]) == ("OPEN", None)
    given = {"id": made["id"]}
    assert (await client.graphql(who, SAVE, given))["data"]["saveTestAnswers"]["state"] == "OPEN"
    done = (await client.graphql(who, HAND_IN, given))["data"]["handInTestAttempt"]
    assert done == {"state": "MARKED", "score": "2.00", "passed": True}
    read = (await client.graphql(who, READ, given))["data"]
    assert read["testAttempt"] == {"score": "2.00"}
    assert read["ownTestAttempts"]["nodes"] == [given]
    assert read["paperQuestions"]["nodes"] == [
        {
            "ordinal": 1, "answer": ["a"], "awarded": "2.00",
            "options": [{"code": "a"}, {"code": "b"}],
        }
    ]  # fmt: skip
    taken = await client.graphql(city.school_admin, TAKEN, {"id": str(test["id"])})
    assert taken["data"]["takenTests"]["nodes"] == [{"name": city.teacher["name"], "score": "2.00"}]


async def test_who_may_read_what_is_right_does_not_take_a_test(
    client: Client, db: Connection, city: City
) -> None:
    test = await making.make_test(db, city, await making.make_bank(db, city, making.SINGLE))
    knowing = making.with_role_of(city.teacher_account, city.school_admin)
    answer = await client.graphql(knowing, START, {"id": str(test["id"])})
    assert [error["extensions"]["code"] for error in answer["errors"]] == [
        "course_test_answers_known"
    ]
