from datetime import UTC, datetime, timedelta

from app.sql import Connection
from tests.make import City, Client, make_activity

ASK = (
    'mutation ($id: UUID!) { requestLeave(sessionId: $id, new: {reason: "外出学习"})'
    " { id state activity { title } } }"
)
DECIDE = (
    'mutation ($id: UUID!) { %s(leaveId: $id, decision: {opinion: "已阅"}) { name state opinion } }'
)


async def test_leave_is_asked_for_and_decided(client: Client, db: Connection, city: City) -> None:
    begins = datetime.now(UTC) + timedelta(days=1)
    activity = await make_activity(db, city.county, city.county_admin, begins=begins)
    session = {"id": str(activity["sessions"][0]["id"])}
    asked = (await client.graphql(city.teacher_account, ASK, session))["data"]["requestLeave"]
    assert (asked["state"], asked["activity"]) == ("ASKED", {"title": "测试研修活动"})
    leave = {"id": asked["id"]}
    one = await client.graphql(
        city.school_admin, "query ($id: UUID!) { leave(id: $id) { reason } }", leave
    )
    assert one["data"]["leave"] == {"reason": "外出学习"}
    refused = await client.graphql(city.auditor, DECIDE % "declineLeave", leave)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    told = await client.graphql(city.county_admin, DECIDE % "declineLeave", leave)
    assert told["data"]["declineLeave"] == {
        "name": "测试甲", "state": "DECLINED", "opinion": "已阅",
    }  # fmt: skip
    again = (await client.graphql(city.teacher_account, ASK, session))["data"]["requestLeave"]
    given = await client.graphql(city.county_admin, DECIDE % "approveLeave", {"id": again["id"]})
    assert given["data"]["approveLeave"]["state"] == "APPROVED"
    late = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { withdrawLeave(leaveId: $id) { state } }",
        {"id": again["id"]},
    )
    assert late["errors"][0]["extensions"]["code"] == "leave_decided"


async def test_leave_is_listed_for_both(client: Client, db: Connection, city: City) -> None:
    begins = datetime.now(UTC) + timedelta(days=1)
    activity = await make_activity(db, city.county, city.county_admin, begins=begins)
    await client.graphql(city.teacher_account, ASK, {"id": str(activity["sessions"][0]["id"])})
    listed = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { leaves(activityId: $id, state: ASKED) { nodes { name school } } }",
        {"id": str(activity["id"])},
    )
    assert listed["data"]["leaves"]["nodes"] == [{"name": "测试甲", "school": "甲县第一小学"}]
    own = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { teacherLeaves(teacherId: $id) { nodes { state } } }",
        {"id": str(city.teacher["id"])},
    )
    assert own["data"]["teacherLeaves"]["nodes"] == [{"state": "ASKED"}]
