"""Sheets of pay inputs over REST."""

from datetime import timedelta

from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_incentives import make_scheme, make_second, make_sheet

PERIOD = {"starts_on": "2026-09-01", "ends_on": "2026-10-31", "days": 30}


async def test_a_period_is_counted_objected_to_and_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    path = f"/units/{city.school['id']}/pay-sheets"
    none = await client.post(city.school_admin, path, PERIOD)
    assert (none.status_code, none.json()["code"]) == (409, "pay_scheme_missing")
    await make_scheme(db, city.school_admin, city.school)
    made = await client.post(city.school_admin, path, PERIOD)
    assert (made.status_code, made.json()["teachers"]) == (201, 2)
    sheet = made.json()
    twice = await client.post(city.school_admin, path, PERIOD)
    assert (twice.status_code, twice.json()["code"]) == (409, "pay_sheet_overlaps")
    [line] = (await client.get(city.teacher_account, "/pay-lines")).json()["items"]
    assert (line["points"], line["parts"][0]["measure"]) == ("0.00", "hours")
    one = f"/pay-lines/{line['id']}"
    said = await client.post(city.teacher_account, f"{one}/objection", {"objection": "少记"})
    assert said.json()["objection"] == "少记"
    waiting = await client.get(
        city.school_admin, f"/pay-lines?sheet_id={sheet['id']}&objected=true"
    )
    assert [each["id"] for each in waiting.json()["items"]] == [line["id"]]
    answer = {"upheld": False, "answer": "核对无误"}
    answered = await client.post(city.school_admin, f"{one}/objection/decide", answer)
    assert answered.json()["answer"] == "核对无误"
    assert (await client.get(city.colleague_account, one)).status_code == 404
    early = await client.post(city.county_admin, f"/pay-sheets/{sheet['id']}/confirm")
    assert (early.status_code, early.json()["code"]) == (409, "pay_sheet_open_to_objections")
    gone = await client.post(
        city.school_admin, f"/pay-sheets/{sheet['id']}/withdraw", {"reason": "重算"}
    )
    assert gone.json()["state"] == "withdrawn"
    listed = await client.get(city.county_admin, "/pay-sheets?state=withdrawn")
    assert [each["id"] for each in listed.json()["items"]] == [sheet["id"]]


async def test_a_sheet_is_confirmed_by_another(client: Client, db: Connection, city: City) -> None:
    await make_scheme(db, city.school_admin, city.school)
    second = await make_second(db, city)
    sheet = await make_sheet(db, second, city.school, NOW - timedelta(days=20))
    path = f"/pay-sheets/{sheet['id']}"
    own = await client.post(second, f"{path}/confirm")
    assert (own.status_code, own.json()["code"]) == (409, "pay_sheet_of_oneself")
    assert (await client.post(city.school_admin, f"{path}/confirm")).json()["state"] == "confirmed"
    assert (await client.get(city.county_admin, path)).json()["confirmed_at"] is not None
