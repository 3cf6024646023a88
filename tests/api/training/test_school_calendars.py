"""School calendars over REST."""

from tests.make import City, Client
from tests.make_timetables import TERM


async def test_a_city_sets_what_counts_at_its_schools(client: Client, city: City) -> None:
    admin, unit = city.city_admin, f"/units/{city.city['id']}"
    term = await client.post(admin, f"{unit}/terms", TERM)
    assert (term.status_code, term.json()["weeks_from"]) == (200, "2026-08-31")
    given = {"days": [{"day": "2026-10-01", "name": "国庆节"},
                      {"day": "2026-10-10", "taught_as": "2026-10-07"}]}  # fmt: skip
    days = await client.post(admin, f"{unit}/calendar-days", given)
    assert [each["taught_as"] for each in days.json()] == [None, "2026-10-07"]
    half_day = await client.post(
        admin, f"{unit}/research-half-days",
        {"school_year": 2026, "semester": "first", "subject": "chinese", "weekday": 3,
         "half": "afternoon"},
    )  # fmt: skip
    assert half_day.status_code == 201, half_day.text
    path = f"/units/{city.school['id']}/school-calendar?school_year=2026"
    found = await client.get(city.school_admin, path)
    assert found.json() == {
        "unit_id": str(city.school["id"]), "school_year": 2026, "terms": [term.json()],
        "days": days.json(), "half_days": [half_day.json()],
    }  # fmt: skip
    for name, item in (
        ("terms", term.json()), ("calendar-days", days.json()[0]),
        ("research-half-days", half_day.json()),
    ):  # fmt: skip
        page = await client.get(admin, f"/{name}?unit_id={city.city['id']}")
        assert page.json()["items"][0] == item
        assert (await client.get(city.school_admin, f"/{name}")).json()["items"] == []
    for name, key in (("calendar-days", days.json()[0]), ("research-half-days", half_day.json())):
        gone = await client.request(admin, "DELETE", f"/{name}/{key['id']}")
        assert gone.json() == key
        again = await client.request(admin, "DELETE", f"/{name}/{key['id']}")
        assert again.status_code == 404


async def test_bad_input_is_named(client: Client, city: City) -> None:
    unit = f"/units/{city.city['id']}"
    wrong = await client.post(city.city_admin, f"{unit}/terms", TERM | {"weeks_from": "2026-09-01"})
    assert wrong.status_code == 422
    below = await client.post(city.school_admin, f"{unit}/terms", TERM)
    assert (below.status_code, below.json()["code"]) == (403, "not_allowed")
    page = await client.get(city.city_admin, "/terms")
    assert page.json()["items"] == []
