"""Tests over REST."""

from app.sql import Connection
from tests import make_tests as making
from tests.make import City, Client


async def test_a_test_is_drafted_changed_published_and_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    admin, bank = city.school_admin, await making.make_bank(db, city)
    activity_id = str((await making.make_class(db, city))["activity_id"])
    made = await client.post(
        admin, "/course-tests", {"title": "结业测验", "activity_id": activity_id}
    )
    assert made.status_code == 201, made.json()
    path = f"/course-tests/{made.json()['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    empty = await client.post(admin, f"{path}/publish")
    assert (empty.status_code, empty.json()["code"]) == (409, "course_test_empty")
    sections = [{"question_ids": [str(bank[0]["id"])]}, {"draw": 1, "kind": "number"}]
    changed = await client.request(admin, "PATCH", path, json={"sections": sections})
    assert [part["draw"] for part in changed.json()["sections"]] == [None, 1]
    assert (await client.post(admin, f"{path}/publish")).json()["state"] == "published"
    listed = await client.get(admin, f"/course-tests?activity_id={activity_id}&state=published")
    offered = await client.get(city.teacher_account, "/offered-course-tests")
    one = await client.get(city.teacher_account, path)
    assert listed.json()["items"] == offered.json()["items"] == [one.json()]
    assert (await client.post(admin, f"{path}/withdraw")).json()["state"] == "draft"
    assert (await client.get(city.teacher_account, path)).status_code == 404


async def test_times_that_do_not_go_together_are_refused(
    client: Client, db: Connection, city: City
) -> None:
    activity_id = str((await making.make_class(db, city))["activity_id"])
    said = {"title": "测验", "activity_id": activity_id, "result_shown": "after_close"}
    refused = await client.post(city.school_admin, "/course-tests", said)
    assert refused.status_code == 422
    made = await client.post(
        city.school_admin, "/course-tests", said | {"closes_at": "2199-01-01T08:00:00+08:00"}
    )
    path = f"/course-tests/{made.json()['id']}"
    refused = await client.request(city.school_admin, "PATCH", path, json={"closes_at": None})
    assert (refused.status_code, refused.json()["code"]) == (422, "course_test_times_disagree")
    assert (await client.get(city.school_admin, path)).json()["closes_at"] is not None
