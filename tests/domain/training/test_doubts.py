import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.audit import Provenance
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityMode, ActivityState
from app.domain.training.attendance import (
    Attendance,
    AttendanceStatus,
    NewAttendanceRule,
    NewCheckIn,
    NewCheckOut,
    OfflineCheckIn,
    check_in,
    check_in_offline,
    check_out,
    code_at,
    set_attendance_rule,
)
from app.domain.training.closing import close_activity
from app.domain.training.doubts import (
    DoubtDecided,
    DoubtKind,
    DoubtNotFound,
    DoubtOfOneself,
    DoubtOpinion,
    DoubtState,
    confirm_doubt,
    dismiss_doubt,
    find_doubts,
    find_doubts_of_city,
    get_doubt,
    list_doubts,
)
from app.domain.training.doubts.kinds import AT_ONCE, BULK
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_city,
    make_group,
    make_teacher,
)

PAGE = PageRequest()
LOOKED = DoubtOpinion(opinion="已核对签到表，确有其事")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def session_of(db: Connection, city: City, **more: Any) -> Row:
    activity = await make_activity(db, city.county, city.county_admin, **more)
    session: Row = activity["sessions"][0]
    return session


async def enter(
    db: Connection, session: Row, by: Person, teachers: Sequence[Row], **more: Any
) -> None:
    """Records as they came to be, whichever way."""
    rows = [
        {
            "id": new_id(),
            "session_id": session["id"],
            "activity_id": session["activity_id"],
            "teacher_id": teacher["id"],
            **{each: teacher[each] for each in ("city_id", "county_id", "school_id")},
            "status": "present",
            "method": "organiser",
            "role": "participant",
            "recorded_by": by.actor.account_id,
            "recorded_at": NOW,
        }
        | more
        for teacher in teachers
    ]
    await db.insert_all(Attendance, rows)


async def found(db: Connection, session: Row, kind: DoubtKind | None = None) -> list[Row]:
    """The doubts that a look at an activity puts up."""
    await find_doubts(db, activity_id=session["activity_id"], now=NOW + timedelta(days=1))
    rows = await db._driver.fetch("SELECT * FROM attendance_doubt ORDER BY kind, id")
    return [dict(row) for row in rows if kind in {None, row["kind"]}]


async def crowd(db: Connection, resources: Resources, city: City, number: int) -> list[Row]:
    return [
        await make_teacher(db, resources.cipher, city.school, f"测试{n:03}") for n in range(number)
    ]


# One person at two places.


async def test_at_two_sessions_at_once(db: Connection, city: City) -> None:
    first = await session_of(db, city)
    second = await session_of(db, city, begins=NOW + HOUR)
    await make_attendance(db, first, city.county_admin, city.teacher, city.colleague)
    await make_attendance(db, second, city.county_admin, city.teacher)
    assert await found(db, first) == [], "told at the record that came later"
    (doubt,) = await found(db, second)
    assert (doubt["kind"], doubt["people"]) == ("overlap", [city.teacher["id"]])
    assert doubt["figures"] == {
        "minutes": 60,
        "other_session_id": str(first["id"]),
        "other_activity_id": str(first["activity_id"]),
    }
    assert doubt["session_id"] == second["id"]
    assert doubt["county_id"] == city.county["id"]


@pytest.mark.parametrize(
    ("minutes", "more", "doubts"),
    [
        (109, {}, 1),
        (110, {}, 0),
        (60, {"mode": ActivityMode.SELF_DIRECTED}, 0),
        (60, {"state": ActivityState.CANCELLED}, 0),
    ],
    ids=["eleven minutes", "ten minutes", "studies alone", "cancelled"],
)
async def test_what_is_no_overlap(
    db: Connection, city: City, minutes: int, more: dict[str, Any], doubts: int
) -> None:
    first = await session_of(db, city)
    second = await session_of(db, city, begins=NOW + minutes * MINUTE, **more)
    for session in (first, second):
        await make_attendance(db, session, city.county_admin, city.teacher)
    assert len(await found(db, second)) == doubts


async def test_nobody_is_where_the_codes_say_otherwise_or_who_was_absent(
    db: Connection, city: City
) -> None:
    first, second = await session_of(db, city), await session_of(db, city, begins=NOW + HOUR)
    await enter(
        db, first, city.county_admin, [city.teacher], checked_in_at=NOW,
        checked_out_at=NOW + HOUR, minutes=60, status="late",
    )  # fmt: skip
    absent = AttendanceStatus.ABSENT
    await make_attendance(db, first, city.county_admin, city.colleague, status=absent)
    await make_attendance(db, second, city.county_admin, city.teacher, city.colleague)
    assert await found(db, second, DoubtKind.OVERLAP) == []


# Registers that came late.


@pytest.mark.parametrize(
    ("after", "number", "doubts"),
    [(73, 1, 1), (71, 1, 0), (25, BULK, 1), (25, BULK - 1, 0), (23, BULK, 0)],
)
async def test_a_register_that_came_late(
    db: Connection, city: City, resources: Resources, after: int, number: int, doubts: int
) -> None:
    session = await session_of(db, city)
    people = await crowd(db, resources, city, number)
    entered = NOW + 2 * HOUR + after * HOUR
    await enter(db, session, city.county_admin, people, recorded_at=entered)
    told = await found(db, session, DoubtKind.BACK_FILLED)
    assert len(told) == doubts
    for doubt in told:
        assert doubt["figures"] == {
            "records": number, "hours_after": after,
            "recorded_by": str(city.county_admin.actor.account_id),
        }  # fmt: skip


# Devices and addresses.


async def come(
    db: Connection, person: Person, session: Row, device: str | None, *, at: Any = NOW
) -> None:
    given = NewCheckIn(code=code_at(session["secret"], session["id"], at), device=device)
    origin = Provenance(address="192.0.2.7", agent="phone")
    await check_in(
        db, person.actor, session_id=session["id"], given=given, now=at, provenance=origin
    )


async def test_two_teachers_on_one_device(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    await come(db, city.teacher_account, session, "a" * 16)
    await come(db, city.colleague_account, session, "a" * 16, at=NOW + 20 * timedelta(seconds=1))
    await come(db, city.sibling_teacher_account, session, "b" * 16)
    (doubt,) = await found(db, session)
    assert doubt["kind"] == "shared_device"
    assert doubt["people"] == sorted([city.teacher["id"], city.colleague["id"]])
    assert doubt["figures"] == {"teachers": 2, "by": "device", "seconds": 20}


@pytest.mark.parametrize(("number", "doubts"), [(AT_ONCE, 1), (AT_ONCE - 1, 0)])
async def test_many_in_one_second_from_one_address(
    db: Connection, city: City, resources: Resources, number: int, doubts: int
) -> None:
    session = await session_of(db, city)
    for teacher in await crowd(db, resources, city, number):
        await come(db, await make_account(db, "teacher", Role.TEACHER, teacher), session, None)
    told = await found(db, session)
    assert [doubt["figures"]["by"] for doubt in told] == ["origin"] * doubts


async def test_one_who_comes_with_one_device_and_leaves_with_another(
    db: Connection, city: City
) -> None:
    session = await session_of(db, city)
    actor, key = city.county_admin.actor, session["activity_id"]
    rule = NewAttendanceRule(records_leaving=True)
    await set_attendance_rule(db, actor, activity_id=key, new=rule)
    later = NOW + 2 * HOUR
    for person, device in ((city.teacher_account, "b" * 16), (city.colleague_account, "c" * 16)):
        await come(db, person, session, device)
        code = code_at(session["secret"], session["id"], later)
        given = NewCheckOut(code=code, device="b" * 16)
        await check_out(db, person.actor, session_id=session["id"], given=given, now=later)
    await come(db, city.sibling_teacher_account, session, None)
    without, other = await found(db, session)
    assert (without["kind"], without["people"]) == ("no_check_out", [city.sibling_teacher["id"]])
    assert (other["kind"], other["people"]) == ("two_devices", [city.colleague["id"]])
    assert other["figures"] == {"minutes": 120}


async def test_codes_that_were_handed_in_together(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    given = OfflineCheckIn(code=code_at(session["secret"], session["id"], NOW), seen_at=NOW)
    for person, address in (
        (city.teacher_account, "192.0.2.7"), (city.colleague_account, "192.0.2.7"),
        (city.sibling_teacher_account, "192.0.2.8"),
    ):  # fmt: skip
        await check_in_offline(
            db, person.actor, session_id=session["id"], given=given, now=NOW + HOUR,
            provenance=Provenance(address=address),
        )  # fmt: skip
    (doubt,) = await found(db, session)
    assert doubt["kind"] == "offline_batch"
    assert doubt["people"] == sorted([city.teacher["id"], city.colleague["id"]])
    assert doubt["figures"] == {"teachers": 2, "minutes": 0}


async def test_other_names_of_devices_do_not_hide_one_address(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    code = code_at(session["secret"], session["id"], NOW)
    for person, device in ((city.teacher_account, "b" * 16), (city.colleague_account, "c" * 16)):
        await check_in_offline(
            db, person.actor, session_id=session["id"], now=NOW + HOUR,
            given=OfflineCheckIn(code=code, seen_at=NOW, device=device),
            provenance=Provenance(address="192.0.2.7"),
        )  # fmt: skip
    (doubt,) = await found(db, session)
    assert (doubt["kind"], doubt["figures"]["teachers"]) == ("offline_batch", 2)


async def test_one_device_at_one_address_is_one_doubt(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    code = code_at(session["secret"], session["id"], NOW)
    for person in (city.teacher_account, city.colleague_account):
        await check_in_offline(
            db, person.actor, session_id=session["id"], now=NOW + HOUR,
            given=OfflineCheckIn(code=code, seen_at=NOW, device="b" * 16),
            provenance=Provenance(address="192.0.2.7"),
        )  # fmt: skip
    (doubt,) = await found(db, session)
    assert doubt["kind"] == "offline_batch"


# Finding.


async def test_closing_puts_up_what_is_in_doubt(db: Connection, city: City) -> None:
    session = await session_of(db, city, state=ActivityState.HELD)
    await enter(db, session, city.county_admin, [city.teacher], recorded_at=NOW + timedelta(days=5))
    actor = city.county_admin.actor
    before = db.statements
    await close_activity(db, actor, activity_id=session["activity_id"], now=NOW)
    assert db.statements - before == 13
    page = await list_doubts(db, actor, page=PAGE, activity_id=session["activity_id"])
    (doubt,) = page.items
    assert (doubt["kind"], doubt["state"]) == ("back_filled", "open")
    status = await db._driver.fetchval("SELECT status FROM attendance")
    assert status == "present", "a doubt is no penalty"


async def test_finding_again_adds_nothing_and_follows_the_facts(db: Connection, city: City) -> None:
    session, late = await session_of(db, city), NOW + timedelta(days=5)
    await enter(db, session, city.county_admin, [city.teacher], recorded_at=late)
    key: dict[str, Any] = {"city_id": city.city["id"], "since": NOW, "now": late}
    before = db.statements
    assert await find_doubts_of_city(db, **key) == 1
    assert db.statements - before == 7
    assert await find_doubts_of_city(db, **key) == 0
    await enter(db, session, city.county_admin, [city.colleague], recorded_at=late + MINUTE)
    assert await find_doubts_of_city(db, **key | {"since": late + MINUTE}) == 1
    (doubt,) = await found(db, session)
    assert doubt["figures"]["records"] == 2
    await dismiss_doubt(db, city.city_admin.actor, doubt_id=doubt["id"], decision=LOOKED, now=late)
    await enter(db, session, city.county_admin, [city.sibling_teacher], recorded_at=late + HOUR)
    assert await find_doubts_of_city(db, **key) == 0, "what was decided stays decided"
    assert await find_doubts_of_city(db, **key | {"since": late + timedelta(days=1)}) == 0
    other = {"city_id": city.county["id"], "since": NOW, "now": late}
    assert await find_doubts_of_city(db, **other) == 0


async def test_two_who_find_at_once_put_it_up_once(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        session = await session_of(db, city)
        await enter(
            db, session, city.county_admin, [city.teacher], recorded_at=NOW + timedelta(days=5)
        )

    async def find() -> int:
        async with real_pool.transaction() as db:
            return await find_doubts(db, activity_id=session["activity_id"], now=NOW)

    assert sorted(await asyncio.gather(*(find() for _ in range(6)))) == [0, 0, 0, 0, 0, 1]


# Deciding.


async def in_doubt(db: Connection, city: City, by: Person | None = None) -> Row:
    session = await session_of(db, city)
    late = NOW + timedelta(days=5)
    await enter(db, session, by or city.county_admin, [city.teacher], recorded_at=late)
    (doubt,) = await found(db, session)
    return doubt


@pytest.mark.parametrize(
    ("decide", "state"), [(dismiss_doubt, "dismissed"), (confirm_doubt, "confirmed")]
)
async def test_somebody_looks_and_decides(
    db: Connection, city: City, decide: Any, state: str
) -> None:
    doubt, actor = await in_doubt(db, city), city.city_admin.actor
    before = db.statements
    told = await decide(db, actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    assert db.statements - before == 3
    assert (told["state"], told["opinion"]) == (state, LOOKED.opinion)
    assert (told["decided_by"], told["decided_at"]) == (actor.account_id, NOW)
    for again in (dismiss_doubt, confirm_doubt):
        with pytest.raises(DoubtDecided):
            await again(db, actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    status = await db._driver.fetchval("SELECT status FROM attendance")
    assert status == "present", "whatever was found, nothing changes by itself"


async def test_nobody_decides_about_the_own_entries_or_oneself(db: Connection, city: City) -> None:
    doubt = await in_doubt(db, city)
    concerned = await make_account(db, "teacher.and.admin", Role.COUNTY_ADMIN, city.county)
    object.__setattr__(concerned.actor, "teacher_id", city.teacher["id"])
    for person in (city.county_admin, concerned):
        with pytest.raises(DoubtOfOneself):
            await dismiss_doubt(db, person.actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    assert (await get_doubt(db, city.county_admin.actor, doubt_id=doubt["id"]))["state"] == "open"


async def test_who_sees_doubts_and_who_decides_them(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    activity = await make_activity(db, city.school, city.school_admin, group=group)
    session = activity["sessions"][0]
    late = NOW + timedelta(days=5)
    await enter(db, session, leader, [city.teacher], recorded_at=late)
    (doubt,) = await found(db, session)
    for person in (city.school_admin, city.county_admin, city.auditor, leader):
        page = await list_doubts(db, person.actor, page=PAGE, state=DoubtState.OPEN)
        assert [row["id"] for row in page.items] == [doubt["id"]]
    for person in (city.sibling_admin, city.other_county_admin, city.teacher_account):
        page = await list_doubts(db, person.actor, page=PAGE)
        assert page.items == []
        with pytest.raises(DoubtNotFound):
            await get_doubt(db, person.actor, doubt_id=doubt["id"])
    for person in (leader, city.auditor):
        with pytest.raises(NotAllowed):
            await confirm_doubt(db, person.actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    told = await confirm_doubt(
        db, city.school_admin.actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW
    )
    assert told["state"] == "confirmed"
