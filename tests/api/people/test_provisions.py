from app.domain.access.roles import Permission
from app.domain.people.provisions import Reader, record_reads
from app.sql import Connection
from tests.make import NOW, City, Client
from tests.oauth import make_client


async def test_provisions_are_listed_for_who_answers_for_them(
    client: Client, db: Connection, city: City
) -> None:
    app = await make_client(db, city.county)
    reads = {Reader(app["id"], for_person=True): {Permission.CREDIT_READ: 2}}
    await record_reads(db, reads=reads, now=NOW)
    listed = await client.get(
        city.county_admin,
        f"/provisions?client_id={app['id']}&recipient=application&since=2026-11-20&until=2026-11-21",
    )
    [row] = listed.json()["items"]
    assert (row["times"], row["scope"], row["day"]) == (2, "credit:read", "2026-11-20")
    assert (await client.get(city.other_county_admin, "/provisions")).json()["items"] == []
    refused = await client.get(city.teacher_account, "/provisions")
    assert (refused.status_code, refused.json()["details"]) == (
        403, {"permission": "provision:read"},
    )  # fmt: skip
