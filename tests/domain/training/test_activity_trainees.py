from datetime import date

import pytest

from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.trainees import TraineeCategory, TraineeNotFound
from app.domain.training.activities import ActivityState, WrongState
from app.domain.training.activity_trainees import (
    ActivityTraineeAttended,
    NewActivityTrainees,
    NewTraineeAttendance,
    TraineePeriodUnfit,
    TraineesOutsideActivity,
    enter_activity_trainees,
    list_activity_trainees,
    list_trainee_participation,
    record_trainee_attendance,
    remove_activity_trainee,
)
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.content_shares import list_content_shares
from app.domain.training.enrolments import enrol_oneself, list_enrolments
from app.domain.training.qualification import qualified_attendees
from app.sql import Connection, new_id
from tests.make import NOW, City, make_activity
from tests.make_series import make_activity_trainee, make_trainee

PAGE = PageRequest()


async def test_trainees_are_on_a_roll_of_their_own(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, capacity=1)
    admin, key = city.school_admin.actor, {"activity_id": activity["id"]}
    guests = [
        await make_trainee(db, city.school),
        await make_trainee(db, city.school, category=TraineeCategory.SHADOW_PRINCIPAL),
    ]
    new = NewActivityTrainees(trainee_ids=[guest["id"] for guest in guests])
    before = db.statements
    entered = await enter_activity_trainees(db, admin, **key, new=new, now=NOW)
    assert db.statements - before == 4
    assert await enter_activity_trainees(db, admin, **key, new=new, now=NOW) == entered
    session_id = activity["sessions"][0]["id"]
    one, said = [guests[1]["id"]], {"session_id": session_id, "now": NOW}
    away = NewTraineeAttendance(trainee_ids=one, status=AttendanceStatus.ABSENT)
    (part,) = await record_trainee_attendance(db, admin, **said, new=away)
    assert part["attended"] == []
    there = NewTraineeAttendance(trainee_ids=one, status=AttendanceStatus.PRESENT)
    (part,) = await record_trainee_attendance(db, admin, **said, new=there)
    assert part["attended"] == [session_id]
    listed = await list_activity_trainees(db, admin, **key, page=PAGE)
    assert [(row["category"], row["attended"]) for row in listed.items] == [
        ("student_teacher", []), ("shadow_principal", [session_id]),
    ]  # fmt: skip
    # They take no place, are among no attendees, and no sum of teachers has them in it.
    await enrol_oneself(db, city.teacher_account.actor, **key, now=NOW)
    assert len((await list_enrolments(db, admin, **key, page=PAGE)).items) == 1
    assert await qualified_attendees(db, admin, **key) == []
    unit = {"unit_id": city.school["id"], "now": NOW}
    assert (await list_content_shares(db, admin, **unit))[0]["of_person_times"] == 0
    assert await list_trainee_participation(db, admin, **unit) == [
        {"category": "shadow_principal", "activities": 1, "people": 1, "person_times": 1}
    ]
    with pytest.raises(ActivityTraineeAttended):
        await remove_activity_trainee(db, admin, part_id=part["id"])


async def test_who_was_on_no_roll_is_taken_out(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    trainee = await make_trainee(db, city.school)
    part = await make_activity_trainee(db, activity, trainee, city.school_admin)
    admin, key = city.school_admin.actor, {"activity_id": activity["id"]}
    with pytest.raises(NotAllowed):
        await remove_activity_trainee(db, city.auditor.actor, part_id=part["id"])
    await remove_activity_trainee(db, admin, part_id=part["id"])
    assert (await list_activity_trainees(db, admin, **key, page=PAGE)).items == []


async def test_what_is_refused(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    admin, key = city.school_admin.actor, {"activity_id": activity["id"]}
    others = await make_trainee(db, city.sibling)
    new = NewActivityTrainees(trainee_ids=[new_id()])
    for unseen in (new, NewActivityTrainees(trainee_ids=[others["id"]])):
        with pytest.raises(TraineeNotFound):
            await enter_activity_trainees(db, admin, **key, new=unseen, now=NOW)
    there = NewTraineeAttendance(trainee_ids=[others["id"]], status=AttendanceStatus.PRESENT)
    with pytest.raises(TraineesOutsideActivity):
        await record_trainee_attendance(
            db, admin, session_id=activity["sessions"][0]["id"], new=there, now=NOW
        )
    closed = await make_activity(db, city.school, city.school_admin, state=ActivityState.CLOSED)
    with pytest.raises(WrongState):
        await enter_activity_trainees(db, admin, activity_id=closed["id"], new=new, now=NOW)
    for unfit in (
        {"since": date(2027, 1, 1)}, {"until": date.min}, {"until": date.max},
        {"since": date.min, "until": date.min},
    ):  # fmt: skip
        with pytest.raises(TraineePeriodUnfit):
            await list_trainee_participation(db, admin, unit_id=city.school["id"], now=NOW, **unfit)
