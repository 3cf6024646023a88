"""Releases of growth files over REST."""

import json

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_sealed_of

NEW = {
    "recipient_name": "邻市教育局", "purpose": "调动后衔接培训档案", "kinds": ["note"],
    "valid_until": "2099-12-31",
}  # fmt: skip


async def test_what_a_person_lets_go_is_handed_over_once(
    client: Client, db: Connection, city: City
) -> None:
    await make_sealed_of(db, city, growth=True)
    made = await client.post(city.teacher_account, "/me/growth-releases", NEW)
    assert (made.status_code, made.json()["state"]) == (201, "given")
    one = f"/growth-releases/{made.json()['id']}"
    assert (await client.get(city.school_admin, one)).json() == made.json()
    given = (await client.post(city.school_admin, f"{one}/hand-over")).json()
    document = json.loads(given["document"])
    assert (document["format"], given["pieces"]) == ("yanxun-growth-file", 1)
    assert document["record"]["kinds"] == ["note"]
    again = await client.post(city.school_admin, f"{one}/hand-over")
    assert (again.status_code, again.json()["code"]) == (409, "growth_release_over")
    late = await client.post(city.teacher_account, f"{one}/revoke")
    assert (late.status_code, late.json()["code"]) == (409, "growth_release_over")
    shown = (await client.get(city.teacher_account, "/me/record/provisions")).json()["items"]
    assert [row["recipient_name"] for row in shown] == ["邻市教育局"]
    found = await client.get(city.school_admin, "/growth-releases?state=handed_over")
    assert len(found.json()["items"]) == 1


async def test_who_is_no_teacher_has_nothing_to_let_go(client: Client, city: City) -> None:
    refused = await client.post(city.school_admin, "/me/growth-releases", NEW)
    assert refused.status_code in {403, 404, 409}
    found = await client.get(city.school_admin, "/growth-releases")
    assert found.json()["items"] == []


async def test_a_release_is_revoked(client: Client, city: City) -> None:
    made = (await client.post(city.teacher_account, "/me/growth-releases", NEW)).json()
    gone = await client.post(city.teacher_account, f"/growth-releases/{made['id']}/revoke")
    assert (gone.status_code, gone.json()["state"]) == (200, "revoked")
