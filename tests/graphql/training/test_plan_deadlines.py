"""Deadlines of plans over GraphQL."""

from tests.make import City, Client

SET = """mutation ($unit: UUID!) {
    setPlanDeadline(new: {
        unitId: $unit, kind: SEMESTER, owedBy: UNITS, startsOn: "2026-09-01", endsOn: "2027-01-31",
        dueOn: "2026-11-30"
    }) { id dueOn unit { name } }
}"""
MOVE = """mutation ($id: UUID!) {
    movePlanDeadline(deadlineId: $id, change: {dueOn: "2026-12-31"}) { dueOn }
}"""
OWED = "query ($id: UUID!) { plansOwed(deadlineId: $id, missing: true) { name submitted } }"
LISTS = "{ planDeadlines { nodes { id } } }"
OFFERED = "{ upcomingPlanDeadlines { nodes { id } } }"


async def test_a_deadline_is_set_told_and_moved(client: Client, city: City) -> None:
    given = {"unit": str(city.county["id"])}
    made = (await client.graphql(city.county_admin, SET, given))["data"]["setPlanDeadline"]
    assert made["unit"] == {"name": "甲县"}
    owed = await client.graphql(city.county_admin, OWED, {"id": made["id"]})
    assert owed["data"]["plansOwed"] == [
        {"name": "甲县第一小学", "submitted": False}, {"name": "甲县第二小学", "submitted": False},
    ]  # fmt: skip
    moved = await client.graphql(city.county_admin, MOVE, {"id": made["id"]})
    assert moved["data"]["movePlanDeadline"] == {"dueOn": "2026-12-31"}
    known = await client.graphql(city.teacher_account, OFFERED)
    assert known["data"]["upcomingPlanDeadlines"]["nodes"] == [{"id": made["id"]}]
    placed = await client.graphql(city.city_admin, LISTS)
    assert placed["data"]["planDeadlines"]["nodes"] == [{"id": made["id"]}]
    again = await client.graphql(city.county_admin, SET, given)
    assert again["errors"][0]["extensions"]["code"] == "plan_deadline_exists"
