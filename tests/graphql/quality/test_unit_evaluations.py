from typing import Any

from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, Person, make_account
from tests.make_evaluations import appoint, make_evaluation_of_school, make_evaluator

WRITE = """mutation ($id: UUID!) { writeSelfInspection(evaluationId: $id, said: {
  judgement: "活动偏少", claims: [{indicator: "rules", value: "1"}]}) { judgement } }"""
VERIFY = """mutation ($id: UUID!) { verifyUnitEvaluation(evaluationId: $id, found: { values: [
  {indicator: "rules", value: "1"}, {indicator: "effect", value: "8"}]}) { indicator value } }"""
PUBLISH = """mutation ($id: UUID!) {
  publishUnitEvaluation(evaluationId: $id, result: {opinion: "不足"}) { state score } }"""
APPEAL = """mutation ($id: UUID!) {
  appealUnitEvaluation(evaluationId: $id, said: {appeal: "漏登"}) { state } }"""
DECIDE = """mutation ($id: UUID!) {
  decideEvaluationAppeal(evaluationId: $id, decision: {reply: "维持"}) { appealOutcome } }"""
READ = """query ($id: UUID!) {
  unitEvaluation(id: $id) { title order { title } unit { name } byUnit { name }
    rectifications { nodes { id } } }
  evaluationValues(evaluationId: $id) { indicator computed claimed verified points }
  evaluators(evaluationId: $id) { name }
  unitEvaluations(handedIn: true) { nodes { id } }
}"""


async def test_an_evaluation_over_graphql(client: Client, db: Connection, city: City) -> None:
    row = await make_evaluation_of_school(db, city)
    evaluator = await make_evaluator(db, city)
    await appoint(db, city, row, evaluator)
    second = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    school, county = city.school_admin, city.county_admin

    async def act(person: Person, name: str, query: str) -> Any:
        answer = await client.graphql(person, query, {"id": str(row["id"])})
        assert "errors" not in answer, answer
        return answer["data"][name]

    receive = "mutation ($id: UUID!) { acknowledgeCheckOrder(evaluationId: $id) { receivedAt } }"
    assert (await act(school, "acknowledgeCheckOrder", receive))["receivedAt"]
    assert (await act(school, "writeSelfInspection", WRITE))["judgement"] == "活动偏少"
    hand_in = "mutation ($id: UUID!) { handInSelfInspection(evaluationId: $id) { state } }"
    assert (await act(school, "handInSelfInspection", hand_in))["state"] == "HANDED_IN"
    assert len(await act(evaluator, "verifyUnitEvaluation", VERIFY)) == 2
    found = "query ($id: UUID!) { verifications(evaluationId: $id) { indicator verifier } }"
    assert len(await act(county, "verifications", found)) == 2
    refused = await client.graphql(school, found, {"id": str(row["id"])})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    assert await act(county, "publishUnitEvaluation", PUBLISH) == {
        "state": "PUBLISHED", "score": "44.00",
    }  # fmt: skip
    read = (await client.graphql(school, READ, {"id": str(row["id"])}))["data"]
    assert read["unitEvaluation"]["unit"] == {"name": "甲县第一小学"}
    assert read["unitEvaluation"]["order"] == {"title": read["unitEvaluation"]["title"]}
    assert read["evaluationValues"][2] == {
        "indicator": "rules", "computed": None, "claimed": "1.00", "verified": "1.00",
        "points": "10.00",
    }  # fmt: skip
    assert read["evaluators"] == [{"name": "评估员"}]
    assert read["unitEvaluations"]["nodes"] == [{"id": str(row["id"])}]
    assert (await act(school, "appealUnitEvaluation", APPEAL))["state"] == "APPEALED"
    assert await act(second, "decideEvaluationAppeal", DECIDE) == {"appealOutcome": "UPHELD"}
