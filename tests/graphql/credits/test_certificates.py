"""Certificates over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_certificates import all_certificates, make_batch

APPROVE = "mutation ($id: UUID!) { approveCertificateBatch(batchId: $id) { state issued } }"
OWN = """
{ certificates { nodes { id number name state sealState teacher { name } } } }
"""
CREDENTIAL = "query ($id: UUID!) { certificateCredential(certificateId: $id) { credential } }"
REVOKE = """
mutation ($id: UUID!) { revokeCertificate(certificateId: $id, end: {reason: "登记有误"}) { state } }
"""


async def test_a_batch_is_approved_and_a_certificate_revoked(
    client: Client, db: Connection, city: City
) -> None:
    batch = await make_batch(db, city)
    asked = {"id": str(batch["id"])}
    denied = await client.graphql(city.county_admin, APPROVE, asked)
    assert denied["errors"][0]["extensions"]["code"] == "not_allowed"
    assert await all_certificates(db) == []
    done = await client.graphql(city.city_admin, APPROVE, asked)
    assert done["data"]["approveCertificateBatch"] == {"state": "APPROVED", "issued": 2}
    own = await client.graphql(city.teacher_account, OWN)
    [certificate] = own["data"]["certificates"]["nodes"]
    assert certificate["teacher"] == {"name": "测试甲"}
    assert (certificate["state"], certificate["sealState"]) == ("ISSUED", "UNSEALED")
    key = {"id": certificate["id"]}
    credential = await client.graphql(city.teacher_account, CREDENTIAL, key)
    assert credential["data"]["certificateCredential"]["credential"].count(".") == 2
    ended = await client.graphql(city.city_admin, REVOKE, key)
    assert ended["data"]["revokeCertificate"] == {"state": "REVOKED"}
    refused = await client.graphql(city.teacher_account, CREDENTIAL, key)
    assert refused["errors"][0]["extensions"]["code"] == "certificate_ended"
