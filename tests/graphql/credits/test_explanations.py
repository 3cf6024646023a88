import asyncpg

from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client

WHY = """
query ($id: UUID!) {
  explanation(entryId: $id) { earned counted steps { code zh basis { article } } }
}
"""


async def test_a_teacher_asks_why(
    client: Client, db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    entry_id = str(await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 2"))
    answer = await client.graphql(city.teacher_account, WHY, {"id": entry_id})
    assert "errors" not in answer, answer
    told = answer["data"]["explanation"]
    assert (told["earned"], told["counted"]) == ("30.00", "20.00")
    cut = next(step for step in told["steps"] if step["code"] == "cut_by_cap")
    assert "核减10.00" in cut["zh"]
    assert cut["basis"] == {"article": "第25条"}
    other = await client.graphql(city.colleague_account, WHY, {"id": entry_id})
    assert other["errors"][0]["extensions"]["code"] == "credit_entry_not_found"
