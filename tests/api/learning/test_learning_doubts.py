from datetime import timedelta

from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_learning import make_class, make_player, settle, statement, tell


async def test_a_doubt_is_seen_and_decided(client: Client, db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    early = statement(city.teacher, activity, at=NOW - timedelta(days=60))
    await tell(db, player, early)
    await settle(db)
    path = f"/learning-doubts?activity_id={activity['id']}&kind=outside_window&state=open"
    (doubt,) = (await client.get(city.county_admin, path)).json()["items"]
    assert (doubt["records"], doubt["figures"]) == ([early["id"]], {"records": 1})
    one = f"/learning-doubts/{doubt['id']}"
    assert (await client.get(city.auditor, one)).json() == doubt
    opinion = {"opinion": "平台时钟有误，已更正"}
    for person, status, code in (
        (city.other_county_admin, 404, "learning_doubt_not_found"),
        (city.auditor, 403, "not_allowed"),
    ):
        refused = await client.post(person, f"{one}/confirm", opinion)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    told = await client.post(city.county_admin, f"{one}/dismiss", opinion)
    assert (told.status_code, told.json()["state"]) == (200, "dismissed")
    again = await client.post(city.county_admin, f"{one}/confirm", opinion)
    assert (again.status_code, again.json()["code"]) == (409, "learning_doubt_decided")
    assert (await client.get(city.county_admin, path)).json()["items"] == []
