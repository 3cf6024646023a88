from app.sql import Connection
from tests.make import City, Client, make_group


async def test_a_group_is_set_up_and_read(client: Client, city: City) -> None:
    new = {
        "name": "语文教研组",
        "kind": "teaching_research",
        "subject": "chinese",
        "unit_id": str(city.school["id"]),
    }
    made = await client.post(city.school_admin, "/groups", new)
    assert made.status_code == 201, made.text
    assert made.json() == {
        **new,
        "stage": None,
        "id": made.json()["id"],
        "school_id": new["unit_id"],
        "county_id": str(city.county["id"]),
        "city_id": str(city.city["id"]),
        "closed_on": None,
    }
    read = await client.http.get(
        made.headers["location"], headers=client.headers(city.school_admin)
    )
    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"]


async def test_groups_are_listed_and_filtered(client: Client, db: Connection, city: City) -> None:
    for name in ("甲组", "乙组"):
        await make_group(db, city.school, name=name)
    await make_group(db, city.sibling, name="丙组")
    page = await client.get(city.county_admin, "/groups?limit=2&fields=name")
    assert page.json()["items"] == [{"name": "丙组"}, {"name": "乙组"}]
    rest = await client.get(city.county_admin, f"/groups?limit=2&cursor={page.json()['next']}")
    assert [group["name"] for group in rest.json()["items"]] == ["甲组"]
    own = await client.get(city.county_admin, f"/groups?unit_id={city.sibling['id']}")
    assert [group["name"] for group in own.json()["items"]] == ["丙组"]


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    foreign = await client.get(city.sibling_admin, f"/groups/{group['id']}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "group_not_found")
    new = {"name": "组", "kind": "club", "unit_id": str(city.school["id"])}
    nonsense = await client.post(city.school_admin, "/groups", new)
    assert (nonsense.status_code, nonsense.json()["code"]) == (422, "invalid_request")
    refused = await client.post(city.teacher_account, "/groups", new | {"kind": "grade"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    page = await client.get(city.city_admin, "/groups")
    assert len(page.json()["items"]) == 1


async def test_a_group_is_renamed_if_it_is_still_as_read_and_closed(
    client: Client, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    path = f"/groups/{group['id']}"
    tag = (await client.get(city.school_admin, path)).headers["etag"]
    headers = client.headers(city.school_admin) | {"If-Match": tag}
    renamed = await client.http.patch(f"/api/v1{path}", json={"name": "文科组"}, headers=headers)
    assert (renamed.status_code, renamed.json()["name"]) == (200, "文科组"), renamed.text
    stale = await client.http.patch(f"/api/v1{path}", json={"name": "理科组"}, headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    closed = await client.post(city.school_admin, f"{path}/close")
    assert (closed.status_code, closed.json()["name"]) == (200, "文科组")
    again = await client.post(city.school_admin, f"{path}/close")
    assert (again.status_code, again.json()["code"]) == (409, "group_closed")
    listed = await client.get(city.school_admin, "/groups")
    assert listed.json()["items"] == []
    gone = await client.get(city.school_admin, "/groups?closed=true")
    assert [row["id"] for row in gone.json()["items"]] == [str(group["id"])]
