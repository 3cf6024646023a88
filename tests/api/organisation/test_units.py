from typing import Any

import pytest

from app.sql import new_id
from tests.make import City, Client


async def test_a_school_admin_reads_own_school_and_what_is_above(
    client: Client, city: City
) -> None:
    for unit in (city.school, city.county, city.city):
        answer = await client.get(city.school_admin, f"/units/{unit['id']}")
        assert answer.status_code == 200
        assert answer.json()["name"] == unit["name"]


@pytest.mark.parametrize("place", ["sibling", "far_school", "other_county", "direct_school"])
async def test_what_lies_elsewhere_does_not_exist(client: Client, city: City, place: str) -> None:
    foreign = await client.get(city.school_admin, f"/units/{getattr(city, place)['id']}")
    missing = await client.get(city.school_admin, f"/units/{new_id()}")
    assert foreign.status_code == missing.status_code == 404

    def told(answer: Any) -> dict[str, Any]:
        return {name: value for name, value in answer.json().items() if name != "request_id"}

    assert told(foreign) == told(missing)
    assert told(foreign)["code"] == "unit_not_found"


async def test_a_list_is_paged_by_cursor(client: Client, city: City) -> None:
    names: list[str] = []
    path = "/units?limit=3&sort=-name"
    while path:
        page = (await client.get(city.city_admin, path)).json()
        names += [unit["name"] for unit in page["items"]]
        path = page["next"] and f"/units?limit=3&sort=-name&cursor={page['next']}"
    assert names == sorted(names, reverse=True)
    assert len(names) == 8


async def test_a_county_sets_up_a_school_and_it_can_be_read(client: Client, city: City) -> None:
    new = {
        "name": "甲县第三小学",
        "level": "school",
        "parent_id": str(city.county["id"]),
        "stages": ["primary"],
        "code": "2143000001",
    }
    made = await client.post(city.county_admin, "/units", new)
    assert made.status_code == 201, made.text
    read = await client.http.get(
        made.headers["location"], headers=client.headers(city.county_admin)
    )
    assert read.json() == made.json()
    assert read.json()["code"] == "2143000001"
    assert read.json()["county_id"] == str(city.county["id"])


async def test_a_code_is_never_given_twice(client: Client, city: City) -> None:
    new = {"name": "新校", "level": "school", "stages": ["primary"], "code": "2143000001"}
    first = {**new, "parent_id": str(city.county["id"])}
    await client.post(city.county_admin, "/units", first)
    second = await client.post(
        city.other_county_admin, "/units", {**new, "parent_id": str(city.other_county["id"])}
    )
    assert (second.status_code, second.json()["code"]) == (409, "unit_code_taken")
    children = await client.get(
        city.other_county_admin, f"/units/{city.other_county['id']}/children"
    )
    assert [unit["name"] for unit in children.json()["items"]] == ["乙县第一小学"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"parent_id": "SCHOOL"}, 422, "unit_cannot_supervise"),
        ({"level": "county", "stages": []}, 422, "unit_cannot_supervise"),
        ({"level": "city", "stages": []}, 422, "invalid_request"),
        ({"stages": []}, 422, "invalid_request"),
        ({"code": "430602"}, 422, "invalid_request"),
        ({"name": "x" * 101}, 422, "invalid_request"),
        ({"surprise": 1}, 422, "invalid_request"),
    ],
)
async def test_nonsense_is_refused(
    client: Client, city: City, changed: dict[str, Any], status: int, code: str
) -> None:
    parents = {"SCHOOL": str(city.school["id"])}
    new = {
        "name": "新校",
        "level": "school",
        "stages": ["primary"],
        "parent_id": str(city.county["id"]),
        **changed,
    }
    new["parent_id"] = parents.get(new["parent_id"], new["parent_id"])
    answer = await client.post(city.county_admin, "/units", new)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_school_is_changed_as_it_was_read(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}"
    read = await client.get(city.county_admin, path)
    change = {"stages": ["primary", "junior_secondary"], "location_code": "220"}
    changed = await client.request(
        city.county_admin, "PATCH", path, json=change, headers={"If-Match": read.headers["etag"]}
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["location"], changed.json()["location_code"]) == ("rural", "220")
    late = await client.request(
        city.county_admin, "PATCH", path, json=change, headers={"If-Match": read.headers["etag"]}
    )
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    found = await client.get(city.city_admin, "/units?location=rural&fields=name")
    assert found.json()["items"] == [{"name": "甲县第一小学"}]


async def test_a_parameter_that_is_there_twice_is_refused(client: Client, city: City) -> None:
    answer = await client.get(city.city_admin, "/units?limit=5&limit=7")
    assert (answer.status_code, answer.json()["code"]) == (422, "repeated_parameter")


async def test_an_unknown_parameter_is_refused(client: Client, city: City) -> None:
    answer = await client.get(city.city_admin, "/units?colour=red")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parameter")


async def test_a_request_sent_twice_with_one_key_is_done_once(client: Client, city: City) -> None:
    new = {
        "name": "只建一次",
        "level": "school",
        "stages": ["primary"],
        "parent_id": str(city.county["id"]),
    }
    headers = {"Idempotency-Key": "abcdefgh-1"}
    first = await client.post(city.county_admin, "/units", new, headers=headers)
    again = await client.post(city.county_admin, "/units", new, headers=headers)
    assert first.status_code == 201
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    other = await client.post(city.county_admin, "/units", {**new, "name": "别的"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
