"""Searching teachers over REST."""

from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_people import enter_person


async def test_a_teacher_is_found_by_initials(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    await enter_person(db, city, resources)
    found = await client.get(city.school_admin, "/teachers/search?q=sxh&limit=5")
    assert found.status_code == 200, found.text
    [teacher] = found.json()
    assert teacher["name"] == "单晓红"
    assert "*" in teacher["id_number"]
    assert (await client.get(city.sibling_admin, "/teachers/search?q=sxh")).json() == []


async def test_refusals(client: Client, city: City) -> None:
    short = await client.get(city.school_admin, "/teachers/search?q=%25")
    assert (short.status_code, short.json()["code"]) == (422, "search_too_short")
    many = await client.get(city.school_admin, "/teachers/search?q=红&limit=51")
    assert (many.status_code, many.json()["code"]) == (422, "invalid_request")
