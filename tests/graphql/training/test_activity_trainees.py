from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_series import make_trainee


async def test_the_roll_of_trainees(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    one, other = [await make_trainee(db, city.school) for _ in range(2)]
    keys = [str(one["id"]), str(other["id"])]
    entered = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: NewActivityTrainees!) { enterActivityTrainees("
        "activityId: $id, new: $new) { id category } }",
        {"id": str(activity["id"]), "new": {"traineeIds": keys}},
    )
    parts = entered["data"]["enterActivityTrainees"]
    assert [part["category"] for part in parts] == ["STUDENT_TEACHER"] * 2
    there = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: NewTraineeAttendance!) { recordTraineeAttendance("
        "sessionId: $id, new: $new) { attended } }",
        {
            "id": str(activity["sessions"][0]["id"]),
            "new": {"traineeIds": keys[:1], "status": "PRESENT"},
        },
    )
    assert len(there["data"]["recordTraineeAttendance"][0]["attended"]) == 1
    gone = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { removeActivityTrainee(partId: $id) { traineeId } }",
        {"id": parts[1]["id"]},
    )
    assert gone["data"]["removeActivityTrainee"] == {"traineeId": keys[1]}
    seen = await client.graphql(
        city.school_admin,
        "query ($id: UUID!, $unit: UUID!) { activityTrainees(activityId: $id) { nodes { id } }"
        ' traineeParticipation(unitId: $unit, since: "2026-09-01", until: "2026-12-31")'
        " { category people personTimes } }",
        {"id": str(activity["id"]), "unit": str(city.school["id"])},
    )
    assert seen["data"] == {
        "activityTrainees": {"nodes": [{"id": parts[0]["id"]}]},
        "traineeParticipation": [{"category": "STUDENT_TEACHER", "people": 1, "personTimes": 1}],
    }
