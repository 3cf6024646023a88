from app.sql import Connection
from tests.make import City, Client
from tests.make_province import make_province


async def test_the_province_hands_in_and_the_bureau_settles(
    client: Client, db: Connection, city: City
) -> None:
    province = await make_province(db, city)
    new = {
        "city_id": str(city.city["id"]), "kind": "credit", "number": "S-1", "name": "测试甲",
        "title": "省级骨干培训", "earned_on": "2026-09-10", "hours": "16", "credits": "4",
        "teacher_id": str(city.teacher["id"]),
    }  # fmt: skip
    answer = await client.post(province, "/province/arrivals", new)
    assert answer.status_code == 201
    row = answer.json()
    path = f"/province/arrivals/{row['id']}"
    assert (await client.get(city.county_admin, path)).json() == row
    listed = await client.get(
        city.county_admin, "/province/arrivals?state=waiting&kind=credit&matched=true"
    )
    assert listed.json()["items"] == [row]
    decision = {"take": False, "opinion": "与本市记录重复"}
    settled = await client.post(city.county_admin, f"{path}/settle", decision)
    assert settled.json()["state"] == "dismissed"
    again = await client.post(city.county_admin, f"{path}/settle", decision)
    assert (again.status_code, again.json()["code"]) == (409, "arrival_settled")
    known = await client.post(province, "/province/arrivals", new)
    assert (known.status_code, known.json()["code"]) == (409, "arrival_known")


async def test_an_id_number_is_never_repeated(client: Client, db: Connection, city: City) -> None:
    province, number = await make_province(db, city), "430602198001011234"
    new = {"city_id": str(city.city["id"]), "kind": "roster", "number": "S-1", "id_number": number}
    for more in ({}, {"name": "测试"}):
        answer = await client.post(province, "/province/arrivals", new | more)
        assert answer.status_code == (201 if more else 422)
        assert number not in answer.text
