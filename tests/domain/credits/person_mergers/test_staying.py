import asyncpg

from app.domain.training.enrolments import Enrolment
from app.request import Resources
from app.sql import Connection, new_id
from tests.make import NOW, City, make_activity
from tests.make_programmes import make_twins, merge_twins


async def test_where_some_stay_behind_all_others_go_along(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    """In the trail stands what went along, and once: nothing of what was tried."""
    one, other = await make_twins(db, city, resources)
    activities = [await make_activity(db, city.city, city.city_admin) for _ in range(9)]
    keys = [activity["id"] for activity in activities]
    both = [*((other, key) for key in keys), *((one, key) for key in (keys[0], keys[5], keys[6]))]
    for teacher, key in both:
        place = {name: teacher[name] for name in ("city_id", "county_id", "school_id")}
        row = {"id": new_id(), "activity_id": key, "teacher_id": teacher["id"], **place}
        await db.insert(Enrolment, row | {"enrolled_at": NOW})
    before = await driver.fetchval("SELECT max(id) FROM audit_change")
    await merge_twins(db, resources, city.city_admin, one, other)
    query = "SELECT activity_id FROM enrolment WHERE teacher_id = $1"
    assert {row[0] for row in await driver.fetch(query, one["id"])} == set(keys)
    assert {row[0] for row in await driver.fetch(query, other["id"])} == {
        keys[0], keys[5], keys[6],
    }  # fmt: skip
    told = await driver.fetch(
        "SELECT row_key FROM audit_change WHERE table_name = 'enrolment' AND id > $1"
        " AND before ->> 'teacher_id' = $2",
        before,
        str(other["id"]),
    )
    assert len(told) == len({row["row_key"] for row in told}) == 6
