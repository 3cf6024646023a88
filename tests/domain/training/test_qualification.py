from decimal import Decimal

import pytest

from app.domain.errors import NotAllowed
from app.domain.training.activities import ActivityNotFound, ActivityState
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.domain.training.qualification import qualified_attendees
from app.sql import Connection
from tests.make import City, make_activity, make_attendance, make_note


async def test_hours_are_those_of_the_sessions_attended(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.county, city.county_admin, state=ActivityState.CLOSED, sessions=3
    )
    by = city.county_admin
    first, second, third = activity["sessions"]
    await make_attendance(db, first, by, city.teacher, city.colleague)
    await make_attendance(db, second, by, city.teacher, status=AttendanceStatus.LATE)
    await make_attendance(db, third, by, city.teacher, status=AttendanceStatus.EXCUSED)
    await make_attendance(
        db, second, by, city.colleague, role=AttendanceRole.SPEAKER,
        status=AttendanceStatus.ABSENT,
    )  # fmt: skip
    await make_attendance(db, third, by, city.colleague, role=AttendanceRole.ORGANISER)
    await make_attendance(
        db, third, by, city.sibling_teacher, role=AttendanceRole.SPEAKER,
        status=AttendanceStatus.ABSENT,
    )  # fmt: skip
    before = db.statements
    rows = await qualified_attendees(db, by.actor, activity_id=activity["id"])
    assert db.statements - before == 2
    county = {"city_id": city.city["id"], "county_id": city.county["id"]}
    assert rows == [
        {"teacher_id": city.teacher["id"], **county, "school_id": city.school["id"],
         "role": "participant", "hours": Decimal("4.00"), "qualified": True, "reason": None},
        {"teacher_id": city.colleague["id"], **county, "school_id": city.school["id"],
         "role": "organiser", "hours": Decimal("4.00"), "qualified": True, "reason": None},
        {"teacher_id": city.sibling_teacher["id"], **county, "school_id": city.sibling["id"],
         "role": "participant", "hours": Decimal(0), "qualified": False, "reason": "absent"},
    ]  # fmt: skip


async def test_a_note_counts_where_one_is_required(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.county, city.county_admin, state=ActivityState.CLOSED, requires_note=True
    )
    by = city.county_admin
    await make_attendance(db, activity["sessions"][0], by, city.teacher, city.colleague)
    await make_note(db, activity, city.teacher)
    rows = await qualified_attendees(db, by.actor, activity_id=activity["id"])
    assert [(row["teacher_id"], row["qualified"], row["reason"]) for row in rows] == [
        (city.teacher["id"], True, None),
        (city.colleague["id"], False, "note_missing"),
    ]


async def test_it_is_told_to_those_who_see_the_activitys_attendance(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    with pytest.raises(NotAllowed):
        await qualified_attendees(db, city.teacher_account.actor, activity_id=activity["id"])
    with pytest.raises(ActivityNotFound):
        await qualified_attendees(db, city.sibling_admin.actor, activity_id=activity["id"])
    assert await qualified_attendees(db, city.auditor.actor, activity_id=activity["id"]) == []


async def test_who_demonstrates_counts_as_that(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.county, city.county_admin, state=ActivityState.CLOSED, sessions=2
    )
    first, second = activity["sessions"]
    for session, role in (
        (first, AttendanceRole.PERSON_IN_CHARGE),
        (second, AttendanceRole.DEMONSTRATOR),
    ):
        await make_attendance(db, session, city.county_admin, city.teacher, role=role)
    (row,) = await qualified_attendees(db, city.county_admin.actor, activity_id=activity["id"])
    assert (row["role"], row["qualified"]) == ("demonstrator", True)
