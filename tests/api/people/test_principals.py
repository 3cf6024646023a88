from app.domain.people.facts.posts import POST
from app.sql import Connection
from tests.make import City, Client, make_fact


async def test_who_leads_the_schools_of_a_unit(client: Client, db: Connection, city: City) -> None:
    for teacher, school in ((city.teacher, city.school), (city.sibling_teacher, city.sibling)):
        await make_fact(db, teacher, POST, post="principal", school_id=school["id"])
    path = f"/units/{city.county['id']}/principals"
    first = (await client.get(city.county_admin, f"{path}?limit=1")).json()
    assert [item["name"] for item in first["items"]] == ["测试甲"]
    rest = (await client.get(city.county_admin, f"{path}?cursor={first['next']}")).json()
    assert [item["name"] for item in rest["items"]] == ["测试丙"]
    none = await client.get(city.county_admin, f"{path}?post=vice_principal")
    assert none.json()["items"] == []
    foreign = await client.get(city.other_county_admin, path)
    assert foreign.json()["code"] == "unit_not_found"
    listed = await client.get(city.county_admin, "/teachers?post=principal&sort=-name")
    assert {item["name"] for item in listed.json()["items"]} == {"测试甲", "测试丙"}
