"""Regulations of schools over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_file

CREATE = (
    "mutation ($new: NewRegulation!) { createRegulation(new: $new) { id version unit { name } } }"
)
ADD = """
mutation ($id: UUID!, $new: NewRegulationVersion!) {
  addRegulationVersion(regulationId: $id, new: $new) { version effectiveFrom }
}
"""
READ = """
query ($id: UUID!, $unit: UUID!) {
  regulation(id: $id) { title inForce }
  regulations { totalCount }
  ownRegulations { nodes { kind } }
  regulationVersions(regulationId: $id) { number }
  missingRegulations(unitId: $unit) { missing }
  regulationCoverage(unitId: $unit) { kind withIt }
}
"""
REPEAL = "mutation ($id: UUID!) { repealRegulation(regulationId: $id, repeal: {}) { inForce } }"


LINK = """
mutation ($id: UUID!) { createRegulationFileLink(regulationId: $id, number: 1, new: {}) { url } }
"""


async def test_the_file_of_a_text_is_opened(client: Client, db: Connection, city: City) -> None:
    file = await make_file(db, city.school, city.school_admin)
    new = {
        "unitId": str(city.school["id"]), "kind": "MANAGEMENT", "title": "校本研修管理制度",
        "effectiveFrom": "2014-09-01", "fileId": str(file["id"]),
    }  # fmt: skip
    made = (await client.graphql(city.school_admin, CREATE, {"new": new}))["data"]
    key = {"id": made["createRegulation"]["id"]}
    link = await client.graphql(city.teacher_account, LINK, key)
    assert str(file["id"]) in link["data"]["createRegulationFileLink"]["url"]
    outside = await client.graphql(city.sibling_admin, LINK, key)
    assert outside["errors"][0]["extensions"]["code"] == "regulation_not_found"


async def test_a_regulation_in_versions(client: Client, city: City) -> None:
    school = str(city.school["id"])
    new = {
        "unitId": school, "kind": "MANAGEMENT", "title": "校本研修管理制度",
        "effectiveFrom": "2014-09-01", "text": "民主多元。",
    }  # fmt: skip
    made = (await client.graphql(city.school_admin, CREATE, {"new": new}))["data"]
    row = made["createRegulation"]
    assert (row["version"], row["unit"]["name"]) == (1, city.school["name"])
    key = {"id": row["id"]}
    text = {"effectiveFrom": "2015-09-01", "text": "修订。"}
    added = await client.graphql(city.school_admin, ADD, {**key, "new": text})
    expected = {"version": 2, "effectiveFrom": "2015-09-01"}
    assert added["data"]["addRegulationVersion"] == expected
    read = (await client.graphql(city.school_admin, READ, {**key, "unit": school}))["data"]
    assert read["regulation"] == {"title": "校本研修管理制度", "inForce": True}
    assert read["regulations"] == {"totalCount": 1}
    assert read["ownRegulations"]["nodes"] == [{"kind": "MANAGEMENT"}]
    assert [each["number"] for each in read["regulationVersions"]] == [1, 2]
    assert [len(each["missing"]) for each in read["missingRegulations"]] == [4]
    assert [each["withIt"] for each in read["regulationCoverage"]] == [0, 0, 0, 1, 0]
    ended = await client.graphql(city.school_admin, REPEAL, key)
    assert ended["data"]["repealRegulation"] == {"inForce": False}
