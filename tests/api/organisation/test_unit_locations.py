from tests.make import City, Client


async def test_a_school_is_classed_and_told_by_its_history(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}"
    for location, day in (("rural", "2020-09-01"), ("town", "2024-09-01")):
        new = {"location": location, "valid_from": day}
        answer = await client.post(city.county_admin, f"{path}/classify", new)
        assert answer.status_code == 200, answer.text
        assert answer.json()["location"] == location
    told = (await client.get(city.school_admin, f"{path}/locations")).json()
    assert [(row["location"], row["valid_from"], row["valid_to"]) for row in told] == [
        ("rural", "2020-09-01", "2024-09-01"), ("town", "2024-09-01", None),
    ]  # fmt: skip
    [then] = (await client.get(city.school_admin, f"{path}/locations?as_of=2021-01-01")).json()
    assert then["location"] == "rural"
    again = {"location": "town"}
    refused = await client.post(city.county_admin, f"{path}/classify", again)
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_location_unchanged")


async def test_a_school_is_found_by_where_it_lies_now(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}"
    new = {"location": "town", "location_code": "121", "valid_from": "2024-09-01"}
    await client.post(city.county_admin, f"{path}/classify", new)
    found = (await client.get(city.county_admin, "/units?location=town")).json()
    assert [unit["id"] for unit in found["items"]] == [str(city.school["id"])]
    wrong = {"location": "rural", "location_code": "121"}
    refused = await client.post(city.county_admin, f"{path}/classify", wrong)
    assert refused.status_code == 422
