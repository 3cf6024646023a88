"""Plans over REST."""

from tests.make import City, Client
from tests.make_plans import ITEM, PERIOD, PLAN, SCHEME


async def test_a_plan_from_its_draft_to_its_summary(client: Client, city: City) -> None:
    new = PLAN | {"unit_id": str(city.school["id"])}
    made = await client.post(city.school_admin, "/plans", new)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    assert (await client.post(city.school_admin, f"{path}/items", ITEM)).status_code == 201
    for title in ("第一稿", "第二稿"):
        changed = await client.request(city.school_admin, "PATCH", path, json={"title": title})
        assert changed.status_code == 200, changed.text
        assert (await client.post(city.school_admin, f"{path}/submit")).status_code == 200
        if title == "第一稿":
            await client.post(city.county_admin, f"{path}/return", {"opinion": "请修改"})
    await client.post(city.county_admin, f"{path}/approve", {"opinion": "同意"})
    versions = await client.get(city.school_admin, f"{path}/versions")
    assert [each["number"] for each in versions.json()["items"]] == [1, 2]
    differs = await client.get(city.school_admin, f"{path}/comparison?older=1&newer=2")
    assert differs.json()["field_differences"] == [
        {"field": "title", "before": "第一稿", "after": "第二稿"}
    ]
    summed = await client.post(
        city.school_admin, f"{path}/summary", {"summary": "全学期共举办讲座三十四场次。"}
    )
    assert (summed.status_code, summed.json()["summary"]) == (200, "全学期共举办讲座三十四场次。")
    read = await client.get(city.county_admin, path)
    assert read.json() == summed.json()
    page = await client.get(city.county_admin, "/plans?kind=semester&state=approved")
    assert page.json()["items"] == [read.json()]


async def test_a_scheme_and_its_coverage(client: Client, city: City) -> None:
    new = SCHEME | PERIOD | {"unit_id": str(city.city["id"])}
    made = await client.post(city.city_admin, "/plans", new)
    path = made.headers["location"].removeprefix("/api/v1")
    assert (await client.post(city.city_admin, f"{path}/publish")).status_code == 200
    offered = await client.get(city.teacher_account, "/published-plans")
    assert [each["id"] for each in offered.json()["items"]] == [made.json()["id"]]
    reached = await client.get(city.city_admin, f"{path}/coverage")
    assert {each["plan_id"] for each in reached.json()} == {None}


async def test_refusals(client: Client, city: City) -> None:
    new = PLAN | {"unit_id": str(city.school["id"])}
    other = await client.post(city.sibling_admin, "/plans", new)
    assert (other.status_code, other.json()["code"]) == (404, "unit_not_found")
    both = await client.post(
        city.school_admin, "/plans", new | {"teacher_id": str(city.teacher["id"])}
    )
    assert both.status_code == 422
    made = await client.post(city.school_admin, "/plans", new)
    path = made.headers["location"].removeprefix("/api/v1")
    early = await client.post(
        city.school_admin, f"{path}/summary", {"summary": "总结总结总结总结总结"}
    )
    assert (early.status_code, early.json()["code"]) == (409, "plan_wrong_state")
    none = await client.get(city.school_admin, f"{path}/comparison?older=1&newer=2")
    assert (none.status_code, none.json()["code"]) == (404, "plan_version_not_found")
