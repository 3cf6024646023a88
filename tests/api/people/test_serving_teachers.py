from tests.make import City, Client


async def test_a_rotation_is_recorded_by_the_bureau_and_seen_by_the_school(
    client: Client, city: City
) -> None:
    place = {
        "school_id": str(city.sibling["id"]), "kind": "rotation", "valid_from": "2026-09-01",
    }  # fmt: skip
    places = f"/teachers/{city.teacher['id']}/service-places"
    alone = await client.post(city.school_admin, places, place)
    assert (alone.status_code, alone.json()["code"]) == (404, "unit_not_found")
    made = await client.post(city.county_admin, places, place)
    assert made.status_code == 201, made.text
    path = f"/units/{city.sibling['id']}/serving-teachers"
    seen = (await client.get(city.sibling_admin, path)).json()
    assert [(item["name"], item["kind"]) for item in seen["items"]] == [("测试甲", "rotation")]
    assert seen["items"][0]["home_school_id"] == str(city.school["id"])
    none = await client.get(city.sibling_admin, f"{path}?kind=support")
    assert none.json() == {"items": [], "next": None}
    foreign = await client.get(city.school_admin, path)
    assert foreign.json()["code"] == "unit_not_found"
