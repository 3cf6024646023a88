from app.domain.access.roles import Permission
from app.domain.people.provisions import Reader, record_reads
from app.sql import Connection
from tests.make import NOW, City, Client
from tests.oauth import make_client

LISTING = "{ provisions(recipient: APPLICATION) { nodes { scope times categories } totalCount } }"


async def test_provisions_are_listed(client: Client, db: Connection, city: City) -> None:
    app = await make_client(db, city.county)
    reads = {Reader(app["id"], for_person=True): {Permission.CREDIT_READ: 2}}
    await record_reads(db, reads=reads, now=NOW)
    listed = await client.graphql(city.county_admin, LISTING)
    assert listed["data"]["provisions"] == {
        "nodes": [{"scope": "CREDIT_READ", "times": 2, "categories": ["CREDITS"]}],
        "totalCount": 1,
    }
    refused = await client.graphql(city.teacher_account, LISTING)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
