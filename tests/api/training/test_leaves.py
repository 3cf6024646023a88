from datetime import UTC, datetime, timedelta

from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_leave_from_asking_to_the_register(
    client: Client, db: Connection, city: City
) -> None:
    begins = datetime.now(UTC) + timedelta(days=1)
    activity = await make_activity(db, city.county, city.county_admin, begins=begins)
    session = activity["sessions"][0]
    path = f"/sessions/{session['id']}/leaves"
    nothing = await client.post(city.teacher_account, path, {"reason": ""})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "invalid_request")
    asked = await client.post(city.teacher_account, path, {"reason": "外出学习"})
    assert asked.status_code == 201, asked.text
    leave = asked.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.school_admin, leave)).json() == asked.json()
    twice = await client.post(city.teacher_account, path, {"reason": "外出学习"})
    assert (twice.status_code, twice.json()["code"]) == (409, "leave_standing")
    opinion = {"opinion": "同意"}
    for person, status, code in (
        (city.school_admin, 404, "leave_not_found"), (city.auditor, 403, "not_allowed"),
    ):  # fmt: skip
        refused = await client.post(person, f"{leave}/approve", opinion)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    given = await client.post(city.county_admin, f"{leave}/approve", opinion)
    assert (given.status_code, given.json()["state"]) == (200, "approved")
    late = await client.post(city.teacher_account, f"{leave}/withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "leave_decided")
    listed = await client.get(
        city.county_admin, f"/activities/{activity['id']}/leaves?state=approved&fields=name,state"
    )
    assert listed.json()["items"] == [{"name": "测试甲", "state": "approved"}]
    own = await client.get(city.teacher_account, f"/teachers/{city.teacher['id']}/leaves")
    assert [row["state"] for row in own.json()["items"]] == ["approved"]
    register = await client.get(
        city.county_admin, f"/activities/{activity['id']}/attendance?fields=name,status,method"
    )
    assert register.json()["items"] == [{"name": "测试甲", "status": "excused", "method": "leave"}]


async def test_leave_is_declined_and_taken_back(client: Client, db: Connection, city: City) -> None:
    begins = datetime.now(UTC) + timedelta(days=1)
    activity = await make_activity(db, city.school, city.school_admin, begins=begins)
    path = f"/sessions/{activity['sessions'][0]['id']}/leaves"
    for act, person, body, state in (
        ("decline", city.school_admin, {"opinion": "请调整时间"}, "declined"),
        ("withdraw", city.teacher_account, None, "withdrawn"),
    ):
        asked = (await client.post(city.teacher_account, path, {"reason": "身体不适"})).json()
        told = await client.post(person, f"/leaves/{asked['id']}/{act}", body)
        assert (told.status_code, told.json()["state"]) == (200, state)
