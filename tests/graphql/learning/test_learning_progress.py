from app.sql import Connection
from tests.make import City, Client
from tests.make_learning import make_class, make_player, settle, statement, tell

LEARNERS = "query ($id: UUID!) { learners(activityId: $id) { nodes { id name share setAside } } }"
OF_TEACHER = """query ($id: UUID!) {
  teacherLearningProgress(teacherId: $id) { nodes { id share itemsDone } }
}"""


async def test_progress_is_read_by_organiser_and_teacher(
    client: Client, db: Connection, city: City
) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    await tell(db, player, statement(city.teacher, activity))
    await settle(db)
    asked = {"id": str(activity["id"])}
    answer = await client.graphql(city.county_admin, LEARNERS, asked)
    (row,) = answer["data"]["learners"]["nodes"]
    assert (row["name"], row["share"], row["setAside"]) == (city.teacher["name"], 100, 0)
    asked = {"id": str(city.teacher["id"])}
    told = await client.graphql(city.teacher_account, OF_TEACHER, asked)
    assert told["data"]["teacherLearningProgress"]["nodes"] == [
        {"id": row["id"], "share": 100, "itemsDone": 0}
    ]
    one = "query ($id: UUID!) { learningProgress(id: $id) { records } }"
    told = await client.graphql(city.school_admin, one, {"id": row["id"]})
    assert told["data"]["learningProgress"] == {"records": 1}
    refused = await client.graphql(city.sibling_admin, one, {"id": row["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "learning_progress_not_found"
