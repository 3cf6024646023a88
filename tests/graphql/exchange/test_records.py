from app.domain.access.roles import Permission
from app.domain.people.provisions import Reader, record_reads
from app.sql import Connection
from tests.make import NOW, City, Client
from tests.oauth import make_client

LISTING = "{ ownProvisions { nodes { times recipientName } } }"


async def test_one_is_told_what_was_provided_to_others(
    client: Client, db: Connection, city: City
) -> None:
    app = await make_client(db, city.city)
    reads = {Reader(app["id"], for_person=False): {Permission.TEACHER_READ: 7}}
    await record_reads(db, reads=reads, now=NOW)
    told = await client.graphql(city.teacher_account, LISTING)
    [row] = told["data"]["ownProvisions"]["nodes"]
    assert row["times"] == 7
    refused = await client.graphql(city.city_admin, LISTING)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
