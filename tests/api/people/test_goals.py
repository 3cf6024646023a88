"""Goals over REST."""

from tests.make import City, Client

NEW = {"title": "上好展示课", "measure": "校级展示课一节", "due_on": "2099-06-30"}


async def test_a_goal_is_set_reported_and_answered(client: Client, city: City) -> None:
    made = await client.post(city.teacher_account, "/goals", NEW)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    early = await client.post(city.school_admin, f"{path}/appraise", {"opinion": "达成"})
    assert (early.status_code, early.json()["code"]) == (409, "goal_not_reported")
    report = {"result": "reached", "remark": "已上展示课"}
    assert (await client.post(city.teacher_account, f"{path}/report", report)).status_code == 200
    done = await client.post(city.school_admin, f"{path}/appraise", {"opinion": "达成"})
    assert done.json()["opinion"] == "达成"
    read = await client.get(city.teacher_account, path)
    assert read.json() == done.json()
    page = await client.get(city.school_admin, "/goals?reported=true")
    assert page.json()["items"] == [done.json()]


async def test_refusals(client: Client, city: City) -> None:
    past = await client.post(city.teacher_account, "/goals", NEW | {"due_on": "2020-01-01"})
    assert (past.status_code, past.json()["code"]) == (422, "goal_due_past")
    admin = await client.post(city.school_admin, "/goals", NEW)
    assert admin.status_code == 403
    assert (await client.get(city.city_admin, "/goals")).json()["items"] == []
