from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_resources import RESOURCE


async def test_a_resource_is_added_shared_found_and_used(
    client: Client, city: City, pool: SharedPool
) -> None:
    made = await client.post(city.teacher_account, "/resources", RESOURCE)
    assert made.status_code == 201, made.text
    address = f"/resources/{made.json()['id']}"
    assert made.headers["Location"] == f"/api/v1{address}"
    bare = {name: value for name, value in RESOURCE.items() if name != "link"}
    wrong = await client.post(city.teacher_account, "/resources", bare)
    assert wrong.status_code == 422
    asked = await client.post(city.teacher_account, f"{address}/share", {"sharing": "county"})
    assert asked.json()["asked_sharing"] == "county"
    said = {"agreed": True, "opinion": "可以共享"}
    own = await client.post(city.school_admin, f"{address}/decide-sharing", said)
    assert own.status_code == 403
    agreed = await client.post(city.county_admin, f"{address}/decide-sharing", said)
    assert agreed.json()["sharing"] == "county"
    before = pool.statements
    found = await client.get(city.sibling_teacher_account, "/resource-search?q=整本书")
    assert pool.statements - before == 1
    assert [row["title"] for row in found.json()] == [RESOURCE["title"]]
    empty = await client.get(city.sibling_teacher_account, "/resource-search?q=。")
    assert (empty.status_code, empty.json()["code"]) == (422, "resource_search_empty")
    used = await client.post(city.sibling_teacher_account, f"{address}/use")
    assert used.json()["link"] == RESOURCE["link"]
    shared = await client.get(city.sibling_teacher_account, "/shared-resources")
    assert [row["uses"] for row in shared.json()["items"]] == [1]


async def test_versions_changes_and_the_end(client: Client, city: City) -> None:
    made = await client.post(
        city.school_admin, "/resources", RESOURCE | {"unit_id": str(city.school["id"])}
    )
    address = f"/resources/{made.json()['id']}"
    added = await client.post(city.school_admin, f"{address}/versions", {"shelf": "一排"})
    assert added.json()["version"] == 2
    versions = await client.get(city.colleague_account, f"{address}/versions")
    assert [row["number"] for row in versions.json()["items"]] == [1, 2]
    read = await client.get(city.school_admin, address)
    changed = await client.request(
        city.school_admin, "PATCH", address, json={"title": "改名"},
        headers={"If-Match": read.headers["ETag"]},
    )  # fmt: skip
    assert changed.json()["title"] == "改名"
    assert (await client.post(city.school_admin, f"{address}/retire")).json()["retired_on"]
    gone = await client.get(city.colleague_account, address)
    assert (gone.status_code, gone.json()["code"]) == (404, "resource_not_found")
    listed = await client.get(city.school_admin, "/resources?retired=true")
    assert [row["title"] for row in listed.json()["items"]] == ["改名"]
