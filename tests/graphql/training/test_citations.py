"""Citations of plans over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_plans import make_plan

ADD = """mutation ($plan: UUID!, $cited: UUID!) {
    addCitation(planId: $plan, new: {kind: ACTIVITY, citedId: $cited}) { id plan { title } }
}"""
FIND = "query ($cited: UUID!) { citations(citedId: $cited) { nodes { id kind } } }"
REMOVE = "mutation ($id: UUID!) { removeCitation(citationId: $id) { id } }"


async def test_what_a_plan_answers(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    activity = await make_activity(db, city.school, city.school_admin)
    given = {"plan": str(plan["id"]), "cited": str(activity["id"])}
    made = (await client.graphql(city.school_admin, ADD, given))["data"]["addCitation"]
    assert made["plan"] == {"title": plan["title"]}
    found = await client.graphql(city.county_admin, FIND, {"cited": str(activity["id"])})
    assert found["data"]["citations"]["nodes"] == [{"id": made["id"], "kind": "ACTIVITY"}]
    again = await client.graphql(city.school_admin, ADD, given)
    assert again["errors"][0]["extensions"]["code"] == "citation_exists"
    gone = await client.graphql(city.school_admin, REMOVE, {"id": made["id"]})
    assert gone["data"]["removeCitation"] == {"id": made["id"]}
