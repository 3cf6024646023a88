from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_enrolling_and_withdrawing(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, capacity=1)
    key = {"id": str(activity["id"])}
    enrol = "mutation ($id: UUID!) { enrolOneself(activityId: $id) { activity { capacity } } }"
    enrolled = await client.graphql(city.teacher_account, enrol, key)
    assert enrolled["data"]["enrolOneself"] == {"activity": {"capacity": 1}}
    full = await client.graphql(city.colleague_account, enrol, key)
    assert full["errors"][0]["extensions"]["code"] == "activity_full"
    listing = "query ($id: UUID!) { enrolments(activityId: $id) { nodes { name school } } }"
    listed = await client.graphql(city.school_admin, listing, key)
    assert listed["data"]["enrolments"]["nodes"] == [{"name": "测试甲", "school": "甲县第一小学"}]
    withdrawn = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { withdrawEnrolment(activityId: $id) { withdrawnAt } }",
        key,
    )
    moment = withdrawn["data"]["withdrawEnrolment"]["withdrawnAt"]
    own = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { teacherEnrolments(teacherId: $id) { nodes { withdrawnAt } } }",
        {"id": str(city.teacher["id"])},
    )
    assert own["data"]["teacherEnrolments"]["nodes"] == [{"withdrawnAt": moment}]
    listed = await client.graphql(city.school_admin, listing, key)
    assert listed["data"]["enrolments"]["nodes"] == []


async def test_places_waiting_and_nominations(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    key = {"id": str(activity["id"])}
    decided = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: NewPlaces!) { setPlaces(activityId: $id, new: $new)"
        " { capacity quotas { places taken } } }",
        key
        | {
            "new": {
                "capacity": 1,
                "waitingList": True,
                "quotas": [{"schoolId": str(city.school["id"]), "places": 1}],
            }
        },
    )
    assert decided["data"]["setPlaces"] == {"capacity": 1, "quotas": [{"places": 1, "taken": 0}]}
    people = [str(each["id"]) for each in (city.teacher, city.colleague)]
    nominated = await client.graphql(
        city.school_admin,
        "mutation ($school: UUID!, $new: Nomination!) { nominateTeachers(schoolId: $school,"
        " nomination: $new) { state position } }",
        {
            "school": str(city.school["id"]),
            "new": {"activityId": key["id"], "teacherIds": people},
        },
    )
    assert nominated["data"]["nominateTeachers"] == [
        {"state": "ENROLLED", "position": None}, {"state": "WAITING", "position": 1},
    ]  # fmt: skip
    declined = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { declineNomination(activityId: $id,"
        ' why: {reason: "当日有公开课"}) { state } }',
        key,
    )
    assert declined["data"]["declineNomination"] == {"state": "WITHDRAWN"}


async def test_the_organiser_gives_and_takes_places(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    key, who = {"id": str(activity["id"])}, str(city.colleague["id"])
    given = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: Placement!) { enrolTeacher(activityId: $id, placement: $new)"
        " { way } }",
        key | {"new": {"teacherId": who, "reason": "承担发言"}},
    )
    assert given["data"]["enrolTeacher"] == {"way": "ORGANISER"}
    seen = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { places(activityId: $id) { taken waiting }"
        " waiting(activityId: $id) { nodes { name } } noShows(activityId: $id) { nodes { name } } }",
        key,
    )
    assert seen["data"] == {
        "places": {"taken": 1, "waiting": 0}, "waiting": {"nodes": []}, "noShows": {"nodes": []}
    }  # fmt: skip
    removed = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $who: UUID!) {"
        ' removeEnrolment(activityId: $id, teacherId: $who, why: {reason: "调整"}) { state } }',
        key | {"who": who},
    )
    assert removed["data"]["removeEnrolment"] == {"state": "WITHDRAWN"}
