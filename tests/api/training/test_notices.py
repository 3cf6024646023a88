from typing import Any

from tests.make import City, Client


async def test_a_notice_goes_out_and_comes_back_confirmed(client: Client, city: City) -> None:
    county, school = str(city.county["id"]), str(city.school["id"])
    new = {
        "unit_id": county, "audience": [school], "title": "通知", "text": "请报送计划。",
        "receipt": "units", "due_on": "2099-11-30", "document": "教〔2026〕8号",
        "strata": [],
    }  # fmt: skip
    made = await client.post(city.county_admin, "/notices", new)
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix("/api/v1")
    stale = {"If-Match": '"old"'}
    changed = await client.request(
        city.county_admin, "PATCH", path, json={"title": "改名"}, headers=stale
    )
    assert (changed.status_code, changed.json()["code"]) == (412, "changed_meanwhile")
    changed = await client.request(
        city.county_admin, "PATCH", path, json={"title": "改名", "strata": ["class_head"]}
    )
    assert (changed.json()["title"], changed.json()["strata"]) == ("改名", ["class_head"])
    assert (await client.get(city.school_admin, path)).json()["code"] == "notice_not_found"
    assert (await client.post(city.county_admin, f"{path}/publish")).status_code == 200
    (own,) = (await client.get(city.school_admin, "/me/notices")).json()["items"]
    assert own == (await client.get(city.school_admin, path)).json()
    (task,) = (await client.get(city.school_admin, "/me/tasks")).json()["items"]
    assert (task["kind"], task["subject_id"]) == ("notice_to_confirm", own["id"])
    assert (await client.get(city.teacher_account, "/me/notices")).json()["items"] == []
    read = (await client.post(city.teacher_account, f"{path}/read")).json()
    assert read["confirmed_at"] is None
    refused = await client.post(city.teacher_account, f"{path}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (await client.post(city.school_admin, f"{path}/confirm")).json()["confirmed_at"]
    assert (await client.get(city.school_admin, "/me/tasks")).json()["items"] == []
    (unit,) = (await client.get(city.county_admin, f"{path}/receipts")).json()
    assert (unit["unit_id"], unit["readers"]) == (school, 2)
    assert (await client.get(city.county_admin, f"{path}/receipts?missing=true")).json() == []
    again = await client.post(city.county_admin, f"{path}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "notice_wrong_state")
    sent = (await client.get(city.county_admin, "/notices?state=published")).json()["items"]
    assert [row["id"] for row in sent] == [own["id"]]
    assert (await client.post(city.county_admin, f"{path}/withdraw")).json()["withdrawn_at"]


async def test_bad_notices_are_refused(client: Client, city: City) -> None:
    county = str(city.county["id"])
    whole = {"unit_id": county, "audience": [county], "title": "通知", "text": "请知悉。"}
    bodies: list[dict[str, Any]] = [
        {"title": " "}, {"audience": []}, {"receipt": "some"}, {"unknown": 1},
        {"strata": ["nobody"]}, {"strata": None},
    ]  # fmt: skip
    for bad in bodies:
        answer = await client.post(city.county_admin, "/notices", whole | bad)
        assert answer.status_code == 422, bad
    outside = whole | {"audience": [str(city.far_school["id"])]}
    answer = await client.post(city.county_admin, "/notices", outside)
    assert (answer.status_code, answer.json()["code"]) == (422, "notice_audience_outside")
    assert (await client.get(city.county_admin, "/notices")).json()["items"] == []
