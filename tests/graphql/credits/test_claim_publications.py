from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client
from tests.make_claims import PUBLISHING, decide, make_submitted, with_procedure

PUBLISH = "mutation ($new: NewClaimPublication!) { publishClaims(new: $new) { id unitId } }"
SHOWN = """
query ($id: UUID!) {
  claimPublication(id: $id) { closesOn }
  publishedClaims(publicationId: $id) { claimId name title }
}
"""
OBJECT = """
mutation ($id: UUID!, $new: NewClaimObjection!) {
  objectToClaim(publicationId: $id, new: $new) { id by }
}
"""
DECIDE = """
mutation ($id: UUID!) {
  decideClaimObjection(objectionId: $id, decision: {upheld: false, answer: "证据不足"}) { upheld }
}
"""


async def test_a_publication(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city, with_procedure(**PUBLISHING))
    claim = await make_submitted(db, city.teacher_account)
    for person in (city.school_admin, city.county_admin):
        claim = await decide(db, person, claim)
    new = {"unitId": str(city.county["id"]), "claimIds": [str(claim["id"])]}
    made = (await client.graphql(city.county_admin, PUBLISH, {"new": new}))["data"]
    key = {"id": made["publishClaims"]["id"]}
    reader = city.sibling_teacher_account
    shown = (await client.graphql(reader, SHOWN, key))["data"]["publishedClaims"]
    assert shown == [
        {"claimId": str(claim["id"]), "name": "测**", "title": "省级骨干教师培训"}
    ]  # fmt: skip
    objection = {"claimId": str(claim["id"]), "reason": "本人未参加"}
    raised = await client.graphql(reader, OBJECT, key | {"new": objection})
    assert raised["data"]["objectToClaim"]["by"] == "sibling.teacher"
    decided = await client.graphql(
        city.county_admin, DECIDE, {"id": raised["data"]["objectToClaim"]["id"]}
    )
    assert decided["data"]["decideClaimObjection"] == {"upheld": False}
    far = await client.graphql(city.other_county_admin, SHOWN, key)
    assert far["errors"][0]["extensions"]["code"] == "claim_publication_not_found"
