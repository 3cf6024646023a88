from datetime import timedelta

import pytest

from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState, hold_activity
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.closing import close_activity
from app.domain.training.enrolments import enrol_oneself
from app.domain.training.no_shows import list_no_shows
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_attendance


async def missed(db: Connection, by: Person, activity: Row) -> list[str]:
    found = await list_no_shows(db, by.actor, activity_id=activity["id"], page=PageRequest())
    return [row["name"] for row in found.items]


async def test_who_had_a_place_and_neither_came_nor_had_leave(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    key, by = {"activity_id": activity["id"]}, city.county_admin
    for person in (city.teacher_account, city.colleague_account, city.sibling_teacher_account):
        await enrol_oneself(db, person.actor, **key, now=NOW)
    assert await missed(db, by, activity) == []
    session = activity["sessions"][0]
    await make_attendance(db, session, by, city.teacher)
    await make_attendance(db, session, by, city.colleague, status=AttendanceStatus.EXCUSED)
    await make_attendance(db, session, by, city.sibling_teacher, status=AttendanceStatus.ABSENT)
    await hold_activity(db, by.actor, **key, now=NOW + timedelta(hours=3))
    before = db.statements
    assert await missed(db, by, activity) == ["测试丙"]
    assert db.statements - before == 2
    await close_activity(db, by.actor, **key, now=NOW + timedelta(hours=4))
    assert await missed(db, by, activity) == ["测试丙"]
    with pytest.raises(NotAllowed):
        await missed(db, city.school_admin, activity)


async def test_nobody_is_missed_at_what_has_not_been_held(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await enrol_oneself(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    assert activity["state"] == ActivityState.PUBLISHED
    assert await missed(db, city.school_admin, activity) == []
