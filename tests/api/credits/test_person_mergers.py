"""Mergers of two records over REST."""

from app.request import Resources
from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client
from tests.make_programmes import make_twins

AGREED = {"opinion": "情况属实", "confirmed": True}


async def test_a_merger_by_both_sides(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    await make_recognised(db, city.city, city.city_admin, [other])
    new = {
        "survivor_id": str(one["id"]), "id_kind": "passport", "id_number": "E87654321",
        "reason": "本人说明在两校登记", "confirmed": True,
    }  # fmt: skip
    unsure = await client.post(city.school_admin, "/person-mergers", new | {"confirmed": False})
    assert (unsure.status_code, unsure.json()["code"]) == (422, "invalid_request")
    made = await client.post(city.school_admin, "/person-mergers", new)
    assert (made.status_code, made.json()["state"]) == (201, "proposed"), made.text
    again = await client.post(city.school_admin, "/person-mergers", new)
    assert (again.status_code, again.json()["code"]) == (409, "person_merger_open")
    path = made.headers["location"].removeprefix("/api/v1")
    own = await client.post(city.school_admin, f"{path}/accept", AGREED)
    assert (own.status_code, own.json()["code"]) == (409, "person_merger_other_side")
    done = await client.post(city.other_county_admin, f"{path}/accept", AGREED)
    assert (done.json()["state"], done.json()["carried_over"]) == ("merged", 1), done.text
    assert (await client.get(city.auditor, path)).json() == done.json()
    page = await client.get(city.county_admin, "/person-mergers?state=merged")
    assert page.json()["items"] == [done.json()]
    former = await client.get(city.other_county_admin, f"/teachers/{other['id']}")
    assert (former.status_code, former.json()["code"]) == (409, "teacher_merged")
    assert former.json()["details"] == {"merged_into": str(one["id"])}
    over = await client.post(city.other_county_admin, f"{path}/decline", {"opinion": "不同意"})
    assert (over.status_code, over.json()["code"]) == (409, "person_merger_not_open")
