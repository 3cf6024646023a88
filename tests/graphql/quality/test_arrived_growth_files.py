"""Growth files from elsewhere over GraphQL."""

from app.request import Resources
from app.sql import Connection
from tests.domain.quality.test_archive_retrievals import keep
from tests.domain.quality.test_arrived_growth_files import KEYS, make_document
from tests.make import City, Client
from tests.make_archives import ISSUER
from tests.make_evidence import make_file

TRUST = """mutation ($unit: UUID!, $did: String!, $keys: [NewGrowthKey!]!) {
    trustGrowthIssuer(unitId: $unit, new: {did: $did, name: "邻市教育局", keys: $keys}) {
        id did keys { kty x }
    }
}"""
TAKE_IN = """mutation ($teacher: UUID!, $file: UUID!) {
    takeInGrowthFile(teacherId: $teacher, new: {fileId: $file}) { id pieces teacher { name } }
}"""
READ = """query ($id: UUID!) {
    arrivedGrowthFile(arrivalId: $id) { issuerName }
    arrivedPieces(arrivalId: $id) { kind schoolYear }
    arrivedGrowthFiles { nodes { id } }
}"""
END = "mutation ($id: UUID!) { endGrowthIssuer(issuerId: $id) { endedAt } }"
ISSUERS = "{ growthIssuers { nodes { id } } }"


async def test_a_record_is_taken_in(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    text = await make_document(db, city)
    stored = await keep(resources, text.encode())
    file = await make_file(db, city.school, city.school_admin, name="growth.txt", **stored)
    both = {"teacher": str(city.teacher["id"]), "file": str(file["id"])}
    unknown = await client.graphql(city.school_admin, TAKE_IN, both)
    assert unknown["errors"][0]["extensions"]["code"] == "growth_issuer_unknown"
    asked = {"unit": str(city.city["id"]), "did": ISSUER.did, "keys": KEYS}
    trusted = (await client.graphql(city.city_admin, TRUST, asked))["data"]["trustGrowthIssuer"]
    assert trusted["keys"] == [{"kty": "EC", "x": KEYS[0]["x"]}]
    made = (await client.graphql(city.school_admin, TAKE_IN, both))["data"]["takeInGrowthFile"]
    assert (made["pieces"], made["teacher"]) == (2, {"name": city.teacher["name"]})
    shown = (await client.graphql(city.teacher_account, READ, {"id": made["id"]}))["data"]
    assert shown["arrivedGrowthFile"] == {"issuerName": "邻市教育局"}
    assert shown["arrivedPieces"][0] == {"kind": "participation", "schoolYear": 2026}
    assert shown["arrivedGrowthFiles"]["nodes"] == [{"id": made["id"]}]
    ended = await client.graphql(city.city_admin, END, {"id": trusted["id"]})
    assert ended["data"]["endGrowthIssuer"]["endedAt"] is not None
    found = (await client.graphql(city.city_admin, ISSUERS))["data"]["growthIssuers"]
    assert found["nodes"] == [{"id": trusted["id"]}]
