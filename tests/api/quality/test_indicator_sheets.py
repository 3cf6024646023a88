from tests.make import City, Client
from tests.make_evaluations import INDICATORS, SHEET


async def test_a_sheet_is_published_and_read(client: Client, city: City) -> None:
    new = SHEET | {"unit_id": str(city.county["id"])}
    made = await client.post(city.county_admin, "/indicator-sheets", new)
    assert made.status_code == 201, made.text
    assert [each["code"] for each in made.json()["indicators"]] == [
        each["code"] for each in INDICATORS
    ]
    read = await client.get(city.school_admin, made.headers["location"].removeprefix("/api/v1"))
    assert read.json() == made.json()
    listed = await client.get(city.teacher_account, "/indicator-sheets?code=school_based_2026")
    assert listed.json()["items"] == [made.json()]
    schema = await client.get(city.county_admin, "/indicator-sheet-schema")
    assert schema.json()["properties"].keys() >= new.keys()


async def test_refusals(client: Client, city: City) -> None:
    new = SHEET | {"unit_id": str(city.county["id"])}
    light = new | {"indicators": INDICATORS[:1]}
    no_measure = new | {"indicators": [INDICATORS[0] | {"measure": None}]}
    for person, body, status, code in (
        (city.county_admin, light, 422, "indicator_weights_off"),
        (city.county_admin, no_measure, 422, "invalid_request"),
        (city.county_admin, new | {"name": "指\x00标"}, 422, "invalid_value"),
        (city.county_admin, new | {"evaluated": "county"}, 422, "indicator_sheet_needs_bureau"),
        (city.school_admin, new, 403, "not_allowed"),
        (city.other_county_admin, new, 404, "unit_not_found"),
    ):
        answer = await client.post(person, "/indicator-sheets", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(city.county_admin, "/indicator-sheets")).json()["items"] == []


async def test_a_shipped_sheet_is_published_and_read(client: Client, city: City) -> None:
    by = city.city_admin
    shipped = (await client.get(by, "/shipped-indicator-sheets")).json()
    [county] = [each for each in shipped if each["evaluated"] == "county"]
    choice = {"unit_id": str(city.city["id"]), "code": county["code"]}
    made = await client.post(by, "/shipped-indicator-sheets/publish", choice)
    assert made.status_code == 201, made.text
    read = await client.get(by, made.headers["location"].removeprefix("/api/v1"))
    assert read.json() == made.json()
    assert {name: read.json()[name] for name in county} == county
    again = await client.post(by, "/shipped-indicator-sheets/publish", choice)
    assert (again.status_code, again.json()["code"]) == (409, "indicator_sheet_published_already")
    # What is read can be published as one's own, with other weights or as it is.
    own = await client.post(by, "/indicator-sheets", county | {"unit_id": choice["unit_id"]})
    assert own.json()["version"] == 2
