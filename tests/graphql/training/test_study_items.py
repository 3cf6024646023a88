"""What is studied over GraphQL."""

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_plans import make_plan

ITEMS = """query ($unit: UUID!) {
    studyItems(unitId: $unit, lacks: RECORD) { nodes { id hasPlan hasTime hasSpeaker hasRecord } }
}"""
PROGRESS = (
    "query ($id: UUID!) { planProgress(planId: $id) { itemsPlanned hoursPlanned personTimes } }"
)


async def test_what_lacks_which_and_a_plan_against_what_was_done(
    client: Client, db: Connection, city: City
) -> None:
    held = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    found = await client.graphql(city.county_admin, ITEMS, {"unit": str(city.county["id"])})
    assert found["data"]["studyItems"]["nodes"] == [
        {"id": str(held["id"]), "hasPlan": False, "hasTime": True, "hasSpeaker": False,
         "hasRecord": False}
    ]  # fmt: skip
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    told = await client.graphql(city.county_admin, PROGRESS, {"id": str(plan["id"])})
    assert told["data"]["planProgress"] == {
        "itemsPlanned": 1,
        "hoursPlanned": "4.00",
        "personTimes": 0,
    }
    hidden = await client.graphql(city.sibling_admin, PROGRESS, {"id": str(plan["id"])})
    assert hidden["errors"][0]["extensions"]["code"] == "plan_not_found"
