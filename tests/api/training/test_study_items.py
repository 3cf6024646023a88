"""What is studied over REST."""

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_plans import make_plan


async def test_what_was_held_with_its_four_haves(
    client: Client, db: Connection, city: City
) -> None:
    held = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    page = await client.get(
        city.county_admin, f"/units/{city.school['id']}/study-items?lacks=record"
    )
    (item,) = page.json()["items"]
    assert (item["id"], item["has_time"], item["has_plan"]) == (str(held["id"]), True, False)
    none = await client.get(city.county_admin, f"/units/{city.school['id']}/study-items?lacks=time")
    assert none.json()["items"] == []
    wrong = await client.get(
        city.county_admin, f"/units/{city.school['id']}/study-items?lacks=money"
    )
    assert wrong.status_code == 422


async def test_a_plan_against_what_was_done(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    progress = await client.get(city.school_admin, f"/plans/{plan['id']}/progress")
    assert progress.json() == {
        "plan_id": str(plan["id"]), "items_planned": 1, "items_arranged": 0, "items_held": 0,
        "hours_planned": "4.00", "hours_held": "0", "activities_held": 0, "persons": 0,
        "person_times": 0,
    }  # fmt: skip
