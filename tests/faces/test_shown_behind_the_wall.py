"""What the second wall must not hide: organisers see people of other schools, and what is counted is counted.

The connection of these tests makes each read without the wall, too, and fails where something is missing.
"""

import pytest

from app.domain.access.roles import Role
from app.domain.training.enrolments import Enrolment
from app.sql import Connection, Row, new_id
from tests.make import (
    NOW,
    City,
    Client,
    make_account,
    make_activity,
    make_attendance,
    make_group,
    make_note,
)
from tests.make_evidence import make_evidence
from tests.make_mentorships import make_mentorship
from tests.make_organisation import make_network

PARTS = ("attendance", "enrolments", "notes", "evidence")


async def make_parts(db: Connection, city: City, activity: Row, *teachers: Row) -> None:
    """That these took part in an activity, and left something of each kind."""
    by = city.city_admin
    await make_attendance(db, activity["sessions"][0], by, *teachers)
    for teacher in teachers:
        place = {name: teacher[name] for name in ("city_id", "county_id", "school_id")}
        row = {"id": new_id(), "activity_id": activity["id"], "teacher_id": teacher["id"], **place}
        await db.insert(Enrolment, row | {"enrolled_at": NOW})
        await make_note(db, activity, teacher)
        await make_evidence(db, activity, by, teacher)


@pytest.mark.parametrize("organiser", ["group", "network"])
async def test_whoever_organises_in_a_units_name_sees_who_comes_from_elsewhere(
    organiser: str, client: Client, db: Connection, city: City
) -> None:
    people = (city.teacher, city.far_teacher)
    if organiser == "group":
        group = await make_group(db, city.school)
        leader = await make_account(db, "leads", Role.GROUP_LEADER, group)
        activity = await make_activity(db, city.school, leader, group=group)
    else:
        network = await make_network(db, city.county, city.school, city.sibling)
        leader = await make_account(db, "coordinates", Role.NETWORK_COORDINATOR, network)
        activity = await make_activity(
            db, city.county, leader, city.school, organiser_network_id=network["id"]
        )
    await make_parts(db, city, activity, *people)
    for part in PARTS:
        answer = await client.get(leader, f"/activities/{activity['id']}/{part}")
        assert answer.status_code == 200, answer.text
        shown = {item["teacher_id"] for item in answer.json()["items"]}
        assert shown == {str(teacher["id"]) for teacher in people}, part


async def test_places_that_people_of_other_schools_have_are_counted(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.city, city.city_admin, capacity=5)
    await make_parts(db, city, activity, city.teacher, city.far_teacher)
    for person in (city.teacher_account, city.school_admin, city.city_admin):
        answer = await client.get(person, f"/activities/{activity['id']}/places")
        assert answer.json()["taken"] == 2, answer.text


async def test_a_school_sees_whom_its_people_mentor_elsewhere(
    client: Client, db: Connection, city: City
) -> None:
    mentored = await make_mentorship(
        db, city.city, city.city_admin, city.far_teacher, city.teacher, state="concluded",
        concluded_on=NOW.date(),
    )  # fmt: skip
    assert mentored["school_id"] == city.far_school["id"]
    counts = f"/units/{city.school['id']}/mentoring-counts?since=2026-01-01&until=2026-12-31"
    answer = await client.get(city.school_admin, counts)
    assert answer.status_code == 200, answer.text
