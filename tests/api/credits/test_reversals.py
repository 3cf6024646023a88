from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_an_entry_is_reversed_once(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    ledger = f"/teachers/{city.teacher['id']}/credit-entries"
    entry = (await client.get(city.county_admin, ledger)).json()["items"][0]
    path = f"/credit-entries/{entry['id']}/reversal"

    short = await client.post(city.county_admin, path, {"reason": "x"})
    assert (short.status_code, short.json()["code"]) == (422, "invalid_request")
    made = await client.post(city.county_admin, path, {"reason": "登记有误"})
    assert made.status_code == 201, made.text
    told = {name: made.json()[name] for name in ("kind", "credits", "reverses_id", "reason")}
    assert told == {
        "kind": "reverse",
        "credits": "-10.00",
        "reverses_id": entry["id"],
        "reason": "登记有误",
    }
    struck = await client.get(city.county_admin, f"/credit-entries/{entry['id']}")
    assert struck.json()["reversed_by_id"] == made.json()["id"]

    again = await client.post(city.county_admin, path, {"reason": "登记有误"})
    assert (again.status_code, again.json()["code"]) == (409, "credit_entry_already_reversed")
    back = f"/credit-entries/{made.json()['id']}/reversal"
    never = await client.post(city.county_admin, back, {"reason": "登记有误"})
    assert (never.status_code, never.json()["code"]) == (409, "reversal_of_reversal")
    school = await client.post(city.school_admin, path, {"reason": "登记有误"})
    assert (school.status_code, school.json()["code"]) == (403, "not_allowed")


async def test_an_entry_is_corrected(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    ledger = f"/teachers/{city.teacher['id']}/credit-entries"
    entry = (await client.get(city.county_admin, ledger)).json()["items"][0]
    path, right = f"/credit-entries/{entry['id']}/correction", {"hours": "6.00", "reason": "有误"}
    made = await client.post(city.county_admin, path, right)
    assert made.status_code == 201, made.text
    assert (made.json()["attempt"], made.json()["credits"]) == (2, "6.00")
    again = await client.post(city.county_admin, path, right)
    assert (again.status_code, again.json()["code"]) == (409, "credit_entry_already_reversed")
    rows = (await client.get(city.county_admin, f"{ledger}?known_on=2026-01-01")).json()["items"]
    assert rows == []
