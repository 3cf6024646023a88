import asyncpg

from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client

REVERSE = """
mutation ($id: UUID!, $new: NewReversal!) {
  reverseEntry(entryId: $id, new: $new) { kind credits reason }
}
"""


async def test_an_entry_is_reversed(
    client: Client, db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    entry_id = str(await driver.fetchval("SELECT id FROM credit_entry"))
    given = {"id": entry_id, "new": {"reason": "登记有误"}}
    answer = await client.graphql(city.county_admin, REVERSE, given)
    assert answer["data"]["reverseEntry"] == {
        "kind": "REVERSE",
        "credits": "-10.00",
        "reason": "登记有误",
    }
    again = await client.graphql(city.county_admin, REVERSE, given)
    assert again["errors"][0]["extensions"]["code"] == "credit_entry_already_reversed"


CORRECT = """
mutation ($id: UUID!, $new: NewEntryCorrection!) {
  correctEntry(entryId: $id, new: $new) { attempt role credits }
}
"""


async def test_an_entry_is_corrected(
    client: Client, db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    entry_id = str(await driver.fetchval("SELECT id FROM credit_entry"))
    new = {"hours": "10.00", "role": "SPEAKER", "reason": "实为主讲"}
    answer = await client.graphql(city.county_admin, CORRECT, {"id": entry_id, "new": new})
    assert answer["data"]["correctEntry"] == {"attempt": 2, "role": "speaker", "credits": "20.00"}
