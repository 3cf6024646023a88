from app.sql import Connection
from tests.make import City, Client
from tests.make_evaluations import make_published

ASK = """mutation ($id: UUID!, $due: Date!) { askRectification(evaluationId: $id, new: {
  problem: "次数较少", measure: "每月两次", dueOn: $due}) {
    id state unit { name } evaluation { state } } }"""
PROVE = """mutation ($id: UUID!) {
  proveRectification(rectificationId: $id, said: {proof: "已开展"}) { state } }"""
CONCLUDE = """mutation ($id: UUID!) { concludeRectification(rectificationId: $id,
  conclusion: {accepted: true, conclusion: "同意"}) { state } }"""


async def test_a_problem_is_put_right(client: Client, db: Connection, city: City) -> None:
    evaluation = await make_published(db, city)
    key = {"id": str(evaluation["id"])}
    late = await client.graphql(city.county_admin, ASK, key | {"due": "2020-01-01"})
    assert late["errors"][0]["extensions"]["code"] == "rectification_due_past"
    asked = await client.graphql(city.county_admin, ASK, key | {"due": "2099-12-31"})
    row = asked["data"]["askRectification"]
    assert (row["unit"]["name"], row["evaluation"]["state"]) == ("甲县第一小学", "PUBLISHED")
    own = {"id": row["id"]}
    proved = await client.graphql(city.school_admin, PROVE, own)
    assert proved["data"]["proveRectification"] == {"state": "PROVED"}
    closed = await client.graphql(city.county_admin, CONCLUDE, own)
    assert closed["data"]["concludeRectification"] == {"state": "CLOSED"}
    read = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { rectification(id: $id) { state }"
        " rectifications(closed: true) { nodes { id } } }",
        own,
    )
    assert read["data"] == {
        "rectification": {"state": "CLOSED"},
        "rectifications": {"nodes": [{"id": row["id"]}]},
    }
