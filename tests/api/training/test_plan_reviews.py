"""Reviews of plans over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_plans import ITEM, make_plan, make_published


async def test_every_step_is_told_with_its_opinion(
    client: Client, db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    path = f"/plans/{plan['id']}"
    assert (await client.post(city.school_admin, f"{path}/submit")).json()["state"] == "submitted"
    back = await client.post(city.school_admin, f"{path}/withdraw")
    assert back.json()["state"] == "withdrawn"
    await client.post(city.school_admin, f"{path}/submit")
    returned = await client.post(city.county_admin, f"{path}/return", {"opinion": "补充进度"})
    assert returned.json()["state"] == "returned"
    await client.post(city.school_admin, f"{path}/submit")
    await client.post(city.county_admin, f"{path}/approve", {"opinion": "同意"})
    published = await client.post(city.school_admin, f"{path}/publish")
    assert published.json()["state"] == "published"
    steps = (await client.get(city.county_admin, f"{path}/reviews")).json()["items"]
    assert [(each["step"], each["opinion"]) for each in steps] == [
        ("submit", None), ("withdraw", None), ("submit", None), ("return", "补充进度"),
        ("submit", None), ("approve", "同意"), ("publish", None),
    ]  # fmt: skip


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"], aims=None)
    path = f"/plans/{plan['id']}"
    bare = await client.post(city.school_admin, f"{path}/submit")
    assert (bare.status_code, bare.json()["code"]) == (409, "plan_incomplete")
    assert bare.json()["details"] == {"missing": "aims"}
    own = await client.post(city.school_admin, f"{path}/approve", {"opinion": "同意"})
    assert (own.status_code, own.json()["details"]) == (403, {"permission": "plan:review"})
    early = await client.post(city.county_admin, f"{path}/approve", {"opinion": "同意"})
    assert (early.status_code, early.json()["code"]) == (409, "plan_wrong_state")


async def test_an_agreed_plan_is_amended(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await make_published(db, city.school_admin, city.county_admin, plan)
    path = f"/plans/{plan['id']}"
    new = {**ITEM, "trainers": None, "trainer_ids": [str(city.teacher["id"])]}
    amendment = {"title": "修订后的计划", "items": [new]}
    waits = (await client.post(city.school_admin, f"{path}/amendments", amendment)).json()
    assert (waits["title"], waits["in_force"], waits["version"]) == (plan["title"], 1, 2)
    again = await client.post(city.school_admin, f"{path}/amendments", amendment)
    assert (again.status_code, again.json()["code"]) == (409, "plan_amendment_waits")
    agreed = await client.post(city.county_admin, f"{path}/approve", {"opinion": "同意修订"})
    assert (agreed.json()["title"], agreed.json()["in_force"]) == ("修订后的计划", 2)
    (item,) = (await client.get(city.teacher_account, f"{path}/items")).json()["items"]
    assert (item["trainers"], item["trainer_ids"]) == (None, [str(city.teacher["id"])])
    bad = {"items": [ITEM | {"id": str(plan["id"])}]}
    unknown = await client.post(city.school_admin, f"{path}/amendments", bad)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "plan_item_not_found")
