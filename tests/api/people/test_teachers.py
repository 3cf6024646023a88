from typing import Any

import asyncpg
import pytest

from tests.conftest import SharedPool
from tests.make import City, Client, id_number


def new_teacher(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "name": "新教师",
        "subject": "physics",
        "stage": "junior_secondary",
        "school_id": str(city.school["id"]),
        "id_number": id_number(),
    } | changed


async def test_a_teacher_is_entered_and_found_where_the_answer_says(
    client: Client, city: City
) -> None:
    new = new_teacher(city, rank="second_grade")
    made = await client.post(city.school_admin, "/teachers", new)
    assert made.status_code == 201, made.text
    assert new["id_number"] not in made.text
    headers = client.headers(city.county_admin)
    read = await client.http.get(made.headers["location"], headers=headers)
    assert read.json() == made.json()
    assert (read.json()["rank"], read.json()["posts"]) == ("second_grade", ["teacher"])
    known = await client.http.get(
        made.headers["location"], headers=headers | {"If-None-Match": read.headers["etag"]}
    )
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("11010519491231002x ", None),
        ("110105194912310021", "id_number_bad_check_digit"),
        ("110105194913310021", "id_number_bad_date"),
        ("11010519491231002", "id_number_bad_length"),
    ],
)
async def test_a_number_is_checked_and_never_repeated(
    client: Client, driver: asyncpg.Connection, city: City, number: str, code: str | None,
    language: str,
) -> None:  # fmt: skip
    before = await driver.fetchval("SELECT count(*) FROM teacher")
    answer = await client.post(
        city.school_admin, "/teachers", new_teacher(city, id_number=number),
        headers={"Accept-Language": language},
    )  # fmt: skip
    assert number.strip() not in answer.text
    assert (answer.status_code, answer.json().get("code")) == (422 if code else 201, code)
    assert await driver.fetchval("SELECT count(*) FROM teacher") == before + (code is None)


@pytest.mark.parametrize(
    ("who", "changed", "status", "code"),
    [
        ("sibling_admin", {}, 404, "unit_not_found"),
        ("other_county_admin", {}, 404, "unit_not_found"),
        ("teacher_account", {}, 403, "not_allowed"),
        ("auditor", {}, 403, "not_allowed"),
        ("county_admin", {"school_id": "COUNTY"}, 422, "teacher_needs_school"),
        ("school_admin", {"county_id": "COUNTY"}, 422, "invalid_request"),
        ("school_admin", {"subject": "alchemy"}, 422, "invalid_request"),
        ("school_admin", {"name": "a\x00b"}, 422, "invalid_request"),
        ("school_admin", {"id_number": "4306021990051", "id": "x"}, 422, "invalid_request"),
    ],
)
async def test_what_is_refused_is_not_entered(
    client: Client, driver: asyncpg.Connection, city: City, who: str, changed: dict[str, Any],
    status: int, code: str,
) -> None:  # fmt: skip
    before = await driver.fetchval("SELECT count(*) FROM teacher")
    meant = {
        name: str(city.county["id"]) if value == "COUNTY" else value
        for name, value in changed.items()
    }
    new = new_teacher(city, **meant)
    answer = await client.post(getattr(city, who), "/teachers", new)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert new["id_number"] not in answer.text
    assert await driver.fetchval("SELECT count(*) FROM teacher") == before


FILTERS = ("", "?subject=chinese", "?stage=primary", "?sort=-name", "?sort=created", "?limit=1")


@pytest.mark.parametrize("filters", FILTERS)
async def test_no_parameter_widens_what_one_sees(client: Client, city: City, filters: str) -> None:
    for who, schools in (
        ("school_admin", {city.school["id"]}),
        ("teacher_account", {city.school["id"]}),
        ("county_admin", {city.school["id"], city.sibling["id"]}),
        ("other_county_admin", {city.far_school["id"]}),
    ):
        found = (await client.get(getattr(city, who), f"/teachers{filters}")).json()["items"]
        assert {item["school_id"] for item in found} <= {str(each) for each in schools}
        assert found


@pytest.mark.parametrize("filter_", ["school_id=SIBLING", "county_id=OTHER", "name=测试丙"])
async def test_a_filter_for_what_lies_elsewhere_finds_nothing(
    client: Client, city: City, filter_: str
) -> None:
    meant = filter_.replace("SIBLING", str(city.sibling["id"]))
    meant = meant.replace("OTHER", str(city.other_county["id"]))
    answer = await client.get(city.school_admin, f"/teachers?{meant}")
    assert answer.json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("id_number=110105194912310021", "unknown_parameter"),
        ("city_id=x", "unknown_parameter"),
        ("school_id=x", "invalid_request"),
        ("limit=0", "invalid_request"),
        ("limit=101", "invalid_request"),
        ("limit=1e999", "invalid_request"),
        ("sort=birth_date", "unknown_sort"),
        ("cursor=x", "bad_cursor"),
        ("fields=name,birth_date", "unknown_field"),
        ("name=%00", "invalid_value"),
    ],
)
async def test_only_what_is_offered_can_be_asked(
    client: Client, city: City, query: str, code: str
) -> None:
    answer = await client.get(city.city_admin, f"/teachers?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert "110105194912310021" not in answer.text


async def test_the_cursor_of_another_sees_only_ones_own(client: Client, city: City) -> None:
    whole = (await client.get(city.city_admin, "/teachers?limit=1")).json()
    page = (await client.get(city.sibling_admin, f"/teachers?cursor={whole['next']}")).json()
    assert {item["name"] for item in page["items"]} == {"测试丙"}


async def test_a_list_is_one_statement(client: Client, city: City, pool: SharedPool) -> None:
    before = pool.statements
    assert len((await client.get(city.city_admin, "/teachers")).json()["items"]) == 5
    assert pool.statements - before == 1


async def test_the_register_is_narrowed_by_establishment_and_state(
    client: Client, city: City
) -> None:
    """在编, 在岗 and 退休 are different bases: somebody who retired stays on the register."""
    made = await client.post(
        city.school_admin, "/teachers",
        new_teacher(city, establishment="contracted", since="2026-09-01"),
    )  # fmt: skip
    teacher_id = made.json()["id"]
    state = {"state": "retired", "valid_from": "2026-10-01"}
    path = f"/teachers/{teacher_id}/service-states"
    assert (await client.post(city.school_admin, path, state)).status_code == 201
    for query, names in (
        ("establishment=contracted", ["新教师"]), ("establishment=established", []),
        ("state=retired", ["新教师"]), ("state=in_service", []),
    ):  # fmt: skip
        found = await client.get(city.school_admin, f"/teachers?{query}")
        assert [item["name"] for item in found.json()["items"]] == names
    summary = await client.get(city.school_admin, f"/units/{city.school['id']}/credit-summary")
    assert summary.json()["teachers"] == 3


async def test_service_does_not_begin_before_birth(client: Client, city: City) -> None:
    new = new_teacher(city, since="1980-01-01")
    refused = await client.post(city.school_admin, "/teachers", new)
    assert (refused.status_code, refused.json()["code"]) == (422, "fact_before_birth")
