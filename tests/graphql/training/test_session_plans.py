"""Plans of sessions over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity

SUBMIT = """mutation ($id: UUID!) {
    submitSessionPlan(sessionId: $id, new: {
        trainer: "主讲", objectives: "目标", measures: "措施", content: "内容"
    }) { id state }
}"""
REVISE = """mutation ($id: UUID!) {
    reviseSessionPlan(sessionPlanId: $id, revision: {
        objectives: "新目标", measures: "措施", content: "内容"
    }) { state attempt }
}"""
DECIDE = """mutation ($id: UUID!) {{
    {0}(sessionPlanId: $id, opinion: {{opinion: "同意"}}) {{ state opinion }}
}}"""
READ = """query ($id: UUID!, $activity: UUID!) {
    sessionPlan(id: $id) { objectives }
    sessionPlans(activityId: $activity, state: APPROVED) { nodes { id } }
}"""


async def test_a_plan_is_reviewed_before_the_training(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    session = {"id": str(activity["sessions"][0]["id"])}
    done = await client.graphql(city.school_admin, SUBMIT, session)
    plan = done["data"]["submitSessionPlan"]
    given = {"id": plan["id"]}
    back = await client.graphql(city.county_admin, DECIDE.format("returnSessionPlan"), given)
    assert back["data"]["returnSessionPlan"]["state"] == "RETURNED"
    again = await client.graphql(city.school_admin, REVISE, given)
    assert again["data"]["reviseSessionPlan"] == {"state": "SUBMITTED", "attempt": 2}
    agreed = await client.graphql(city.county_admin, DECIDE.format("approveSessionPlan"), given)
    assert agreed["data"]["approveSessionPlan"] == {"state": "APPROVED", "opinion": "同意"}
    read = await client.graphql(city.school_admin, READ, given | {"activity": str(activity["id"])})
    assert read["data"] == {
        "sessionPlan": {"objectives": "新目标"}, "sessionPlans": {"nodes": [given]}
    }  # fmt: skip
    twice = await client.graphql(city.school_admin, SUBMIT, session)
    assert twice["errors"][0]["extensions"]["code"] == "session_plan_exists"
