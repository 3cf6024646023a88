"""Exercises over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_evidence import make_file

GIVE = """mutation ($id: UUID!, $new: NewExercise!) {
  giveExercise(activityId: $id, new: $new) { id fileIds activity { id } } }"""
CHANGE = """mutation ($id: UUID!) {
  updateExercise(exerciseId: $id, changes: {title: "四个追问"}) { title } }"""
READ = """query ($id: UUID!, $activity: UUID!) {
  exercise(id: $id) { title } exercises(activityId: $activity) { nodes { id } }
  offeredExercises { nodes { id } } }"""
LINK = """mutation ($id: UUID!, $file: UUID!) {
  createExerciseLink(exerciseId: $id, fileId: $file, new: {purpose: VIEW}) { url } }"""
WITHDRAW = "mutation ($id: UUID!) { withdrawExercise(exerciseId: $id) { withdrawnAt } }"


async def test_an_exercise_is_given_changed_and_taken_back(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    by, teacher = city.school_admin, city.teacher_account
    file = await make_file(db, city.school, by)
    files = [str(file["id"])]
    new = {"title": "三个追问", "text": "设计追问。", "dueOn": "2999-12-31", "fileIds": files}
    key = {"id": str(activity["id"])}
    made = await client.graphql(by, GIVE, key | {"new": new})
    exercise = made["data"]["giveExercise"]
    assert (exercise["fileIds"], exercise["activity"]) == (files, key)
    one = {"id": exercise["id"]}
    assert (await client.graphql(by, CHANGE, one))["data"]["updateExercise"] == {
        "title": "四个追问"
    }
    read = (await client.graphql(teacher, READ, one | {"activity": key["id"]}))["data"]
    assert (read["exercise"], read["offeredExercises"]["nodes"]) == ({"title": "四个追问"}, [one])
    link = await client.graphql(teacher, LINK, one | {"file": files[0]})
    assert files[0] in link["data"]["createExerciseLink"]["url"]
    gone = await client.graphql(by, WITHDRAW, one)
    assert gone["data"]["withdrawExercise"]["withdrawnAt"] is not None
