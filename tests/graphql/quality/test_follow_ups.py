"""Follow-ups of assessments over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_incentives import make_assessment

GIVE = """mutation ($assessment: UUID!, $activity: UUID!) {
    giveFollowUp(assessmentId: $assessment, new: {
        strengths: "组织好", toWorkOn: "提问浅", followUpOn: "2099-01-01",
        recommendations: [{activityId: $activity}, {note: "读一本书"}]
    }) { id recommendations { activityId note } teacher { name } }
}"""
REPLY = 'mutation ($id: UUID!) { replyToFollowUp(followUpId: $id, said: {reply: "好"}) { reply } }'
REVIEW = """mutation ($id: UUID!) {
    reviewFollowUp(followUpId: $id, said: {finding: REACHED, review: "明显改进"}) { finding }
}"""
READ = """query ($id: UUID!) {
    followUp(followUpId: $id) { strengths }
    followUps(reviewed: true) { nodes { id } }
}"""


async def test_a_teacher_is_told_and_answers(client: Client, db: Connection, city: City) -> None:
    assessment = await make_assessment(db, city.school_admin, city.teacher)
    activity = await make_activity(db, city.school, city.school_admin)
    given = {"assessment": str(assessment["id"]), "activity": str(activity["id"])}
    made = (await client.graphql(city.school_admin, GIVE, given))["data"]["giveFollowUp"]
    assert made["recommendations"] == [
        {"activityId": str(activity["id"]), "note": None}, {"activityId": None, "note": "读一本书"},
    ]  # fmt: skip
    assert made["teacher"] == {"name": city.teacher["name"]}
    one = {"id": made["id"]}
    replied = await client.graphql(city.teacher_account, REPLY, one)
    assert replied["data"]["replyToFollowUp"] == {"reply": "好"}
    reviewed = await client.graphql(city.school_admin, REVIEW, one)
    assert reviewed["data"]["reviewFollowUp"] == {"finding": "REACHED"}
    shown = (await client.graphql(city.teacher_account, READ, one))["data"]
    assert shown == {"followUp": {"strengths": "组织好"}, "followUps": {"nodes": [one]}}
