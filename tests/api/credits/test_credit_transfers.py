from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.domain.credits.test_credit_transfers import DOCUMENT, LINE
from tests.make import City, Client


async def test_credit_comes_in_and_goes_out(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    path = f"/teachers/{city.teacher['id']}/credit-transfers"
    wrong = await client.post(city.county_admin, f"{path}/in", DOCUMENT | {"items": []})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")
    made = await client.post(city.county_admin, f"{path}/in", DOCUMENT | {"items": [LINE]})
    assert made.status_code == 201, made.text
    assert (made.json()["direction"], made.json()["credits"]) == ("in", "90.00")
    again = await client.post(city.county_admin, f"{path}/in", DOCUMENT | {"items": [LINE]})
    assert (again.status_code, again.json()["code"]) == (409, "credit_transfer_registered")
    gone = await client.post(city.county_admin, f"{path}/out", DOCUMENT)
    assert (gone.status_code, gone.json()["entries"]) == (201, 2)
    listed = (await client.get(city.teacher_account, path)).json()["items"]
    assert [row["direction"] for row in listed] == ["in", "out"]
    one = await client.get(city.teacher_account, f"/credit-transfers/{listed[0]['id']}")
    assert one.json() == listed[0]
