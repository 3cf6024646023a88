from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_where_a_visit_leads(client: Client, db: Connection, city: City) -> None:
    visit = await make_activity(db, city.county, city.county_admin)
    path = f"/activities/{visit['id']}/destinations"
    place = {
        "host": "测试名校", "province": "江苏省", "city": None, "level": "national",
        "funds": "12000.00", "funds_line": "培训费",
    }  # fmt: skip
    added = await client.post(city.county_admin, path, place)
    assert added.status_code == 201, added.text
    found = added.json()
    assert found == place | {"id": found["id"], "activity_id": str(visit["id"])}
    assert (await client.get(city.teacher_account, path)).json() == [found]
    without_line = await client.post(city.county_admin, path, place | {"funds_line": None})
    assert without_line.status_code == 422
    removed = await client.request(city.county_admin, "DELETE", f"/destinations/{found['id']}")
    assert removed.json() == found
    gone = await client.request(city.county_admin, "DELETE", f"/destinations/{found['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "destination_not_found")
