"""Boards over GraphQL."""

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_plans import make_plan, make_published

BOARD = """query ($id: UUID!) {
    boardLines(unitId: $id, by: UNITS, since: "2026-09-01", until: "2027-08-31") {
        name level planned held noted recognised quiet
    }
    boardMonths(unitId: $id, since: "2026-11-01", until: "2026-11-30", only: ACTIVITIES) {
        month held planned
    }
    boardActivities(unitId: $id, figure: NOTED) { nodes { id noted records } }
    boardPlanItems(unitId: $id) { nodes { content plan { title } } }
}"""


async def test_a_board_and_what_is_behind_it(client: Client, db: Connection, city: City) -> None:
    held = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await make_published(db, city.school_admin, city.county_admin, plan)
    given = {"id": str(city.school["id"])}
    data = (await client.graphql(city.school_admin, BOARD, given))["data"]
    [line] = data["boardLines"]
    assert {name: line[name] for name in ("level", "planned", "held", "noted", "recognised")} == {
        "level": "SCHOOL", "planned": 1, "held": 1, "noted": 1, "recognised": 0,
    }  # fmt: skip
    assert data["boardMonths"] == [{"month": "2026-11-01", "held": 1, "planned": None}]
    assert data["boardActivities"]["nodes"] == [
        {"id": str(held["id"]), "noted": True, "records": 0}
    ]
    assert data["boardPlanItems"]["nodes"] == [
        {"content": "集体备课专题讲座", "plan": {"title": plan["title"]}}
    ]
    refused = await client.graphql(
        city.teacher_account, "query ($id: UUID!) { boardLines(unitId: $id) { name } }", given
    )
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
