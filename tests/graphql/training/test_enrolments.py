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
