"""Items of plans over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_plans import approve, make_plan, submit

ADD = """mutation ($id: UUID!) {
    addPlanItem(planId: $id, new: {
        content: "同课异构", startsOn: "2026-10-01", endsOn: "2026-10-31", form: LESSON_OBSERVATION,
        trainers: "甲", trainees: "乙", progress: "第5周"
    }) { id form hasPlan }
}"""
CHANGE = """mutation ($id: UUID!) {
    updatePlanItem(itemId: $id, changes: {hours: "3"}) { hours content }
}"""
REMOVE = "mutation ($id: UUID!) { removePlanItem(itemId: $id) { id } }"
LINK = """mutation ($id: UUID!, $activity: UUID!) {
    linkPlanActivity(itemId: $id, link: {activityId: $activity}) { activities hasPlan }
}"""
UNLINK = """mutation ($id: UUID!, $activity: UUID!) {
    unlinkPlanActivity(itemId: $id, activityId: $activity) { activities }
}"""
ITEMS = "query ($id: UUID!) { planItems(planId: $id) { nodes { id content } } }"


async def test_items_are_written_and_carried_out(
    client: Client, db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    admin, given = city.school_admin, {"id": str(plan["id"])}
    made = (await client.graphql(admin, ADD, given))["data"]["addPlanItem"]
    assert (made["form"], made["hasPlan"]) == ("LESSON_OBSERVATION", False)
    spare = (await client.graphql(admin, ADD, given))["data"]["addPlanItem"]
    changed = await client.graphql(admin, CHANGE, {"id": made["id"]})
    assert changed["data"]["updatePlanItem"] == {"hours": "3.00", "content": "同课异构"}
    gone = await client.graphql(admin, REMOVE, {"id": spare["id"]})
    assert gone["data"]["removePlanItem"] == {"id": spare["id"]}
    items = await client.graphql(admin, ITEMS, given)
    assert items["data"]["planItems"]["nodes"][0] == {"id": made["id"], "content": "同课异构"}
    await submit(db, admin, plan)
    await approve(db, city.county_admin, plan)
    activity = await make_activity(db, city.school, admin)
    both = {"id": made["id"], "activity": str(activity["id"])}
    linked = await client.graphql(admin, LINK, both)
    assert linked["data"]["linkPlanActivity"] == {"activities": 1, "hasPlan": True}
    unlinked = await client.graphql(admin, UNLINK, both)
    assert unlinked["data"]["unlinkPlanActivity"] == {"activities": 0}
    late = await client.graphql(admin, REMOVE, {"id": made["id"]})
    assert late["errors"][0]["extensions"]["code"] == "plan_wrong_state"
