import json
from typing import Any

import pytest

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity


def new_activity(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "title": "同课异构研讨",
        "kind": "lesson_observation",
        "mode": "concentrated",
        "channel": "school_based",
        "content": ["teaching_methods"],
        "hours": "4.00",
        "capacity": 30,
        "requires_note": True,
        "starts_on": "2026-11-20",
        "ends_on": "2026-11-21",
        "organiser_unit_id": str(city.school["id"]),
        **changed,
    }


def new_session(**changed: Any) -> dict[str, Any]:
    return {
        "starts_at": "2026-11-20T09:00:00+08:00",
        "ends_at": "2026-11-20T11:00:00+08:00",
        "place": "报告厅",
        "hours": "2.00",
        **changed,
    }


def later_session() -> dict[str, Any]:
    after = {"starts_at": "2026-11-20T11:00:00+08:00", "ends_at": "2026-11-20T13:00:00+08:00"}
    return new_session(**after)


async def test_an_activity_from_draft_to_close(client: Client, city: City) -> None:
    made = await client.post(city.school_admin, "/activities", new_activity(city))
    assert made.status_code == 201, made.text
    drafted = made.json()
    assert drafted == new_activity(city) | {
        "id": drafted["id"],
        "level": "school",
        "state": "draft",
        "organiser_group_id": None,
        "organiser_network_id": None,
        "organiser_department_id": None,
        "form_id": None,
        "joint_department_ids": [],
        "series_id": None,
        "strata": [],
        "requires_session_plans": False,
        "audience": [],
        "published_at": None,
        "closed_at": None,
    }
    path = f"/activities/{drafted['id']}"
    hidden = await client.get(city.teacher_account, path)
    assert hidden.json()["code"] == "activity_not_found"
    early = await client.post(city.school_admin, f"{path}/publish")
    assert (early.status_code, early.json()["code"]) == (409, "activity_without_sessions")
    await client.post(city.school_admin, f"{path}/sessions", new_session())
    added = await client.post(city.school_admin, f"{path}/sessions", later_session())
    session = added.json()
    assert (session["ordinal"], session["starts_at"]) == (2, "2026-11-20T03:00:00Z")
    assert "secret" not in session
    for verb, state in (("publish", "published"), ("hold", "held")):
        moved = await client.post(city.school_admin, f"{path}/{verb}")
        assert (moved.status_code, moved.json()["state"]) == (200, state)
    closed = await client.post(city.school_admin, f"{path}/close")
    seen = await client.get(city.teacher_account, path)
    assert seen.json() == closed.json()
    assert seen.json()["state"] == "closed"
    assert seen.json()["audience"] == [str(city.school["id"])]
    listed = await client.get(city.teacher_account, f"{path}/sessions")
    assert [each["ordinal"] for each in listed.json()] == [1, 2]


async def test_an_illegal_transition_names_the_allowed_ones(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    headers = {"Accept-Language": "zh-CN"}
    path = f"/activities/{activity['id']}/close"
    answer = await client.post(city.school_admin, path, headers=headers)
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "activity_illegal_transition"
    assert "hold, cancel" in problem["detail"]
    assert "不能执行 close" in problem["detail"]


async def test_a_draft_is_changed_unless_it_changed_meanwhile(
    client: Client, db: Connection, city: City
) -> None:
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    path = f"/activities/{draft['id']}"
    read = await client.get(city.school_admin, path)
    match = {"If-Match": read.headers["etag"]}
    first = await client.request(
        city.school_admin, "PATCH", path, json={"title": "改名", "capacity": 5}, headers=match
    )
    assert first.json() == read.json() | {"title": "改名", "capacity": 5}
    second = await client.request(
        city.school_admin, "PATCH", path, json={"title": "又改名"}, headers=match
    )
    assert (second.status_code, second.json()["code"]) == (412, "changed_meanwhile")
    now = await client.get(city.school_admin, path)
    assert now.json() == first.json()
    assert now.headers["etag"] == first.headers["etag"]
    again = {"If-Match": first.headers["etag"]}
    third = await client.request(
        city.school_admin, "PATCH", path, json={"capacity": None}, headers=again
    )
    assert third.json() == first.json() | {"capacity": None}


@pytest.mark.parametrize(
    "changed",
    [{"hours": "NaN"}, {"hours": 1e999}, {"kind": "party"}, {"title": ""}, {"capacity": -1},
     {"content": ["ethics", "x"]}, {"organiser_group_id": "01890000-0000-7000-8000-000000000000"},
     {"ends_on": "2026-11-19"}, {"state": "published"}],
)  # fmt: skip
async def test_nonsense_is_refused(client: Client, city: City, changed: dict[str, Any]) -> None:
    answer = await client.post(
        city.school_admin,
        "/activities",
        content=json.dumps(new_activity(city, **changed)),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    page = await client.get(city.city_admin, "/activities")
    assert page.json()["items"] == []


async def test_an_audience_elsewhere_is_refused_and_nothing_is_drafted(
    client: Client, city: City
) -> None:
    new = new_activity(city, audience=[str(city.sibling["id"])])
    answer = await client.post(city.school_admin, "/activities", new)
    assert (answer.status_code, answer.json()["code"]) == (
        422, "activity_audience_outside_organiser",
    )  # fmt: skip
    page = await client.get(city.school_admin, "/activities")
    assert page.json()["items"] == []


async def test_lists_by_place_and_by_audience(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    await make_activity(db, city.county, city.county_admin, title="全县", content=["ethics"])
    await make_activity(db, city.school, city.school_admin, title="本校")
    before = pool.statements
    place = await client.get(city.county_admin, "/activities?sort=-created&fields=title")
    assert place.json()["items"] == [{"title": "本校"}, {"title": "全县"}]
    assert pool.statements - before == 1
    offered = await client.get(city.teacher_account, "/offered-activities?content=ethics")
    assert [each["title"] for each in offered.json()["items"]] == ["全县"]
    none = await client.get(city.teacher_account, "/offered-activities?until=2026-11-19")
    assert none.json()["items"] == []
    none = await client.get(city.teacher_account, "/activities")
    assert none.json()["items"] == []


async def test_a_session_is_read_and_taken_out_of_a_draft(
    client: Client, db: Connection, city: City
) -> None:
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    path = f"/sessions/{draft['sessions'][0]['id']}"
    read = await client.get(city.school_admin, path)
    refused = await client.request(city.teacher_account, "DELETE", path)
    assert (refused.status_code, refused.json()["code"]) == (404, "session_not_found")
    removed = await client.request(city.school_admin, "DELETE", path)
    assert (removed.status_code, removed.json()) == (200, read.json())
    assert (await client.get(city.school_admin, path)).status_code == 404
    naive = new_session(starts_at="2026-11-20T09:00:00", ends_at="2026-11-20T11:00:00")
    answer = await client.post(city.school_admin, f"/activities/{draft['id']}/sessions", naive)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
