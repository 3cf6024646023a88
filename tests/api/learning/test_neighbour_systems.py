from tests.make import City, Client

SYSTEM = {
    "name": "学籍管理系统", "kind": "student_register", "operated_by": "省教育厅",
    "link": "https://xueji.example.edu.cn",
}  # fmt: skip


async def test_a_system_is_registered_and_knows_a_school(client: Client, city: City) -> None:
    new = SYSTEM | {"unit_id": str(city.city["id"])}
    made = await client.post(city.city_admin, "/neighbour-systems", new)
    assert made.status_code == 201, made.text
    again = await client.post(city.city_admin, "/neighbour-systems", new)
    assert (again.status_code, again.json()["code"]) == (409, "neighbour_system_exists")
    listed = await client.get(city.school_admin, "/neighbour-systems?kind=student_register")
    assert listed.json()["items"] == [made.json()]
    read = await client.get(city.school_admin, f"/neighbour-systems/{made.json()['id']}")
    assert read.json() == made.json()
    said = {"system_id": made.json()["id"], "identifier": "4306000001"}
    known = await client.request(
        city.school_admin, "PUT", f"/units/{city.school['id']}/system-identifiers", json=said
    )
    assert known.json()["identifier"] == "4306000001"
    found = await client.get(city.county_admin, f"/system-identifiers?unit_id={city.school['id']}")
    assert found.json()["items"] == [known.json()]
