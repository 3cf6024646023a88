from tests.make import City, Client


async def test_a_group_is_set_up_read_and_dissolved(client: Client, city: City) -> None:
    new = {
        "unit_id": str(city.school["id"]),
        "name": "校本培训领导小组",
        "kind": "leading_group",
        "concern": "training",
        "mandate": "负责校本培训方案的制定与实施",
        "valid_from": "2020-09-01",
    }
    made = await client.post(city.school_admin, "/committees", new)
    assert made.status_code == 201, made.text
    path = f"/committees/{made.json()['id']}"
    assert made.headers["location"] == f"/api/v1{path}"
    again = await client.post(city.school_admin, "/committees", new)
    assert (again.status_code, again.json()["code"]) == (409, "leading_group_exists")
    experts = await client.post(
        city.school_admin, "/committees", new | {"kind": "expert_committee"}
    )
    assert (experts.status_code, experts.json()["code"]) == (422, "committee_of_bureau")
    elsewhere = await client.get(city.sibling_admin, path)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "committee_not_found")
    read = await client.get(city.school_admin, f"{path}?include=unit,members")
    assert (read.json()["unit"]["name"], read.json()["members"]) == ("甲县第一小学", [])
    ended = await client.post(city.school_admin, f"{path}/dissolve")
    assert (ended.status_code, ended.json()["id"]) == (200, made.json()["id"])
    for query, number in (("", 0), ("?as_of=2021-01-01", 1), ("?as_of=2019-01-01", 0)):
        found = await client.get(city.county_admin, f"/committees{query}")
        assert len(found.json()["items"]) == number, query
