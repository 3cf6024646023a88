from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client
from tests.make_claims import PUBLISHING, decide, make_submitted, with_procedure


async def test_a_claim_is_published_and_objected_to(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city, with_procedure(**PUBLISHING))
    claim = await make_submitted(db, city.teacher_account)
    for person in (city.school_admin, city.county_admin):
        claim = await decide(db, person, claim)
    new = {"unit_id": str(city.county["id"]), "claim_ids": [str(claim["id"])]}
    published = await client.post(city.county_admin, "/claim-publications", new)
    assert published.status_code == 201, published.text
    path = published.headers["Location"].removeprefix("/api/v1")
    reader = city.sibling_teacher_account
    assert (await client.get(reader, path)).json() == published.json()
    shown = (await client.get(reader, f"{path}/claims")).json()
    assert [(each["name"], each["credits"]) for each in shown] == [("测**", "10.00")]
    listed = (await client.get(reader, "/claim-publications")).json()["items"]
    assert [each["id"] for each in listed] == [published.json()["id"]]
    objection = {"claim_id": str(claim["id"]), "reason": "本人未参加该培训"}
    raised = await client.post(reader, f"{path}/objections", objection)
    assert raised.status_code == 201, raised.text
    twice = await client.post(reader, f"{path}/objections", objection)
    assert twice.json()["code"] == "claim_objection_raised"
    waiting = (await client.get(city.county_admin, "/claim-objections")).json()["items"]
    assert waiting == [raised.json()]
    decision = {"upheld": True, "answer": "经核实属实"}
    decided = await client.post(
        city.county_admin, f"/claim-objections/{raised.json()['id']}/decide", decision
    )
    assert decided.json()["upheld"] is True
    assert (await client.get(reader, f"{path}/claims")).json() == []
    empty = await client.post(city.county_admin, "/claim-publications", new)
    assert (empty.status_code, empty.json()["code"]) == (409, "claims_not_publishable")
