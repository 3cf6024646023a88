from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_needs import make_diagnosis

RECORD = (
    "mutation ($id: UUID!, $new: NewDiagnosis!) { recordDiagnosis(unitId: $id, new: $new)"
    " { id unit { name } byUnit { name } findings { aspect finding } } }"
)
NEW = {
    "diagnosedOn": "2026-11-03", "periodFrom": "2026-03-01", "periodTo": "2026-07-10",
    "findings": [{"aspect": "PLANNING", "finding": "有计划"}], "strengths": "参与面广",
    "problems": "流于形式", "suggestions": "增加次数",
}  # fmt: skip


async def test_a_school_is_diagnosed_and_answers(client: Client, city: City) -> None:
    made = await client.graphql(
        city.county_admin, RECORD, {"id": str(city.school["id"]), "new": NEW}
    )
    diagnosis = made["data"]["recordDiagnosis"]
    assert (diagnosis["unit"], diagnosis["byUnit"]) == (
        {"name": "甲县第一小学"}, {"name": "甲县"},
    )  # fmt: skip
    assert diagnosis["findings"] == NEW["findings"]
    answer = (
        "mutation ($id: UUID!, $reply: DiagnosisAnswer!)"
        " { answerDiagnosis(diagnosisId: $id, reply: $reply) { measures { measure dueOn } } }"
    )
    measures = [{"measure": "增加次数", "dueOn": "2098-12-31"}]
    given = {"id": diagnosis["id"], "reply": {"answer": "照办", "measures": measures}}
    above = await client.graphql(city.county_admin, answer, given)
    assert above["errors"][0]["extensions"]["code"] == "diagnosis_answered_elsewhere"
    answered = await client.graphql(city.school_admin, answer, given)
    assert answered["data"]["answerDiagnosis"] == {"measures": measures}
    read = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { diagnosis(id: $id) { answer }"
        " diagnoses(answered: true) { nodes { answer } } }",
        {"id": diagnosis["id"]},
    )
    assert read["data"] == {
        "diagnosis": {"answer": "照办"}, "diagnoses": {"nodes": [{"answer": "照办"}]},
    }  # fmt: skip


async def test_schools_that_are_due_are_two_statements(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    await make_diagnosis(db, city.school, city.county_admin)
    before = pool.statements
    shown = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { diagnosisDues(unitId: $id) { name diagnosedOn overdue } }",
        {"id": str(city.county["id"])},
    )
    assert shown["data"]["diagnosisDues"] == [
        {"name": "甲县第二小学", "diagnosedOn": None, "overdue": True},
        {"name": "甲县第一小学", "diagnosedOn": "2026-11-03", "overdue": False},
    ]
    assert pool.statements - before == 2
