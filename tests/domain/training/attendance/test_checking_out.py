import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    SessionNotFound,
    WrongState,
)
from app.domain.training.attendance import (
    AttendanceStatus,
    CheckOutBeforeCheckIn,
    CheckOutClosed,
    CheckOutNotAsked,
    NewAttendance,
    NewAttendanceRule,
    NewCheckIn,
    NewCheckOut,
    WrongCode,
    check_in,
    check_out,
    code_at,
    get_attendance_rule,
    record_attendance,
    set_attendance_rule,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_attendance, make_city

ON_LEAVING = NewAttendanceRule(late_after=15, records_leaving=True, least_share=75)


def after(minutes: int) -> Any:
    return NOW + timedelta(minutes=minutes)


def code(session: Row, moment: Any, device: str | None = None) -> dict[str, Any]:
    return {"code": code_at(session["secret"], session["id"], moment), "device": device}


async def ruled(db: Connection, city: City, rule: NewAttendanceRule = ON_LEAVING) -> Row:
    """The session of an activity of the school with this rule."""
    activity = await make_activity(db, city.school, city.school_admin)
    await set_attendance_rule(db, city.school_admin.actor, activity_id=activity["id"], new=rule)
    session: Row = activity["sessions"][0]
    return session


async def come(db: Connection, person: Person, session: Row, minutes: int) -> Row:
    moment = after(minutes)
    given = NewCheckIn(**code(session, moment))
    return await check_in(db, person.actor, session_id=session["id"], given=given, now=moment)


async def go(db: Connection, person: Person, session: Row, minutes: int, **more: Any) -> Row:
    moment = after(minutes)
    given = NewCheckOut(**code(session, moment) | more)
    return await check_out(db, person.actor, session_id=session["id"], given=given, now=moment)


# Rules.


async def test_without_a_rule_nobody_is_late_and_nobody_is_asked_on_leaving(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    assert await get_attendance_rule(
        db, city.teacher_account.actor, activity_id=activity["id"]
    ) == {
        "activity_id": activity["id"],
        "late_after": None,
        "records_leaving": False,
        "least_share": None,
    }
    session = activity["sessions"][0]
    assert (await come(db, city.teacher_account, session, 119))["status"] == "present"
    with pytest.raises(CheckOutNotAsked):
        await go(db, city.teacher_account, session, 120)


async def test_a_share_needs_to_know_when_people_leave() -> None:
    with pytest.raises(ValidationError):
        NewAttendanceRule(least_share=80)


async def test_the_organiser_decides_before_it_is_held(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    actor, key = city.county_admin.actor, activity["id"]
    before = db.statements
    await set_attendance_rule(db, actor, activity_id=key, new=ON_LEAVING)
    assert db.statements - before == 2
    second = NewAttendanceRule(late_after=5)
    told = await set_attendance_rule(db, actor, activity_id=key, new=second)
    assert told == await get_attendance_rule(db, actor, activity_id=key)
    assert (told["late_after"], told["records_leaving"]) == (5, False)
    for person, refusal in (
        (city.school_admin, NotAllowed), (city.other_county_admin, ActivityNotFound),
        (city.auditor, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await set_attendance_rule(db, person.actor, activity_id=key, new=ON_LEAVING)
    for state in (ActivityState.HELD, ActivityState.CLOSED, ActivityState.CANCELLED):
        other = await make_activity(db, city.county, city.county_admin, state=state)
        with pytest.raises(WrongState):
            await set_attendance_rule(db, actor, activity_id=other["id"], new=ON_LEAVING)
    assert await get_attendance_rule(db, actor, activity_id=key) == told


@pytest.mark.parametrize(("minutes", "status"), [(-10, "present"), (14, "present"), (15, "late")])
async def test_who_comes_after_the_grace_is_late(
    db: Connection, city: City, minutes: int, status: str
) -> None:
    session = await ruled(db, city)
    assert (await come(db, city.teacher_account, session, minutes))["status"] == status


# Leaving.


@pytest.mark.parametrize(
    ("came", "left", "minutes", "status"),
    [(0, 120, 120, "present"), (-20, 140, 120, "present"), (30, 120, 90, "late"),
     (31, 120, 89, "left_early"), (0, 89, 89, "left_early"), (0, 90, 90, "present")],
)  # fmt: skip
async def test_the_minutes_within_the_session_count(
    db: Connection, city: City, came: int, left: int, minutes: int, status: str
) -> None:
    session = await ruled(db, city)
    await come(db, city.teacher_account, session, came)
    before = db.statements
    record = await go(db, city.teacher_account, session, left)
    assert db.statements - before == 2
    assert (record["minutes"], record["status"]) == (minutes, status)
    assert record["checked_out_at"] == after(left)
    again = await go(db, city.teacher_account, session, 130)
    assert again == record, "the first code on leaving counts"


async def test_without_a_share_nobody_leaves_too_early(db: Connection, city: City) -> None:
    session = await ruled(db, city, NewAttendanceRule(records_leaving=True))
    await come(db, city.teacher_account, session, 0)
    record = await go(db, city.teacher_account, session, 1)
    assert (record["minutes"], record["status"]) == (1, "present")


@pytest.mark.parametrize(
    ("minutes", "given", "refusal"),
    [(60, {"code": "AAAAAAAA"}, WrongCode), (151, {}, CheckOutClosed), (-1, {}, CheckOutClosed)],
)
async def test_what_is_no_leaving_is_refused(
    db: Connection, city: City, minutes: int, given: dict[str, str], refusal: type[DomainError]
) -> None:
    session = await ruled(db, city)
    record = await come(db, city.teacher_account, session, -5)
    with pytest.raises(refusal):
        await go(db, city.teacher_account, session, minutes, **given)
    assert await come(db, city.teacher_account, session, 61) == record


async def test_nobody_leaves_who_did_not_come(db: Connection, city: City) -> None:
    session = await ruled(db, city)
    with pytest.raises(CheckOutBeforeCheckIn):
        await go(db, city.teacher_account, session, 60)
    await make_attendance(
        db, session, city.school_admin, city.colleague, status=AttendanceStatus.ABSENT
    )
    with pytest.raises(CheckOutBeforeCheckIn):
        await go(db, city.colleague_account, session, 60)


async def test_a_copied_code_does_not_let_anybody_leave(db: Connection, city: City) -> None:
    session = await ruled(db, city)
    await come(db, city.teacher_account, session, 0)
    with pytest.raises(WrongCode):
        await go(db, city.teacher_account, session, 60, code=code(session, after(50))["code"])


async def test_who_is_no_longer_in_the_audience_still_checks_out(
    db: Connection, city: City
) -> None:
    session = await ruled(db, city)
    await come(db, city.teacher_account, session, 0)
    await db._driver.execute(
        "DELETE FROM activity_audience WHERE activity_id = $1", session["activity_id"]
    )
    assert (await go(db, city.teacher_account, session, 120))["minutes"] == 120
    with pytest.raises(SessionNotFound):
        await go(db, city.colleague_account, session, 120)


async def test_of_two_who_leave_at_once_the_first_counts(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        session = await ruled(db, city)
        await come(db, city.teacher_account, session, 0)

    async def leave(minutes: int) -> Row:
        async with real_pool.transaction() as db:
            return await go(db, city.teacher_account, session, minutes)

    records = await asyncio.gather(*(leave(100 + n) for n in range(8)))
    assert len({record["minutes"] for record in records}) == 1


async def test_what_the_organiser_records_meanwhile_is_not_undone_by_leaving(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        session = await ruled(db, city)
        await come(db, city.teacher_account, session, 0)

    async def leave() -> Row:
        async with real_pool.transaction() as db:
            return await go(db, city.teacher_account, session, 90)

    async with real_pool.transaction() as db:
        absent = NewAttendance(teacher_ids=[city.teacher["id"]], status=AttendanceStatus.ABSENT)
        await record_attendance(
            db, city.school_admin.actor, session_id=session["id"], new=absent, now=after(90)
        )
        leaving = asyncio.create_task(leave())
        await asyncio.wait([leaving], timeout=0.3)
        assert not leaving.done()
    record = await leaving
    assert (record["status"], record["checked_out_at"]) == ("absent", None)
