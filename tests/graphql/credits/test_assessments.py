"""Assessments of teachers over GraphQL."""

from app.sql import Connection
from tests.domain.credits.test_assessment_requirements import ask
from tests.make import City, Client

DAYS = 'term: YEAR, startsOn: "2025-09-01", endsOn: "2026-08-31"'
RECORD = f"""mutation ($id: UUID!) {{
    recordAssessment(teacherId: $id, new: {{{DAYS}, judgement: EXCELLENT}}) {{
        id asked met judgement teacher {{ name }}
    }}
}}"""
OWN = f"""query ($id: UUID!) {{
    teacherReached(teacherId: $id, {DAYS}) {{ measure needed reached met }}
    assessments {{ nodes {{ id }} }}
}}"""
SCHOOL = f"query ($id: UUID!) {{ schoolReached(unitId: $id, {DAYS}) {{ name met }} }}"
FIGURES = "query ($id: UUID!) { assessmentFigures(assessmentId: $id) { measure needed stratum } }"


async def test_a_result_is_recorded_and_seen(client: Client, db: Connection, city: City) -> None:
    await ask(db, city.school_admin, city.school, valid_from="2025-09-01")
    teacher = {"id": str(city.teacher["id"])}
    done = await client.graphql(city.school_admin, RECORD, teacher)
    made = done["data"]["recordAssessment"]
    assert (made["asked"], made["met"], made["teacher"]) == (1, 0, {"name": "测试甲"})
    own = (await client.graphql(city.teacher_account, OWN, teacher))["data"]
    assert own["assessments"]["nodes"] == [{"id": made["id"]}]
    (figure,) = own["teacherReached"]
    assert (figure["measure"], figure["needed"], figure["met"]) == ("HOURS", "40.00", False)
    kept = await client.graphql(city.teacher_account, FIGURES, {"id": made["id"]})
    assert kept["data"]["assessmentFigures"] == [
        {"measure": "HOURS", "needed": "40.00", "stratum": None}
    ]
    school = await client.graphql(city.school_admin, SCHOOL, {"id": str(city.school["id"])})
    assert [each["name"] for each in school["data"]["schoolReached"]] == ["测试乙", "测试甲"]
    refused = await client.graphql(city.teacher_account, RECORD, teacher)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
