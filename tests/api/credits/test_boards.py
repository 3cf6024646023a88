"""Boards over REST."""

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, make_activity, make_group
from tests.make_plans import make_plan, make_published

DAYS = "since=2026-09-01&until=2026-12-31"


async def test_a_board_its_months_and_what_is_behind_it(
    client: Client, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school)
    held = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.HELD, group=group
    )
    await make_activity(db, city.school, city.school_admin)
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await make_published(db, city.school_admin, city.county_admin, plan)
    path = f"/units/{city.school['id']}/board?{DAYS}"
    board = (await client.get(city.school_admin, f"{path}&by=groups&weeks=52")).json()
    assert [(row["name"], row["level"], row["held"]) for row in board] == [("语文教研组", None, 1)]
    alone = (await client.get(city.school_admin, f"{path}&by=units&only=plans")).json()
    shown = [alone[0][name] for name in ("level", "planned", "carried_out", "held", "recognised")]
    assert shown == ["school", 1, 0, None, None]
    months = await client.get(
        city.school_admin, f"/groups/{group['id']}/board-months?{DAYS}&only=activities"
    )
    assert [(row["month"], row["held"]) for row in months.json()][2:] == [
        ("2026-11-01", 1), ("2026-12-01", 0),
    ]  # fmt: skip
    lacking = await client.get(
        city.school_admin,
        f"/board-activities?unit_id={city.school['id']}&figure=closed&lacking=true",
    )
    assert [row["id"] for row in lacking.json()["items"]] == [str(held["id"])]
    planned = await client.get(city.school_admin, f"/board-plan-items?carried_out=false&{DAYS}")
    assert [row["plan_id"] for row in planned.json()["items"]] == [str(plan["id"])]


async def test_what_is_refused(client: Client, city: City) -> None:
    school = f"/units/{city.school['id']}/board"
    for path, status, code in (
        (f"{school}?by=counties", 422, "board_level_unfit"),
        (f"{school}?since=2026-09-01&until=2026-08-01", 422, "board_period_unfit"),
        (f"{school}?weeks=53", 422, "invalid_request"),
        (f"/units/{city.school['id']}/board-months?since=9999-01-01", 422, "board_period_unfit"),
        (f"/units/{city.county['id']}/board", 403, "not_allowed"),
    ):
        answer = await client.get(city.school_admin, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
