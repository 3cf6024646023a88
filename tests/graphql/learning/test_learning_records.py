from app.sql import Connection
from tests.make import City, Client
from tests.make_learning import ADL, make_class, make_player, statement, tell

LIST = """query ($activity: UUID!, $verb: String) {
  learningRecords(activityId: $activity, verb: $verb) {
    nodes { id teacherId verb completed voided seconds }
  }
}"""


async def test_records_are_listed_and_read(client: Client, db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    (key,) = await tell(db, player, statement(city.teacher, activity))
    asked = {"activity": str(activity["id"]), "verb": f"{ADL}completed"}
    answer = await client.graphql(city.school_admin, LIST, asked)
    assert answer["data"]["learningRecords"]["nodes"] == [{
        "id": str(key), "teacherId": str(city.teacher["id"]), "verb": f"{ADL}completed",
        "completed": True, "voided": False, "seconds": None,
    }]  # fmt: skip
    one = "query ($id: UUID!) { learningRecord(id: $id) { object } }"
    told = await client.graphql(city.teacher_account, one, {"id": str(key)})
    assert told["data"]["learningRecord"]["object"].endswith(str(activity["id"]))
    refused = await client.graphql(city.sibling_admin, one, {"id": str(key)})
    assert refused["errors"][0]["extensions"]["code"] == "learning_record_not_found"
