"""Fair access over REST."""

from tests.make import City, Client


async def test_figures_and_people_are_asked_for_a_unit(client: Client, city: City) -> None:
    unit = f"/units/{city.county['id']}"
    figures = (await client.get(city.county_admin, f"{unit}/fair-access")).json()
    assert {row["school"] for row in figures} == {"甲县第一小学", "甲县第二小学"}
    assert {row["asked"] for row in figures} == {0}
    people = await client.get(city.county_admin, f"{unit}/unplaced-teachers?since=2026-01-01")
    assert people.json()["items"] == []
    refused = await client.get(city.teacher_account, f"/units/{city.school['id']}/fair-access")
    assert refused.json()["code"] == "not_allowed"
