"""Strata as audience: of those addressed, who counts in one on the activity's first day."""

from datetime import date, timedelta

import pytest

from app.domain.paging import PageRequest
from app.domain.people.careers import Post, TeacherPost
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    get_activity,
    list_offered_activities,
    publish_activity,
)
from app.domain.training.attendance import (
    AttendanceStatus,
    NewAttendance,
    OutsideAudience,
    record_attendance,
)
from app.domain.training.enrolments import (
    Nomination,
    NominationUnfit,
    enrol_oneself,
    nominate_teachers,
)
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_activity

PAGE = PageRequest()


async def for_class_heads(db: Connection, city: City) -> Row:
    """An activity of the school next week for its class heads, of whom the teacher is one by then."""
    later = NOW + timedelta(days=7)
    post = {"post": Post.CLASS_HEAD, "valid_from": date(2026, 11, 25)}
    place = {"teacher_id": city.teacher["id"], "school_id": city.school["id"]}
    await db.insert(TeacherPost, {"id": new_id(), **place, **post})
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, begins=later,
        strata=[Stratum.CLASS_HEAD],
    )  # fmt: skip
    key = {"activity_id": draft["id"]}
    before = db.statements
    published = await publish_activity(db, city.school_admin.actor, **key, now=NOW)
    assert db.statements - before == 6
    assert published["strata"] == ["class_head"]
    return draft


async def test_who_counts_takes_part_and_nobody_else(db: Connection, city: City) -> None:
    activity = await for_class_heads(db, city)
    head, colleague = city.teacher_account.actor, city.colleague_account.actor
    for actor, shown in ((head, [activity["id"]]), (colleague, [])):
        offered = await list_offered_activities(db, actor, page=PAGE)
        assert [row["id"] for row in offered.items] == shown
    # It is no secret: whoever belongs to the school sees it by its key.
    assert await get_activity(db, colleague, activity_id=activity["id"])
    with pytest.raises(ActivityNotFound):
        await enrol_oneself(db, colleague, activity_id=activity["id"], now=NOW)
    enrolled = await enrol_oneself(db, head, activity_id=activity["id"], now=NOW)
    assert enrolled["state"] == "enrolled"


async def test_a_school_names_and_enters_those_who_count(db: Connection, city: City) -> None:
    activity = await for_class_heads(db, city)
    admin = city.school_admin.actor
    wanted = [city.teacher["id"], city.colleague["id"]]
    nomination = Nomination(activity_id=activity["id"], teacher_ids=wanted, reason="班主任")
    with pytest.raises(NominationUnfit) as refused:
        await nominate_teachers(
            db, admin, school_id=city.school["id"], nomination=nomination, now=NOW
        )
    assert refused.value.details == {"count": 1}
    there = NewAttendance(teacher_ids=wanted, status=AttendanceStatus.ABSENT)
    session_id = activity["sessions"][0]["id"]
    with pytest.raises(OutsideAudience):
        async with db.transaction():
            await record_attendance(db, admin, session_id=session_id, new=there, now=NOW)
    head = NewAttendance(teacher_ids=wanted[:1], status=AttendanceStatus.ABSENT)
    done = await record_attendance(db, admin, session_id=session_id, new=head, now=NOW)
    assert done["recorded"] == 1
