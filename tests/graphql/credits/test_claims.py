from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client

CREATE = """
mutation ($new: NewClaim!) { createClaim(new: $new) { id state evidence { kind title } } }
"""
SUBMIT = "mutation ($id: UUID!) { submitClaim(claimId: $id) { state version stage } }"
DECIDE = """
mutation ($id: UUID!, $decision: ClaimDecision!) {
  decideClaim(claimId: $id, decision: $decision) {
    state teacher { name } steps { nodes { act by opinion } }
  }
}
"""
CLAIM = {
    "kind": "DECLARATION",
    "title": "省级骨干教师培训",
    "organiser": "湖南师范大学",
    "earnedOn": "2026-10-15",
    "hours": "10.00",
    "evidence": [{"kind": "certificate", "title": "结业证书", "text": "第2026-17号"}],
}


async def test_a_claim_is_made_and_returned(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    teacher = city.teacher_account
    answer = await client.graphql(teacher, CREATE, {"new": CLAIM})
    made = answer["data"]["createClaim"]
    assert (made["state"], made["evidence"]) == (
        "DRAFT", [{"kind": "certificate", "title": "结业证书"}],
    )  # fmt: skip
    submitted = await client.graphql(teacher, SUBMIT, {"id": made["id"]})
    assert submitted["data"]["submitClaim"] == {
        "state": "SUBMITTED", "version": 2, "stage": "SCHOOL",
    }  # fmt: skip
    decision = {"version": 2, "verdict": "RETURN", "opinion": "请补充学时证明"}
    given = {"id": made["id"], "decision": decision}
    returned = await client.graphql(city.school_admin, DECIDE, given)
    assert returned["data"]["decideClaim"] == {
        "state": "RETURNED",
        "teacher": {"name": "测试甲"},
        "steps": {
            "nodes": [
                {"act": "SUBMIT", "by": "teacher", "opinion": None},
                {"act": "RETURN", "by": "school.admin", "opinion": "请补充学时证明"},
            ]
        },
    }
    late = {"id": made["id"], "decision": decision | {"verdict": "APPROVE"}}
    again = await client.graphql(city.school_admin, DECIDE, late)
    assert again["errors"][0]["extensions"]["code"] == "credit_claim_decided_meanwhile"
