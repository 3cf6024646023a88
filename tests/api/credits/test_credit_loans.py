from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.domain.credits.test_credit_loans import lending
from tests.make import City, Client

LOAN = {"amount": "15.00", "reason": "因公派出"}


async def test_credit_is_lent_and_repaid(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city, lending())
    path = f"/teachers/{city.teacher['id']}/credit-loans"
    wrong = await client.post(city.county_admin, path, LOAN | {"amount": "0.00"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")
    made = await client.post(city.county_admin, path, LOAN)
    assert made.status_code == 201, made.text
    assert (made.json()["credits"], made.json()["repaid_on"]) == ("15.00", None)
    again = await client.post(city.county_admin, path, LOAN)
    assert (again.status_code, again.json()["code"]) == (409, "credit_loan_too_much")
    listed = (await client.get(city.teacher_account, path)).json()["items"]
    assert listed == [made.json()]
    one = f"/credit-loans/{listed[0]['id']}"
    assert (await client.get(city.teacher_account, one)).json() == listed[0]
    repaid = await client.post(city.county_admin, f"{one}/repay", {})
    assert (repaid.status_code, repaid.json()["repaid_on"] is None) == (200, False)
    twice = await client.post(city.county_admin, f"{one}/repay", {})
    assert (twice.status_code, twice.json()["code"]) == (409, "credit_loan_repaid")
