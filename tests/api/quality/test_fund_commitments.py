"""Commitments over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import make_open


async def test_money_is_set_aside_and_released(client: Client, db: Connection, city: City) -> None:
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    path = f"/budget-lines/{line['id']}/commitments"
    new = {"amount": "800", "summary": "专家讲座", "other_purpose": "未对应登记事项"}
    made = await client.post(city.school_admin, path, new)
    assert (made.status_code, made.json()["remaining"]) == (201, "800.00")
    one = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.auditor, one)).json() == made.json()
    done = await client.post(city.school_admin, f"{one}/release", {"opinion": "活动取消"})
    assert (done.json()["remaining"], done.json()["release_reason"]) == ("0.00", "活动取消")
    page = await client.get(city.county_admin, "/fund-commitments?released=true")
    assert page.json()["items"] == [done.json()]
    none = await client.post(city.school_admin, path, {"amount": "1", "summary": "讲座"})
    assert none.status_code == 422
