"""Deadlines of plans over REST."""

from tests.make import City, Client
from tests.make_plans import PERIOD


async def test_a_deadline_is_set_told_and_moved(client: Client, city: City) -> None:
    new = {
        "unit_id": str(city.county["id"]), "kind": "semester", "owed_by": "units",
        "due_on": "2026-11-30", **PERIOD,
    }  # fmt: skip
    made = await client.post(city.county_admin, "/plan-deadlines", new)
    assert made.status_code == 201, made.text
    path = f"/plan-deadlines/{made.json()['id']}"
    known = await client.get(city.school_admin, "/upcoming-plan-deadlines")
    assert known.json()["items"] == [made.json()]
    owed = await client.get(city.county_admin, f"{path}/owed?missing=true")
    assert [(each["name"], each["submitted"]) for each in owed.json()] == [
        ("甲县第一小学", False), ("甲县第二小学", False),
    ]  # fmt: skip
    moved = await client.request(city.county_admin, "PATCH", path, json={"due_on": "2026-12-31"})
    assert moved.json() == made.json() | {"due_on": "2026-12-31"}
    page = await client.get(city.county_admin, "/plan-deadlines?since=2026-12-31")
    assert page.json()["items"] == [moved.json()]
    below = await client.get(city.school_admin, f"{path}/owed")
    assert below.status_code == 403
    again = await client.post(city.county_admin, "/plan-deadlines", new)
    assert (again.status_code, again.json()["code"]) == (409, "plan_deadline_exists")
    school = new | {"unit_id": str(city.school["id"])}
    nobody = await client.post(city.school_admin, "/plan-deadlines", school)
    assert (nobody.status_code, nobody.json()["code"]) == (422, "plan_deadline_for_nobody")
