"""What is handed in to exercises over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance
from tests.make_completions import make_exercise
from tests.make_evidence import make_file
from tests.make_forms import make_staff

SUBMIT = """mutation ($id: UUID!, $files: [UUID!]!) {
  submitExercise(exerciseId: $id, new: {text: "追问", fileIds: $files}) {
    id number isLate state exerciseId } }"""
REVIEW = """mutation ($id: UUID!) {
  reviewExercise(submissionId: $id, review: {accepted: true, score: "90"}) { state score name } }"""
QUEUE = """query ($activity: UUID!) {
  exerciseSubmissions(activityId: $activity) { nodes { id } } }"""
OPEN = """mutation ($id: UUID!, $file: UUID!) {
  createExerciseSubmissionLink(submissionId: $id, fileId: $file, new: {}) { url } }"""
OWN = """query ($id: UUID!) {
  exerciseSubmission(id: $id) { state } ownExerciseSubmissions { nodes { id } } }"""


async def test_what_is_handed_in_and_reviewed(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    await make_staff(db, activity, city.colleague)
    by, teacher = city.school_admin, city.teacher_account
    file = await make_file(db, city.school, teacher, city.teacher)
    exercise = await make_exercise(db, by, activity)
    files = [str(file["id"])]
    handed_in = await client.graphql(teacher, SUBMIT, {"id": str(exercise["id"]), "files": files})
    submission = handed_in["data"]["submitExercise"]
    assert (submission["number"], submission["isLate"], submission["exerciseId"]) == (
        1, False, str(exercise["id"]),
    )  # fmt: skip
    sent = {"id": submission["id"]}
    queue = await client.graphql(by, QUEUE, {"activity": str(activity["id"])})
    assert queue["data"]["exerciseSubmissions"]["nodes"] == [sent]
    mine = "{ exerciseSubmissionsToReview(state: WAITING) { nodes { id } } }"
    carried = await client.graphql(city.colleague_account, mine)
    assert carried["data"]["exerciseSubmissionsToReview"]["nodes"] == [sent]
    opened = await client.graphql(by, OPEN, sent | {"file": files[0]})
    assert files[0] in opened["data"]["createExerciseSubmissionLink"]["url"]
    done = await client.graphql(by, REVIEW, sent)
    assert done["data"]["reviewExercise"] == {
        "state": "ACCEPTED", "score": "90.00", "name": "测试甲"
    }  # fmt: skip
    told = (await client.graphql(teacher, OWN, sent))["data"]
    assert told == {
        "exerciseSubmission": {"state": "ACCEPTED"}, "ownExerciseSubmissions": {"nodes": [sent]},
    }  # fmt: skip
