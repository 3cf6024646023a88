"""Rechecks of answers over REST."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client


async def test_a_recheck_is_asked_for_and_answered(
    client: Client, db: Connection, city: City
) -> None:
    admin, who = city.school_admin, city.teacher_account
    test = await making.make_test(db, city, await making.make_bank(db, city, making.SHORT))
    attempt = await making.take(db, who, test, {1: {"text": "创造性"}})
    [question] = await making.paper_of(db, who, attempt)
    path = f"/attempt-answers/{question['id']}/rechecks"
    asked = await client.post(who, path, {"reason": "意思相同"})
    assert asked.status_code == 201, asked.json()
    twice = await client.post(who, path, {"reason": "意思相同"})
    assert (twice.status_code, twice.json()["code"]) == (409, "answer_recheck_asked")
    listed = await client.get(admin, f"/course-tests/{test['id']}/rechecks?waits=true")
    assert [row["id"] for row in listed.json()["items"]] == [asked.json()["recheck_id"]]
    one = f"/answer-rechecks/{asked.json()['recheck_id']}/decide"
    done = await client.post(admin, one, {"awarded": "2", "reply": "同意"})
    assert done.json()["reply"] == "同意"
    again = await client.post(admin, one, {"reply": "同意"})
    assert (again.status_code, again.json()["code"]) == (409, "answer_recheck_decided")
