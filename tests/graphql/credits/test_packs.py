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


async def test_a_refinement_is_refused_by_the_number_and_the_schemas_are_read(
    client: Client, db: Connection, city: City
) -> None:
    pack = await make_pack(db, city.city)
    refine = (
        "mutation ($unit: UUID!, $document: JSON!)"
        " { refinePack(unitId: $unit, document: $document) { refinesId succeedsId } }"
    )
    ground = {"citation": {"document": "甲教发1号", "article": "1"}}
    document = {
        "id": "jia-county", "version": 1, "title": {"zh": "细化", "en": "County"}, "issuer": "甲县",
        "refines": {"id": pack["pack_id"], "version": 1},
        "effective_from": {"value": "2026-09-01"} | ground,
        "numbers": [{"number": "requirements.total.at_least", "value": {"value": "1.00"} | ground}],
    }  # fmt: skip
    given = {"unit": str(city.county["id"]), "document": document}
    refused = await client.graphql(city.county_admin, refine, given)
    assert refused["errors"][0]["extensions"]["code"] == "pack_refused"
    assert "requirements.total.at_least" in refused["errors"][0]["message"]
    document["numbers"][0]["number"] = "requirements.ethics.at_least"  # type: ignore[index]
    document["numbers"][0]["value"]["value"] = "21.00"  # type: ignore[index]
    made = await client.graphql(city.county_admin, refine, given)
    assert made["data"]["refinePack"] == {"refinesId": str(pack["id"]), "succeedsId": None}
    schemas = await client.graphql(city.teacher_account, "{ packSchema refinementSchema }")
    assert schemas["data"]["packSchema"]["title"] == "PackDocument"
    assert schemas["data"]["refinementSchema"]["title"] == "Refinement"
