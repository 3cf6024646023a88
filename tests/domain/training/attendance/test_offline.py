from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.audit import Provenance
from app.domain.errors import DomainError, NotAllowed
from app.domain.training.activities import ActivityState, SessionNotFound
from app.domain.training.attendance import (
    STEP,
    CheckInClosed,
    ClockAhead,
    HandedInTooLate,
    NewAttendanceRule,
    OfflineCheckIn,
    OfflineCodeWrong,
    check_in_offline,
    code_at,
    set_attendance_rule,
)
from app.domain.training.attendance.codes import shown_at
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity

HOUR = timedelta(hours=1)
SECRET = bytes(range(32))


def test_when_a_code_was_shown_is_found_near_the_moment_alone() -> None:
    session, tolerance = new_id(), timedelta(minutes=5)
    code = code_at(SECRET, session, NOW)
    for shift in (timedelta(), 4 * STEP, -4 * STEP, tolerance):
        assert shown_at(code, SECRET, session, NOW + shift, tolerance) == NOW
    for shift in (2 * tolerance, -2 * tolerance):
        assert shown_at(code, SECRET, session, NOW + shift, tolerance) is None
    assert shown_at(code, SECRET, new_id(), NOW, tolerance) is None


async def on(db: Connection, city: City, **more: Any) -> Row:
    session: Row = (await make_activity(db, city.school, city.school_admin, **more))["sessions"][0]
    return session


async def hand_in(
    db: Connection, person: Person, session: Row, *, seen: Any = NOW, told: Any = None, now: Any
) -> Row:
    """Hand in the code that was shown at `seen`, of which the phone says that it was at `told`."""
    code = code_at(session["secret"], session["id"], seen)
    given = OfflineCheckIn(code=code, seen_at=told or seen)
    return await check_in_offline(
        db, person.actor, session_id=session["id"], given=given, now=now,
        provenance=Provenance(address="192.0.2.7", agent="phone"),
    )  # fmt: skip


async def count(db: Connection) -> int:
    return int(await db._driver.fetchval("SELECT count(*) FROM attendance"))


async def test_a_code_seen_in_the_room_is_handed_in_later(db: Connection, city: City) -> None:
    session = await on(db, city)
    later = NOW + 30 * HOUR
    before = db.statements
    told = NOW + timedelta(minutes=3)
    record = await hand_in(db, city.teacher_account, session, told=told, now=later)
    assert db.statements - before == 3
    assert (record["status"], record["method"]) == ("present", "offline")
    assert record["checked_in_at"] == NOW, "when the code was shown, not when the clock says"
    assert await hand_in(db, city.teacher_account, session, now=later) == record
    marks = await db._driver.fetchrow("SELECT device_hash, origin_hash FROM attendance")
    assert marks["device_hash"] is None
    assert len(marks["origin_hash"]) == 16


async def test_who_came_late_without_a_network_is_late(db: Connection, city: City) -> None:
    session = await on(db, city)
    rule = NewAttendanceRule(late_after=10)
    actor = city.school_admin.actor
    await set_attendance_rule(db, actor, activity_id=session["activity_id"], new=rule)
    seen = NOW + timedelta(minutes=20)
    record = await hand_in(db, city.teacher_account, session, seen=seen, now=NOW + 5 * HOUR)
    assert record["status"] == "late"


@pytest.mark.parametrize(
    ("seen", "told", "now", "refusal"),
    [
        (NOW, NOW + HOUR, NOW + 2 * HOUR, OfflineCodeWrong),
        (NOW + HOUR, NOW, NOW + 2 * HOUR, OfflineCodeWrong),
        (NOW, NOW + 6 * timedelta(minutes=1), NOW, ClockAhead),
        (NOW, NOW, NOW + 73 * HOUR, HandedInTooLate),
        (NOW - HOUR, NOW - HOUR, NOW, CheckInClosed),
        (NOW + 3 * HOUR, NOW + 3 * HOUR, NOW + 4 * HOUR, CheckInClosed),
        (NOW + 4 * timedelta(minutes=1), NOW, NOW, OfflineCodeWrong),
    ],
    ids=["passed on", "other time", "clock ahead", "too late", "too early", "after", "to come"],
)
async def test_what_the_clock_does_not_bear_out_is_refused(
    db: Connection, city: City, seen: Any, told: Any, now: Any, refusal: type[DomainError]
) -> None:
    session = await on(db, city)
    with pytest.raises(refusal):
        await hand_in(db, city.teacher_account, session, seen=seen, told=told, now=now)
    assert await count(db) == 0


async def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(ValidationError):
        OfflineCheckIn.model_validate({"code": "ABCDEFGH", "seen_at": "2026-11-20T10:00:00"})


async def test_only_who_is_meant_hands_in_and_only_before_the_close(
    db: Connection, city: City
) -> None:
    session, later = await on(db, city), NOW + 5 * HOUR
    for person, refusal in (
        (city.sibling_teacher_account, SessionNotFound), (city.school_admin, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await hand_in(db, person, session, now=later)
    closed = await on(db, city, state=ActivityState.CLOSED)
    cancelled = await on(db, city, state=ActivityState.CANCELLED)
    for each in (closed, cancelled):
        with pytest.raises(CheckInClosed):
            await hand_in(db, city.teacher_account, each, now=later)
    assert await count(db) == 0
