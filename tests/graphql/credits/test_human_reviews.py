from app.sql import Connection
from tests.domain.credits.making import attend, make_closed_activity
from tests.make import City, Client

ASK = "mutation ($new: NewHumanReview!) { requestHumanReview(new: $new) { id state } }"
DECIDE = """
mutation ($id: UUID!) {
  decideHumanReview(reviewId: $id, decision: {putRight: true, opinion: "应予更正"}) {
    state opinion name
  }
}
"""
READ = "query ($id: UUID!) { humanReview(id: $id) { state } humanReviews { nodes { id } } }"
WITHDRAW = "mutation ($id: UUID!) { withdrawHumanReview(reviewId: $id) { state } }"


async def test_a_review(client: Client, db: Connection, city: City) -> None:
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher], status="absent")
    new = {"activityId": str(activity["id"]), "reason": "本人全程参加"}
    asked = await client.graphql(city.teacher_account, ASK, {"new": new})
    key = {"id": asked["data"]["requestHumanReview"]["id"]}
    decided = await client.graphql(city.county_admin, DECIDE, key)
    assert decided["data"]["decideHumanReview"] == {
        "state": "PUT_RIGHT", "opinion": "应予更正", "name": "测试甲",
    }  # fmt: skip
    read = await client.graphql(city.teacher_account, READ, key)
    assert read["data"] == {"humanReview": {"state": "PUT_RIGHT"}, "humanReviews": {"nodes": [key]}}
    late = await client.graphql(city.teacher_account, WITHDRAW, key)
    assert late["errors"][0]["extensions"]["code"] == "human_review_decided"
