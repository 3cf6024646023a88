"""Schemes of pay inputs over GraphQL."""

from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_regulation

PUBLISH = """mutation ($unit: UUID!, $basis: UUID!) {
    publishPayScheme(unitId: $unit, new: {
        name: "优质优酬", regulationId: $basis, clause: "第六条",
        terms: [{measure: TALKS, weight: "3", cap: "15", rule: "每场3分"}]
    }) { id terms { measure weight } school { name } }
}"""
READ = """query ($id: UUID!) {
    payScheme(schemeId: $id) { name }
    paySchemes { nodes { version } }
    ownPaySchemes { nodes { id } }
}"""


async def test_a_scheme_is_published_and_read(client: Client, db: Connection, city: City) -> None:
    basis = await make_regulation(db, city.school, city.school_admin, RegulationKind.INCENTIVES)
    given = {"unit": str(city.school["id"]), "basis": str(basis["id"])}
    made = (await client.graphql(city.school_admin, PUBLISH, given))["data"]["publishPayScheme"]
    assert made["terms"] == [{"measure": "TALKS", "weight": "3"}]
    assert made["school"] == {"name": city.school["name"]}
    shown = (await client.graphql(city.school_admin, READ, {"id": made["id"]}))["data"]
    assert shown == {
        "payScheme": {"name": "优质优酬"}, "paySchemes": {"nodes": [{"version": 1}]},
        "ownPaySchemes": {"nodes": [{"id": made["id"]}]},
    }  # fmt: skip
