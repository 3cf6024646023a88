"""Citations of plans over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_plans import make_plan


async def test_what_a_plan_answers(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    activity = await make_activity(db, city.school, city.school_admin)
    new = {"kind": "activity", "cited_id": str(activity["id"])}
    path = f"/plans/{plan['id']}/citations"
    made = await client.post(city.school_admin, path, new)
    assert made.status_code == 201, made.text
    found = await client.get(city.county_admin, f"/plan-citations?cited_id={activity['id']}")
    assert found.json()["items"] == [made.json()]
    hidden = await make_activity(db, city.far_school, city.city_admin)
    other = await client.post(city.school_admin, path, new | {"cited_id": str(hidden["id"])})
    assert (other.status_code, other.json()["code"]) == (404, "activity_not_found")
    again = await client.post(city.school_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "citation_exists")
    path = f"/plan-citations/{made.json()['id']}"
    assert (await client.request(city.school_admin, "DELETE", path)).json() == made.json()
    gone = await client.request(city.school_admin, "DELETE", path)
    assert (gone.status_code, gone.json()["code"]) == (404, "citation_not_found")
