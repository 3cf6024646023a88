"""Rules of incentives over GraphQL."""

from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_regulation

PUBLISH = """mutation ($unit: UUID!, $basis: UUID!) {
    publishIncentiveRule(unitId: $unit, new: {
        code: "model_teacher", name: "先进个人", kind: REWARD, form: HONOUR, honour: OTHER,
        condition: "示范课受好评", regulationId: $basis, clause: "第三条", publicityDays: 7
    }) { id version unit { name } }
}"""
READ = """query ($id: UUID!) {
    incentiveRule(ruleId: $id) { name }
    incentiveRules(inForce: true) { nodes { id } }
    ownIncentiveRules { nodes { id } }
}"""
END = "mutation ($id: UUID!) { endIncentiveRule(ruleId: $id, end: {}) { validTo } }"


async def test_a_rule_is_published_read_and_ended(
    client: Client, db: Connection, city: City
) -> None:
    basis = await make_regulation(db, city.school, city.school_admin, RegulationKind.INCENTIVES)
    given = {"unit": str(city.school["id"]), "basis": str(basis["id"])}
    done = await client.graphql(city.school_admin, PUBLISH, given)
    made = done["data"]["publishIncentiveRule"]
    assert (made["version"], made["unit"]) == (1, {"name": city.school["name"]})
    shown = (await client.graphql(city.school_admin, READ, {"id": made["id"]}))["data"]
    assert shown["incentiveRule"] == {"name": "先进个人"}
    assert shown["incentiveRules"]["nodes"] == [{"id": made["id"]}]
    assert shown["ownIncentiveRules"]["nodes"] == [{"id": made["id"]}]
    ended = await client.graphql(city.school_admin, END, {"id": made["id"]})
    assert ended["data"]["endIncentiveRule"]["validTo"] is not None
