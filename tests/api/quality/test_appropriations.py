"""Appropriations over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import make_open


async def test_money_is_sent_and_acknowledged_or_returned(
    client: Client, db: Connection, city: City
) -> None:
    _, (start,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    _, (end,) = await make_open(
        db, city.school_admin, city.county_admin, city.school,
        {"title": "上级拨款", "source": "superior"},
    )  # fmt: skip
    new = {
        "from_line_id": str(start["id"]), "to_line_id": str(end["id"]), "amount": "800.00",
        "reason": "测教财〔2026〕1号",
    }  # fmt: skip
    made = await client.post(city.county_admin, "/appropriations", new)
    assert (made.status_code, made.json()["kind"]) == (201, "allocate")
    path = made.headers["location"].removeprefix("/api/v1")
    own = await client.post(city.county_admin, f"{path}/acknowledge")
    assert (own.status_code, own.json()["code"]) == (409, "funds_of_oneself")
    done = await client.post(city.school_admin, f"{path}/acknowledge")
    assert done.json()["state"] == "acknowledged"
    assert (await client.get(city.auditor, path)).json() == done.json()
    other = (await client.post(city.county_admin, "/appropriations", new)).json()
    back = await client.post(
        city.school_admin, f"/appropriations/{other['id']}/return", {"opinion": "科目有误"}
    )
    page = await client.get(city.county_admin, "/appropriations?state=returned")
    assert page.json()["items"] == [back.json()]
    more = await client.post(city.county_admin, "/appropriations", new | {"amount": "99999"})
    assert (more.status_code, more.json()["code"]) == (409, "funds_insufficient")
