import pytest

from app.domain.organisation.units import Level
from app.sql import Connection
from tests.make import City, Client, make_unit


async def test_a_school_moves_and_tokens_of_before_are_worth_nothing(
    client: Client, city: City
) -> None:
    move = {"bureau_id": str(city.other_county["id"]), "document": "岳市教发〔2026〕1号"}
    path = f"/units/{city.school['id']}"
    moved = await client.post(city.city_admin, f"{path}/move", move)
    assert moved.status_code == 200, moved.text
    assert moved.json()["county_id"] == str(city.other_county["id"])
    assert (await client.get(city.county_admin, path)).status_code == 404
    assert (await client.get(city.other_county_admin, path)).status_code == 200
    [told] = (await client.get(city.other_county_admin, f"{path}/reorganisations")).json()
    assert (told["kind"], told["from_id"]) == ("move", str(city.county["id"]))


async def test_a_school_is_merged_and_another_closed(
    client: Client, db: Connection, city: City
) -> None:
    merger = {"successor_id": str(city.sibling["id"]), "effective_on": "2026-09-01"}
    path = f"/units/{city.school['id']}"
    merged = await client.post(city.county_admin, f"{path}/merge", merger)
    assert (merged.status_code, merged.json()["closed_on"]) == (200, "2026-09-01")
    shown = await client.get(city.county_admin, f"/teachers/{city.teacher['id']}")
    assert shown.json()["school_id"] == str(city.sibling["id"])
    empty = await make_unit(db, "空校", Level.SCHOOL, city.county)
    closed = await client.post(city.county_admin, f"/units/{empty['id']}/close", {})
    assert closed.status_code == 200
    listed = await client.get(city.county_admin, "/units?closed=true&fields=name")
    assert listed.json()["items"] == [{"name": "甲县第一小学"}, {"name": "空校"}]
    again = await client.post(city.county_admin, f"{path}/rename", {"name": "新名称"})
    assert (again.status_code, again.json()["code"]) == (409, "unit_closed")


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("close", {}, 409, "unit_not_empty"),
        ("close", {"effective_on": "2999-01-01"}, 422, "reorganisation_in_future"),
        ("move", {"bureau_id": "sibling"}, 422, "unit_cannot_supervise"),
        ("move", {"bureau_id": "county"}, 409, "unit_already_there"),
        ("merge", {"successor_id": "school"}, 409, "unit_already_there"),
        ("merge", {"successor_id": "county"}, 422, "unit_not_a_school"),
    ],
)
async def test_what_cannot_be_is_told_and_changes_nothing(
    client: Client, city: City, verb: str, body: dict[str, str], status: int, code: str
) -> None:
    sent = {
        name: str(getattr(city, value)["id"]) if name.endswith("_id") else value
        for name, value in body.items()
    }
    path = f"/units/{city.school['id']}"
    before = (await client.get(city.city_admin, path)).json()
    answer = await client.post(city.city_admin, f"{path}/{verb}", sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if code == "unit_not_empty":
        assert answer.json()["details"] == {"schools": 0, "teachers": 2, "accounts": 2}
    assert (await client.get(city.city_admin, path)).json() == before
