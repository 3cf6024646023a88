"""Marking answers over REST."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client


async def test_an_answer_is_marked_and_corrected(
    client: Client, db: Connection, city: City
) -> None:
    admin = city.school_admin
    test = await making.make_test(db, city, await making.make_bank(db, city, making.FREE))
    await making.take(db, city.teacher_account, test, {1: {"text": "为什么？"}})
    waiting = await client.get(admin, f"/course-tests/{test['id']}/answers?waits=true")
    [answer] = waiting.json()["items"]
    assert (answer["answer"], answer["awarded"]) == (["为什么？"], None)
    path = f"/attempt-answers/{answer['id']}/marks"
    high = await client.post(admin, path, {"awarded": "11"})
    assert (high.status_code, high.json()["code"]) == (422, "answer_mark_too_high")
    assert (await client.post(admin, path, {"awarded": "6"})).json()["awarded"] == "6.00"
    bare = await client.post(admin, path, {"awarded": "7"})
    assert (bare.status_code, bare.json()["code"]) == (422, "answer_mark_without_reason")
    await client.post(admin, path, {"awarded": "7", "comment": "漏看理由"})
    marks = (await client.get(admin, path)).json()["items"]
    assert [(row["before"], row["awarded"]) for row in marks] == [(None, "6.00"), ("6.00", "7.00")]
