"""Assessment requirements over GraphQL."""

from tests.make import City, Client

SET = """mutation ($unit: UUID!) {
    setAssessmentRequirement(unitId: $unit, new: {
        measure: OBSERVATIONS, term: SEMESTER, amount: "8", validFrom: "2026-01-01",
        stratum: CLASS_HEAD
    }) { id amount school { name } }
}"""
END = """mutation ($id: UUID!) {
    endAssessmentRequirement(requirementId: $id, end: {on: "2026-06-01"}) { validTo }
}"""
LIST = "{ assessmentRequirements(inForce: true) { nodes { id measure stratum } } }"
OWN = "{ schoolRequirements { nodes { id } } }"


async def test_a_requirement_is_set_seen_and_ended(client: Client, city: City) -> None:
    given = {"unit": str(city.school["id"])}
    done = await client.graphql(city.school_admin, SET, given)
    made = done["data"]["setAssessmentRequirement"]
    assert (made["amount"], made["school"]) == ("8.00", {"name": "甲县第一小学"})
    listed = await client.graphql(city.county_admin, LIST)
    assert listed["data"]["assessmentRequirements"]["nodes"] == [
        {"id": made["id"], "measure": "OBSERVATIONS", "stratum": "CLASS_HEAD"}
    ]
    own = await client.graphql(city.teacher_account, OWN)
    assert own["data"]["schoolRequirements"]["nodes"] == [{"id": made["id"]}]
    ended = await client.graphql(city.school_admin, END, {"id": made["id"]})
    assert ended["data"]["endAssessmentRequirement"] == {"validTo": "2026-06-01"}
    bureau = await client.graphql(city.county_admin, SET, {"unit": str(city.county["id"])})
    assert bureau["errors"][0]["extensions"]["code"] == "unit_not_a_school"
