"""Exercises over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_evidence import make_file

NEW = {"title": "三个追问", "text": "为一节课设计三个追问。", "due_on": "2999-12-31"}


async def test_an_exercise_is_given_changed_and_taken_back(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    by, path = city.school_admin, f"/activities/{activity['id']}/exercises"
    file = await make_file(db, city.school, by)
    made = await client.post(by, path, NEW | {"file_ids": [str(file["id"])]})
    assert made.status_code == 201, made.json()
    exercise = made.json()
    one = f"/exercises/{exercise['id']}"
    assert made.headers["Location"] == f"/api/v1{one}"
    assert exercise["file_ids"] == [str(file["id"])]
    changed = await client.request(by, "PATCH", one, json={"title": "四个追问"})
    assert changed.json()["title"] == "四个追问"
    for person, listed in ((by, path), (city.teacher_account, "/offered-exercises")):
        rows = (await client.get(person, listed)).json()["items"]
        assert [row["id"] for row in rows] == [exercise["id"]]
    assert (await client.get(city.teacher_account, one)).json()["title"] == "四个追问"
    link = await client.post(city.teacher_account, f"{one}/files/{file['id']}/link", {})
    assert str(file["id"]) in link.json()["url"]
    gone = await client.post(by, f"{one}/withdraw", {})
    assert gone.json()["withdrawn_at"] is not None
    again = await client.post(by, f"{one}/withdraw", {})
    assert (again.status_code, again.json()["code"]) == (409, "exercise_withdrawn")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/activities/{activity['id']}/exercises"
    past = await client.post(city.school_admin, path, NEW | {"due_on": "2020-01-01"})
    assert (past.status_code, past.json()["code"]) == (422, "exercise_due_passed")
    for wrong in ({"due_on": "12026-01-01"}, {"text": "有\u0000零"}, {"title": ""}):
        refused = await client.post(city.school_admin, path, NEW | wrong)
        assert refused.status_code == 422, wrong
    assert (await client.get(city.school_admin, path)).json()["items"] == []
