"""Attempts at tests over REST."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client


async def test_an_attempt_from_its_beginning_to_its_result(
    client: Client, db: Connection, city: City
) -> None:
    who, test = city.teacher_account, await making.make_test(
        db, city, (await making.make_bank(db, city))[:2], solutions_shown="at_once"
    )  # fmt: skip
    made = await client.post(who, f"/course-tests/{test['id']}/attempts")
    assert (made.status_code, made.json()["state"]) == (201, "open"), made.json()
    path = f"/test-attempts/{made.json()['id']}"
    again = await client.post(who, f"/course-tests/{test['id']}/attempts")
    assert again.json() == made.json()
    asked = (await client.get(who, f"{path}/questions")).json()["items"]
    assert [(row["ordinal"], row["correct"]) for row in asked] == [(1, None), (2, None)]
    answers = {"answers": [{"ordinal": 1, "revision": 1, "choices": ["a"]}]}
    for _ in range(2):
        saved = await client.post(who, f"{path}/answers", answers)
        assert (saved.status_code, saved.json()["score"]) == (200, None)
    done = await client.post(who, f"{path}/hand-in")
    assert (done.json()["score"], done.json()["points"], done.json()["passed"]) == (
        "2.00", "5.00", False
    )  # fmt: skip
    assert (await client.get(who, path)).json() == done.json()
    shown = (await client.get(who, f"{path}/questions")).json()["items"]
    assert [(row["answer"], row["correct"]) for row in shown] == [
        (["a"], ["a"]),
        (None, ["a", "c"]),
    ]
    own = await client.get(who, f"/test-attempts?test_id={test['id']}")
    assert own.json()["items"] == [done.json()]
    taken = await client.get(city.school_admin, f"/course-tests/{test['id']}/attempts")
    assert [(row["name"], row["score"]) for row in taken.json()["items"]] == [
        (city.teacher["name"], "2.00")
    ]
    late = await client.post(who, f"{path}/answers", answers)
    assert (late.status_code, late.json()["code"]) == (409, "test_attempt_over")
    used = await client.post(who, f"/course-tests/{test['id']}/attempts")
    assert (used.status_code, used.json()["code"]) == (409, "test_attempts_used")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])
    path = f"/course-tests/{test['id']}/attempts"
    refused = await client.post(city.colleague_account, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "course_test_without_place")
    assert (await client.post(city.school_admin, path)).status_code == 403
    assert (await client.post(city.sibling_teacher_account, path)).status_code == 404
    knowing = making.with_role_of(city.teacher_account, city.school_admin)
    refused = await client.post(knowing, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "course_test_answers_known")
    made = await client.post(city.teacher_account, path)
    one = f"/test-attempts/{made.json()['id']}"
    for answer, code in (
        ({"ordinal": 2, "choices": ["a"]}, "test_question_unknown"),
        ({"ordinal": 1, "text": "a"}, "test_answer_of_wrong_kind"),
        ({"ordinal": 1, "choices": ["z"]}, "test_option_unknown"),
    ):
        body = {"answers": [{"revision": 1, **answer}]}
        refused = await client.post(city.teacher_account, f"{one}/answers", body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await client.get(city.colleague_account, one)).status_code == 404


async def test_a_character_that_is_none_is_refused(
    client: Client, db: Connection, city: City
) -> None:
    test = await making.make_test(db, city, await making.make_bank(db, city, making.FREE))
    attempt = await making.start(db, city.teacher_account, test)
    body = {"answers": [{"ordinal": 1, "revision": 1, "text": "a\x00b"}]}
    path = f"/test-attempts/{attempt['id']}/answers"
    assert (await client.post(city.teacher_account, path, body)).status_code == 422
    assert (await making.paper_of(db, city.teacher_account, attempt))[0]["answer"] is None
