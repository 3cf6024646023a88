from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_teacher_asks_why(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    ledger = f"/teachers/{city.teacher['id']}/credit-entries?sort=-sequence"
    entry = (await client.get(city.teacher_account, ledger)).json()["items"][0]
    answer = await client.get(city.teacher_account, f"/credit-entries/{entry['id']}/explanation")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["earned"], told["counted"], told["unit"]) == ("30.00", "20.00", "credits")
    cut = next(step for step in told["steps"] if step["code"] == "cut_by_cap")
    assert cut["en"].endswith("100.00 used; 10.00 is cut, 20.00 counts.")
    assert {"name": "cut", "value": "10.00"} in cut["values"]
    assert cut["basis"]["article"] == "第25条"
    assert told["assumptions"]
    other = await client.get(
        city.sibling_teacher_account, f"/credit-entries/{entry['id']}/explanation"
    )
    assert (other.status_code, other.json()["code"]) == (404, "credit_entry_not_found")
