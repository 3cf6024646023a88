from app.sql import Connection
from tests.make import City, Client


async def test_a_school_is_offered_its_groups(client: Client, db: Connection, city: City) -> None:
    path = f"/units/{city.school['id']}/group-defaults"
    before = await client.get(city.county_admin, path)
    assert before.json() == [
        {
            "stage": "primary", "kind": "grade", "article": "岳市教发〔2013〕18号 第十四条",
            "schools": 1, "followed": 0,
        }
    ]  # fmt: skip
    made = await client.post(city.school_admin, path)
    assert (made.status_code, len(made.json())) == (201, 6)
    listed = await client.get(city.school_admin, "/groups?kind=grade&sort=created")
    assert listed.json()["items"][0]["name"] == "一年级组"
    lacking = await client.get(city.county_admin, "/schools-without-default-group?stage=primary")
    assert [row["name"] for row in lacking.json()["items"]] == ["甲县第二小学"]
    of_county = await client.post(city.county_admin, f"/units/{city.county['id']}/group-defaults")
    assert (of_county.status_code, of_county.json()["code"]) == (422, "unit_not_a_school")
