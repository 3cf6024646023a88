from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_demonstrations import CALL, make_awarded

TITLE = {
    "kind": "experimental",
    "level": "city",
    "title": "高效课堂实验校",
    "issuer": "市教育局",
    "document": "市教发〔2016〕8号",
    "valid_from": "2016-11-29",
}


async def test_a_title_is_given_counted_and_ended(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/designations"
    given = await client.post(city.county_admin, path, TITLE)
    assert given.status_code == 201, given.text
    assert given.json()["unit_name"] == "甲县第一小学"
    counts = f"/units/{city.county['id']}/designation-counts"
    assert (await client.get(city.county_admin, counts)).json() == [
        {"level": "city", "kind": "experimental", "title": "高效课堂实验校", "schools": 1}
    ]
    refused = await client.get(city.school_admin, counts)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    again = await client.post(city.county_admin, path, TITLE)
    assert (again.status_code, again.json()["code"]) == (409, "designation_exists")
    ended = await client.post(
        city.county_admin, f"/designations/{given.json()['id']}/end", {"on": "2020-01-01"}
    )
    assert (ended.status_code, ended.json()["valid_to"]) == (200, "2020-01-01")
    for query, number in (
        ("as_of=2019-12-31", 1), ("as_of=2020-01-01", 0), ("level=county", 0), ("level=city", 1),
        ("as_of=2021-01-01&known_on=2021-01-01", 0),
    ):  # fmt: skip
        found = await client.get(city.city_admin, f"/designations?{query}")
        assert len(found.json()["items"]) == number, query


async def test_what_a_call_gave_is_neither_ended_nor_written_down_here(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_awarded(db, city, now=NOW)
    ended = await client.post(city.county_admin, f"/designations/{row['designation_id']}/end", {})
    assert (ended.status_code, ended.json()["code"]) == (409, "designation_ended_by_issuer")
    again = TITLE | {"title": CALL["designation"], "valid_from": str(row["published_on"])}
    path = f"/units/{city.sibling['id']}/designations"
    given = await client.post(city.county_admin, path, again)
    assert (given.status_code, given.json()["code"]) == (409, "designation_of_call")
    listed = (await client.get(city.county_admin, "/designations")).json()["items"]
    assert [(each["id"], each["superseded_at"]) for each in listed] == [
        (str(row["designation_id"]), None)
    ]
