from typing import Any

import asyncpg
import pytest

from app.domain.people.facts.kinds import KINDS
from tests.conftest import SharedPool
from tests.make import City, Client

RANK = {"rank": "senior", "valid_from": "2021-09-01"}


def path_of(city: City, rest: str) -> str:
    return f"/teachers/{city.teacher['id']}/{rest}"


async def rows_of_careers(driver: asyncpg.Connection) -> list[int]:
    tables = [kind.table.__tablename__ for kind in KINDS.values()]
    return [await driver.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608


async def test_a_rank_is_recorded_from_a_day_on(client: Client, city: City) -> None:
    path = path_of(city, "ranks")
    for who, status in (("sibling_admin", 404), ("teacher_account", 403), ("auditor", 403)):
        assert (await client.post(getattr(city, who), path, RANK)).status_code == status
    made = await client.post(city.school_admin, path, RANK)
    assert made.status_code == 201, made.text
    assert {
        "rank": "senior",
        "valid_from": "2021-09-01",
        "valid_to": None,
    }.items() <= made.json().items()
    again = await client.post(city.school_admin, path, RANK)
    assert (again.status_code, again.json()["code"]) == (409, "rank_not_later")
    assert again.json()["details"] == {"current": "2021-09-01"}
    listed = (await client.get(city.teacher_account, path)).json()
    assert [(row["rank"], row["valid_to"]) for row in listed] == [
        ("first_grade", "2021-09-01"), ("senior", None),
    ]  # fmt: skip
    shown = await client.get(city.school_admin, path_of(city, "")[:-1] + "?as_of=2021-08-31")
    assert shown.json()["rank"] == "first_grade"


async def test_a_former_name_is_understood_or_says_which_there_are(
    client: Client, city: City
) -> None:
    path, since = path_of(city, "ranks"), {"valid_from": "2021-09-01"}
    refused = await client.post(city.school_admin, path, {"former_name": "高级", **since})
    assert (refused.status_code, refused.json()["code"]) == (409, "rank_name_ambiguous")
    assert refused.json()["details"]["choices"] == "senior, principal_senior"
    unknown = await client.post(city.school_admin, path, {"former_name": "特级", **since})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "rank_name_unknown")
    both = await client.post(city.school_admin, path, RANK | {"former_name": "高级"})
    assert (both.status_code, both.json()["code"]) == (422, "invalid_request")
    made = await client.post(city.school_admin, path, {"former_name": "中学高级教师", **since})
    assert made.json()["rank"] == "senior"


async def test_a_fact_is_corrected_ended_and_withdrawn(client: Client, city: City) -> None:
    path = path_of(city, "honours")
    honour = {"honour": "backbone_teacher", "level": "county", "issuer": "甲县教育局"}
    first = (
        await client.post(city.school_admin, path, honour | {"valid_from": "2021-09-01"})
    ).json()
    lacking = await client.post(
        city.school_admin, path, honour | {"valid_from": "2022-09-01", "corrects": first["id"]}
    )
    assert (lacking.status_code, lacking.json()["code"]) == (422, "invalid_request")
    correction = {"valid_from": "2022-09-01", "corrects": first["id"], "reason": "年份有误"}
    second = (await client.post(city.school_admin, path, honour | correction)).json()
    gone = await client.post(city.school_admin, path_of(city, f"facts/{first['id']}/end"),
                             {"valid_to": "2025-09-01"})  # fmt: skip
    assert (gone.status_code, gone.json()["code"]) == (404, "fact_not_found")
    ended = await client.post(city.school_admin, path_of(city, f"facts/{second['id']}/end"),
                              {"valid_to": "2025-09-01"})  # fmt: skip
    assert (ended.status_code, ended.json()["kind"], ended.json()["valid_to"]) == (
        200, "honour", "2025-09-01",
    )  # fmt: skip
    end = path_of(city, f"facts/{ended.json()['id']}")
    again = await client.post(city.school_admin, f"{end}/end", {"valid_to": "2025-09-01"})
    assert (again.status_code, again.json()["code"]) == (409, "fact_ended")
    withdrawn = await client.post(city.school_admin, f"{end}/withdraw", {"reason": "从未授予"})
    assert withdrawn.status_code == 200
    assert (await client.get(city.school_admin, path)).json() == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("rest", "body", "status", "code"),
    [
        ("posts", {"post": "principal", "valid_from": "2021-09-01", "valid_to": "2021-09-01"},
         422, "fact_ends_before_it_begins"),
        ("posts", {"post": "teacher", "valid_from": "2021-09-01"}, 409, "post_overlaps"),
        ("posts", {"post": "principal", "valid_from": "1988-03-06"}, 422, "fact_before_birth"),
        ("posts", {"post": "king", "valid_from": "2021-09-01"}, 422, "invalid_request"),
        ("employments", {"school_id": "OWN", "valid_from": "2019-09-01", "valid_to": "2020-09-02"},
         409, "two_personnel_relations"),
        ("employments", {"school_id": "OWN", "valid_from": "2021-09-01"},
         409, "employment_by_transfer"),
        ("service-places", {"school_id": "FAR", "kind": "support", "valid_from": "2021-09-01"},
         404, "unit_not_found"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_in_two_languages(
    client: Client, driver: asyncpg.Connection, city: City, rest: str, body: dict[str, Any],
    status: int, code: str, language: str,
) -> None:  # fmt: skip
    ids = {"OWN": str(city.school["id"]), "FAR": str(city.far_school["id"])}
    before = await rows_of_careers(driver)
    answer = await client.post(
        city.school_admin, path_of(city, rest),
        {name: ids.get(value, value) for name, value in body.items()},
        headers={"Accept-Language": language},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    chinese = any("\u4e00" <= each <= "\u9fff" for each in answer.json()["title"])
    assert chinese == (language == "zh")
    assert await rows_of_careers(driver) == before


async def test_the_whole_career_has_an_etag_and_is_included(
    client: Client, city: City, pool: SharedPool
) -> None:
    path = path_of(city, "career")
    whole = await client.get(city.auditor, path)
    assert [row["rank"] for row in whole.json()["ranks"]] == ["first_grade"]
    headers = {"If-None-Match": whole.headers["etag"]}
    assert (await client.get(city.auditor, path, headers=headers)).status_code == 304
    assert (await client.get(city.sibling_admin, path)).json()["code"] == "teacher_not_found"
    bad = await client.get(city.auditor, f"{path}?as_of=2021-02-30")
    assert (bad.status_code, bad.json()["code"]) == (422, "invalid_request")
    before = pool.statements
    listed = await client.get(city.city_admin, "/teachers?include=career")
    assert pool.statements - before == 2 + len(KINDS)
    assert all(item["career"]["ranks"] for item in listed.json()["items"])
