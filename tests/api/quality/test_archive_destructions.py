"""Destroying archives over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_destruction, make_sealed_of


async def test_what_is_retained_is_refused_and_another_decides(
    client: Client, db: Connection, city: City
) -> None:
    volume = await make_sealed_of(db, city)
    path = f"/archive-volumes/{volume['id']}/destructions"
    early = await client.post(city.school_admin, path, {"reason": "柜满"})
    assert (early.status_code, early.json()["code"]) == (409, "archive_retained")
    made = await make_destruction(db, city.school_admin, volume)
    one = f"/archive-destructions/{made['id']}/decide"
    own = await client.post(city.school_admin, one, {"agreed": True, "opinion": "同意"})
    assert (own.status_code, own.json()["code"]) == (409, "archive_destruction_by_proposer")
    done = await client.post(city.county_admin, one, {"agreed": False, "opinion": "仍需保存"})
    assert (done.status_code, done.json()["state"]) == (200, "refused")
    found = await client.get(city.county_admin, "/archive-destructions?state=refused")
    assert [row["id"] for row in found.json()["items"]] == [str(made["id"])]
