import pytest

from app.domain.credits.packs.purposes import PurposeKind
from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.make import City, Client


async def test_a_teacher_reads_the_own_conditions(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    path = f"/teachers/{city.teacher['id']}/condition"
    every = await client.get(city.teacher_account, f"{path}s?as_of=2026-11-20")
    assert every.status_code == 200, every.text
    outcomes = {each["purpose"]: each["outcome"] for each in every.json()}
    assert outcomes["appointment"] == "deferred"
    assert "必备条件之一" in every.json()[0]["scope"]["zh"]
    answer = await client.get(city.teacher_account, f"{path}?purpose=appointment&as_of=2026-11-20")
    assert answer.status_code == 200, answer.text
    changes = answer.json()["changes"]
    assert {"earn", "cap"} == {each["kind"] for each in changes}
    assert "240.00学分" in next(
        each["said"]["zh"] for each in changes if each["requirement_id"] == "total"
    )
    wrong = await client.get(city.teacher_account, f"{path}?purpose=anything")
    assert wrong.status_code == 422
    other = await client.get(city.colleague_account, f"{path}?purpose=appointment")
    assert (other.status_code, other.json()["code"]) == (404, "teacher_not_found")


async def test_a_school_reads_its_list(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    path = f"/units/{city.school['id']}/prechecks?purpose=appointment"
    answer = await client.get(city.school_admin, f"{path}&outcome=deferred&limit=1")
    assert answer.status_code == 200, answer.text
    line = answer.json()["items"][0]
    assert line["outcome"] == "deferred"
    assert "total" in {each["id"] for each in line["unmet"]}
    rest = await client.get(city.school_admin, answer.links["next"]["url"].removeprefix("/api/v1"))
    assert rest.status_code == 200, rest.text
    assert line["teacher_id"] not in {each["teacher_id"] for each in rest.json()["items"]}
    own = await client.get(city.teacher_account, path)
    assert (own.status_code, own.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("day", ["0001-01-01", "2999-12-31", "9999-12-30", "9999-12-31"])
async def test_no_day_of_the_calendar_is_too_far(
    client: Client, db: Connection, city: City, day: str
) -> None:
    await make_pack(db, city.city, open_ended())
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    paths = [f"/teachers/{city.teacher['id']}/condition"]
    paths.append(f"/units/{city.school['id']}/prechecks")
    for path in paths:
        for purpose in PurposeKind:
            for asked in (f"as_of={day}", f"known_on={day}", f"as_of={day}&known_on={day}"):
                answer = await client.get(city.city_admin, f"{path}?purpose={purpose}&{asked}")
                told = answer.status_code, answer.json().get("code")
                assert told in {(200, None), (404, "no_rule_pack_in_force")}, (asked, answer.text)
