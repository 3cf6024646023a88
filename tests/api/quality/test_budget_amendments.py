"""Amendments of budgets over REST."""

from app.sql import Connection
from tests.make import TODAY, City, Client
from tests.make_funds import make_open

YES = {"opinion": "同意"}


async def test_an_amendment_is_proposed_and_decided(
    client: Client, db: Connection, city: City
) -> None:
    budget, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    path = f"/budgets/{budget['id']}/amendments"
    new = {
        "to_line_id": str(line["id"]), "amount": "500", "effective_on": TODAY.isoformat(),
        "reason": "追加培训经费",
    }  # fmt: skip
    made = await client.post(city.school_admin, path, new)
    assert (made.status_code, made.json()["state"]) == (201, "submitted")
    one = made.headers["location"].removeprefix("/api/v1")
    own = await client.post(city.school_admin, f"{one}/approve", YES)
    assert (own.status_code, own.json()["code"]) == (409, "funds_decided_by_superior")
    done = await client.post(city.county_admin, f"{one}/approve", YES)
    assert (done.json()["state"], done.json()["opinion"]) == ("approved", "同意")
    assert (await client.get(city.auditor, one)).json() == done.json()
    other = await client.post(city.school_admin, path, new)
    no = await client.post(
        city.county_admin, f"/budget-amendments/{other.json()['id']}/reject", YES
    )
    page = await client.get(city.auditor, "/budget-amendments?state=rejected")
    assert page.json()["items"] == [no.json()]
    wrong = await client.post(city.school_admin, path, new | {"from_line_id": str(line["id"])})
    assert wrong.status_code == 422
