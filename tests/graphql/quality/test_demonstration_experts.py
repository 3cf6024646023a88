from app.sql import Connection
from tests.graphql.quality.test_demonstrations import answer
from tests.make import City, Client
from tests.make_demonstrations import make_experts, make_under_review

EXPERTS = """query ($id: UUID!) { demonstrationExperts(demonstrationId: $id) {
  name score points { criterion points } } }"""


async def test_experts_over_graphql(client: Client, db: Connection, city: City) -> None:
    row = await make_under_review(db, city)
    bureau, key = city.city_admin, str(row["id"])
    [expert] = await make_experts(db, city, 1)
    query = """mutation ($id: UUID!, $account: UUID!) { appointDemonstrationExperts(
      demonstrationId: $id, new: {accountIds: [$account]}) { name } }"""
    await answer(client, bureau, query, id=key, account=expert.actor.account_id)
    query = """mutation ($id: UUID!) { appraiseDemonstration(demonstrationId: $id, said: {
      points: [{criterion: "work", points: "60"}, {criterion: "effect", points: "28"}],
      opinion: "扎实"}) { score } }"""
    assert (await answer(client, expert, query, id=key))["score"] == "88.00"
    [mine] = await answer(
        client, expert, "{ ownDemonstrationAppraisals { demonstrationId score } }"
    )
    assert mine == {"demonstrationId": key, "score": "88.00"}
    [judged] = await answer(client, bureau, EXPERTS, id=key)
    assert [each["points"] for each in judged["points"]] == ["60", "28"]
