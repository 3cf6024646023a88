from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.training.activities import (
    ActivitySession,
    ActivityState,
    NewActivity,
    list_sessions,
    publish_activity,
)
from app.domain.training.activities.owners import ActivityDepartment
from app.domain.training.repeating import Repetition, repeat_activity
from app.domain.training.staff import NewStaff, add_staff, list_staff
from app.domain.training.vocabulary import StaffRole
from app.sql import Connection, new_id
from tests.make import NOW, City, make_activity
from tests.make_organisation import make_department
from tests.make_series import make_series

LATER = Repetition(starts_on=date(2027, 3, 1))


async def test_an_activity_is_drafted_again_on_other_days(db: Connection, city: City) -> None:
    series = await make_series(db, city.school, city.school_admin)
    source = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.CLOSED, series_id=series["id"]
    )
    (first,) = source["sessions"]
    moved = {name: first[name] + timedelta(hours=4) for name in ("starts_at", "ends_at")}
    second = first | moved | {"id": new_id(), "ordinal": 2, "occurrence_of": first["id"]}
    await db.insert(ActivitySession, second)
    admin, key = city.school_admin.actor, {"activity_id": source["id"]}
    before = db.statements
    draft = await repeat_activity(db, admin, **key, repetition=LATER)
    assert db.statements - before == 14
    assert (draft["state"], draft["starts_on"], draft["published_at"]) == (
        "draft", date(2027, 3, 1), None,
    )  # fmt: skip
    assert (draft["series_id"], draft["audience"]) == (series["id"], [city.school["id"]])
    sessions = await list_sessions(db, admin, activity_id=draft["id"])
    shift = LATER.starts_on - source["starts_on"]
    assert [each["starts_at"] for each in sessions] == [
        first["starts_at"] + shift, second["starts_at"] + shift,
    ]  # fmt: skip
    assert sessions[1]["occurrence_of"] == sessions[0]["id"]
    assert (await publish_activity(db, admin, activity_id=draft["id"], now=NOW))["hours"] == 2


async def test_who_carried_it_carries_it_again(db: Connection, city: City) -> None:
    source = await make_activity(db, city.school, city.school_admin)
    admin, key = city.school_admin.actor, {"activity_id": source["id"]}
    for session_id, role in ((source["sessions"][0]["id"], "speaker"), (None, "host")):
        new = NewStaff(teacher_id=city.colleague["id"], role=StaffRole(role), session_id=session_id)
        await add_staff(db, admin, **key, new=new)
    draft = await repeat_activity(db, admin, **key, repetition=LATER)
    (session,) = await list_sessions(db, admin, activity_id=draft["id"])
    staff = await list_staff(db, admin, activity_id=draft["id"])
    assert [(each["role"], each["session_id"]) for each in staff] == [
        ("speaker", session["id"]), ("host", None),
    ]  # fmt: skip


async def test_of_its_joint_owners_those_are_kept_that_there_are(
    db: Connection, city: City
) -> None:
    kept = await make_department(db, city.county)
    ended = await make_department(db, city.county, name="师训科", valid_to=date(2026, 9, 1))
    source = await make_activity(db, city.county, city.county_admin)
    for department in (kept, ended):
        joint = {"activity_id": source["id"], "department_id": department["id"]}
        await db.insert(ActivityDepartment, joint)
    admin = city.county_admin.actor
    draft = await repeat_activity(db, admin, activity_id=source["id"], repetition=LATER)
    assert draft["joint_department_ids"] == [kept["id"]]


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        ("0001-01-01", "0001-01-02"), ("2026-11-20", "9999-12-31"), ("2026-11-20", "2036-12-31"),
        ("2026-11-20", "2026-11-19"),
    ],
)  # fmt: skip
def test_days_that_are_a_slip_of_the_pen(starts_on: str, ends_on: str) -> None:
    given = {
        "title": "讲座", "kind": "lecture", "mode": "concentrated", "channel": "school_based",
        "hours": "2", "organiser_unit_id": new_id(), "starts_on": starts_on, "ends_on": ends_on,
    }  # fmt: skip
    with pytest.raises(ValidationError):
        NewActivity.model_validate(given)


async def test_it_is_repeated_by_its_organiser(db: Connection, city: City) -> None:
    source = await make_activity(db, city.school, city.school_admin)
    with pytest.raises(NotAllowed):
        await repeat_activity(
            db, city.teacher_account.actor, activity_id=source["id"], repetition=LATER
        )
