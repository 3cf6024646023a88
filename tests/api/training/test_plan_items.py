"""Items of plans over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_plans import ITEM, approve, make_plan, submit


async def test_items_are_written_and_carried_out(
    client: Client, db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    path = f"/plans/{plan['id']}/items"
    made = await client.post(city.school_admin, path, ITEM | {"content": "读书沙龙"})
    assert made.status_code == 201, made.text
    assert (made.json()["hours"], made.json()["has_plan"]) == ("4.00", False)
    item = f"/plan-items/{made.json()['id']}"
    changed = await client.request(city.school_admin, "PATCH", item, json={"hours": "6"})
    assert changed.json()["hours"] == "6.00"
    gone = await client.post(city.school_admin, path, ITEM)
    await client.request(city.school_admin, "DELETE", f"/plan-items/{gone.json()['id']}")
    assert len((await client.get(city.school_admin, path)).json()["items"]) == 2
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    activity = await make_activity(db, city.school, city.school_admin)
    link = {"activity_id": str(activity["id"])}
    linked = await client.post(city.school_admin, f"{item}/activities", link)
    assert (linked.status_code, linked.json()["activities"]) == (201, 1)
    path = f"{item}/activities/{activity['id']}"
    unlinked = await client.request(city.school_admin, "DELETE", path)
    assert (unlinked.status_code, unlinked.json()["activities"]) == (200, 0)
    again = await client.request(city.school_admin, "DELETE", path)
    assert (again.status_code, again.json()["code"]) == (404, "activity_not_planned")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    path = f"/plans/{plan['id']}/items"
    outside = await client.post(city.school_admin, path, ITEM | {"ends_on": "2027-02-01"})
    assert (outside.status_code, outside.json()["code"]) == (422, "plan_item_outside_plan")
    other = await client.post(city.sibling_admin, path, ITEM)
    assert (other.status_code, other.json()["code"]) == (404, "plan_not_found")
