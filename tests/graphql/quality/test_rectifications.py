from app.sql import Connection
from tests.make import City, Client
from tests.make_evaluations import make_published, make_rectification

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


WITHDRAW = """mutation ($id: UUID!) { withdrawRectification(rectificationId: $id,
  withdrawal: {reason: "误提"}) { state withdrawnBecause } }"""


async def test_what_was_asked_by_mistake_is_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    key = {"id": str((await make_rectification(db, city))["id"])}
    refused = await client.graphql(city.school_admin, WITHDRAW, key)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    done = await client.graphql(city.county_admin, WITHDRAW, key)
    shown = {"state": "WITHDRAWN", "withdrawnBecause": "误提"}
    assert done["data"]["withdrawRectification"] == shown
