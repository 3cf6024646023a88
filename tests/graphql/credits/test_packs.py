from app.domain.credits.packs.published import RulePack
from app.sql import Connection
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack, open_ended
from tests.make import City, Client

PUBLISH = """
mutation ($unit: UUID!, $document: JSON!) {
  publishPack(unitId: $unit, document: $document) { packId version document }
}
"""


async def test_a_pack_is_published_and_read(client: Client, city: City) -> None:
    document = open_ended().model_dump(mode="json", exclude_defaults=True)
    given = {"unit": str(city.city["id"]), "document": document}
    made = await client.graphql(city.city_admin, PUBLISH, given)
    assert made["data"]["publishPack"] == {
        "packId": "yueyang-demo-2026",
        "version": 1,
        "document": document,
    }
    again = await client.graphql(city.city_admin, PUBLISH, given)
    assert again["errors"][0]["extensions"]["code"] == "rule_pack_exists"
    wrong = await client.graphql(city.city_admin, PUBLISH, {**given, "document": {"id": 1}})
    assert wrong["errors"][0]["extensions"]["code"] == "pack_refused"
    shapeless = await client.graphql(city.city_admin, PUBLISH, {**given, "document": [1]})
    assert shapeless["errors"][0]["extensions"]["code"] == "invalid_request"


async def test_documents_are_read_together(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    first = await make_pack(db, city.city)
    await db.insert(RulePack, {**first, "id": city.city["id"], "version": 2})
    before = pool.statements
    answer = await client.graphql(city.teacher_account, "{ packs { nodes { version document } } }")
    assert [row["version"] for row in answer["data"]["packs"]["nodes"]] == [2, 1]
    assert pool.statements - before == 2
    one = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { pack(id: $id) { titleZh effectiveTo } }",
        {"id": str(first["id"])},
    )
    assert one["data"]["pack"]["effectiveTo"] is None
