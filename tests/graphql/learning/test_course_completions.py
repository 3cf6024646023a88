"""Completion of courses over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_completions import JUDGEMENT, attend, close_class, make_class_with

JUDGE = """mutation ($id: UUID!, $teacher: UUID!) {
  judgeCourseParticipants(activityId: $id, new: {
    judgements: [{teacherId: $teacher, isSufficient: true}] }) { judged } }"""
PROGRESS = """query ($id: UUID!, $teacher: UUID!) {
  classProgress(activityId: $id) { name isMet }
  courseProgress(activityId: $id, teacherId: $teacher) {
    completed conditions { kind required reached isMet } } }"""
SETTLE = "mutation ($id: UUID!) { settleCourseCompletions(activityId: $id) { settled completed } }"
CORRECT = """mutation ($id: UUID!) { correctCourseCompletion(completionId: $id, correction: {
  completed: false, reason: "签到表有误" }) { completed reason } }"""
READ = """query ($id: UUID!, $teacher: UUID!) {
  courseCompletions(activityId: $id) { nodes { id completed name } }
  teacherCourseCompletions(teacherId: $teacher) {
    nodes { completed activity { id } conditions { reached } } } }"""


async def test_a_class_from_its_progress_to_what_was_settled(
    client: Client, db: Connection, city: City
) -> None:
    made = await make_class_with(db, city, JUDGEMENT)
    by = city.school_admin
    await attend(db, made, by, city.teacher)
    one = {"id": str(made["activity_id"])}
    both = one | {"teacher": str(city.teacher["id"])}
    assert (await client.graphql(by, JUDGE, both))["data"] == {
        "judgeCourseParticipants": {"judged": 1}
    }
    told = (await client.graphql(by, PROGRESS, both))["data"]
    assert told == {
        "classProgress": [{"name": "测试甲", "isMet": True}],
        "courseProgress": {
            "completed": None,
            "conditions": [
                {"kind": "JUDGEMENT", "required": "1", "reached": "1", "isMet": True}
            ],
        },
    }  # fmt: skip
    await close_class(db, by, made)
    done = await client.graphql(by, SETTLE, one)
    assert done["data"] == {"settleCourseCompletions": {"settled": 1, "completed": 1}}
    read = (await client.graphql(by, READ, both))["data"]
    (row,) = read["courseCompletions"]["nodes"]
    assert (row["completed"], row["name"]) == (True, "测试甲")
    assert read["teacherCourseCompletions"]["nodes"] == [
        {"completed": True, "activity": one, "conditions": [{"reached": "1"}]}
    ]
    corrected = await client.graphql(by, CORRECT, {"id": row["id"]})
    assert corrected["data"]["correctCourseCompletion"] == {
        "completed": False, "reason": "签到表有误"
    }  # fmt: skip
    query = "query ($id: UUID!) { courseCompletion(id: $id) { supersededAt } }"
    old = await client.graphql(city.teacher_account, query, {"id": row["id"]})
    assert old["data"]["courseCompletion"]["supersededAt"] is not None
