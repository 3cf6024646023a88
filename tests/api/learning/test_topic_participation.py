from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import make_studied


async def test_a_county_sees_how_many_of_its_teachers_take_part(
    client: Client, city: City, db: Connection
) -> None:
    await make_studied(db, city.teacher_account, city.school_admin)
    path = f"/units/{city.county['id']}/topic-participation?since=2026-01-01&until=2027-01-01"
    found = await client.get(city.county_admin, path)
    assert [
        (row["name"], row["teachers"], row["participants"], row["share"]) for row in found.json()
    ] == [(None, 3, 1, "33.33"), ("甲县第一小学", 2, 1, "50.00"), ("甲县第二小学", 1, 0, "0.00")]
    hidden = await client.get(
        city.sibling_admin, path.replace(str(city.county["id"]), str(city.school["id"]))
    )
    assert (hidden.status_code, hidden.json()["code"]) == (404, "unit_not_found")
