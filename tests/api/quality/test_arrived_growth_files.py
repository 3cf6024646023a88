"""Growth files from elsewhere over REST: one city's record, taken in by another."""

from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import check, make_assembled, make_material

RELEASE = {
    "recipient_name": "邻市教育局", "purpose": "调动", "kinds": ["participation", "note"],
    "valid_until": "2099-12-31",
}  # fmt: skip


async def test_a_record_is_handed_in_as_a_file_and_taken_in(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    await make_material(db, city.school_admin, city.school, city.teacher)
    volume = await make_assembled(db, city.school_admin, city.school, city.teacher)
    await check(db, city.county_admin, volume)
    await client.post(city.county_admin, f"/archive-volumes/{volume['id']}/seal")
    release = (await client.post(city.teacher_account, "/me/growth-releases", RELEASE)).json()
    given = (
        await client.post(city.school_admin, f"/growth-releases/{release['id']}/hand-over")
    ).json()
    issuer = resources.credential_issuer.did
    keys = [
        {name: each[name] for name in ("kty", "crv", "x", "y")} for each in resources.signer.jwks()
    ]
    trusted = await client.post(
        city.city_admin, f"/units/{city.city['id']}/growth-issuers",
        {"did": issuer, "name": "本系统", "keys": keys},
    )  # fmt: skip
    assert trusted.status_code == 201
    uploaded = await client.request(
        city.school_admin, "POST", "/files", content=given["document"].encode(),
        headers={"Content-Type": "text/plain"},
        params={"name": "growth.txt", "unit_id": str(city.school["id"])},
    )  # fmt: skip
    file = uploaded.json()
    path = f"/teachers/{city.teacher['id']}/arrived-growth-files"
    made = await client.post(city.school_admin, path, {"file_id": file["id"]})
    assert (made.status_code, made.json()["issuer_name"]) == (201, "本系统")
    one = f"/arrived-growth-files/{made.json()['id']}"
    assert (await client.get(city.teacher_account, one)).json() == made.json()
    pieces = (await client.get(city.teacher_account, f"{one}/pieces")).json()
    assert [each["kind"] for each in pieces] == ["participation", "note"]
    again = await client.post(city.school_admin, path, {"file_id": file["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "growth_file_arrived")
    ended = await client.post(city.city_admin, f"/growth-issuers/{trusted.json()['id']}/end")
    assert ended.json()["ended_at"] is not None
    found = await client.get(city.county_admin, "/arrived-growth-files")
    assert len(found.json()["items"]) == 1
    assert len((await client.get(city.city_admin, "/growth-issuers")).json()["items"]) == 1
