from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance
from tests.make_evidence import make_rubric, make_sheet

SUBMIT = """
mutation ($teacher: UUID!) { submitObservationSheet(new: {
  teacherId: $teacher, kind: ROUTINE, heldOn: "2026-11-19", className: "三（2）班",
  subject: CHINESE, title: "一节课", record: "教师以地图导入，学生分组朗读。",
  diagnosis: "提问有层次。", suggestions: "多留白。", scores: [
    {code: "instructional_design", score: "80"}, {code: "lesson_review", score: "80"},
    {code: "learning_guidance", score: "90"}, {code: "learning_evaluation", score: "90"}]
}) { id name total scores { code } activityId rubricId } }
"""


async def test_a_sheet_is_submitted_answered_and_read(client: Client, city: City) -> None:
    key = {"teacher": str(city.teacher["id"])}
    own = await client.graphql(city.teacher_account, SUBMIT, key)
    assert own["errors"][0]["extensions"]["code"] == "observation_of_oneself"
    made = (await client.graphql(city.colleague_account, SUBMIT, key))["data"]
    sheet = made["submitObservationSheet"]
    assert (sheet["name"], sheet["total"], len(sheet["scores"])) == ("测试甲", "85.00", 4)
    assert (sheet["activityId"], sheet["rubricId"]) == (None, None)
    answered = await client.graphql(
        city.teacher_account,
        'mutation ($id: UUID!) { answerObservationSheet(sheetId: $id, answer: {answer: "谢谢。"})'
        " { answer } }",
        {"id": sheet["id"]},
    )
    assert answered["data"]["answerObservationSheet"] == {"answer": "谢谢。"}
    written = await client.graphql(
        city.colleague_account, "{ ownObservations(kind: ROUTINE) { nodes { id answer } } }"
    )
    assert written["data"]["ownObservations"]["nodes"] == [{"id": sheet["id"], "answer": "谢谢。"}]


async def test_sheets_are_read_by_activity_by_teacher_and_alone(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    rubric = await make_rubric(db, city.county, city.county_admin)
    sheet = await make_sheet(
        db, city.teacher, city.county_admin, activity_id=activity["id"], rubric_id=rubric["id"]
    )
    found = await client.graphql(
        city.county_admin,
        "query ($a: UUID!, $t: UUID!, $s: UUID!) {"
        " observationSheets(activityId: $a) { nodes { school } }"
        " teacherObservationSheets(teacherId: $t) { nodes { rubricId } }"
        " observationSheet(id: $s) { activityId } }",
        {"a": str(activity["id"]), "t": str(city.teacher["id"]), "s": str(sheet["id"])},
    )
    assert found["data"] == {
        "observationSheets": {"nodes": [{"school": "甲县第一小学"}]},
        "teacherObservationSheets": {"nodes": [{"rubricId": str(rubric["id"])}]},
        "observationSheet": {"activityId": str(activity["id"])},
    }
