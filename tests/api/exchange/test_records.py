from app.domain.access.roles import Permission
from app.domain.people.provisions import Reader, record_reads
from app.sql import Connection
from tests.make import NOW, City, Client
from tests.oauth import make_client


async def test_the_record_is_a_file(client: Client, db: Connection, city: City) -> None:
    answer = await client.get(city.teacher_account, "/me/record")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="record.json"'
    record = answer.json()
    assert [row["name"] for row in record["teacher"]] == ["测试甲"]
    assert record["account"][0]["id"] == str(city.teacher_account.actor.account_id)
    refused = await client.get(city.school_admin, "/me/record")
    assert (refused.status_code, refused.json()["details"]) == (403, {"permission": "record:own"})


async def test_one_is_told_what_was_provided_to_others(
    client: Client, db: Connection, city: City
) -> None:
    app = await make_client(db, city.city)
    reads = {Reader(app["id"], for_person=False): {Permission.TEACHER_READ: 7}}
    await record_reads(db, reads=reads, now=NOW)
    listed = await client.get(city.teacher_account, "/me/record/provisions")
    [row] = listed.json()["items"]
    assert (row["times"], row["categories"]) == (7, ["identity"])
    refused = await client.get(city.city_admin, "/me/record/provisions")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
