"""Mentoring records over GraphQL."""

from datetime import date

from app.sql import Connection
from tests.make import City, Client
from tests.make_mentorships import make_mentorship

TERM = {"valid_from": date(2001, 9, 1), "valid_to": date(2999, 9, 1)}
WRITE = """mutation ($id: UUID!) {
    writeMentoringRecord(mentorshipId: $id, new: {
        kind: OBSERVATION, heldOn: "2002-03-01", hours: "2", content: "听课一节，建议提问后多留白"
    }) { id byMentor mentorship { name } }
}"""
CONFIRM = "mutation ($id: UUID!) { confirmMentoringRecord(recordId: $id) { confirmedAt } }"


async def test_a_record_with_its_mentorship(client: Client, db: Connection, city: City) -> None:
    held = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **TERM
    )
    made = await client.graphql(city.teacher_account, WRITE, {"id": str(held["id"])})
    record = made["data"]["writeMentoringRecord"]
    assert (record["byMentor"], record["mentorship"]["name"]) == (True, "测试乙")
    refused = await client.graphql(city.school_admin, CONFIRM, {"id": record["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    seen = await client.graphql(city.colleague_account, CONFIRM, {"id": record["id"]})
    assert seen["data"]["confirmMentoringRecord"]["confirmedAt"] is not None
    asked = """query ($id: UUID!) {
        mentoringRecord(id: $id) { hours }
        mentoringRecords(confirmed: true) { nodes { kind } }
    }"""
    read = await client.graphql(city.school_admin, asked, {"id": record["id"]})
    assert read["data"] == {
        "mentoringRecord": {"hours": "2.00"},
        "mentoringRecords": {"nodes": [{"kind": "OBSERVATION"}]},
    }
