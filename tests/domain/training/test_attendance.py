import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    SessionNotFound,
    WrongState,
)
from app.domain.training.attendance import (
    STEP,
    AttendanceStatus,
    CheckInClosed,
    EnteredAbsent,
    NewAttendance,
    NewCheckIn,
    NotBegun,
    OutsideAudience,
    WrongCode,
    attendance_of,
    check_in,
    code_at,
    get_check_in_code,
    list_attendance,
    list_teacher_attendance,
    record_attendance,
)
from app.domain.training.attendance.codes import end_of_step, is_current
from app.domain.training.closing import close_activity
from app.domain.training.enrolments import enrol_oneself
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
SECRET = bytes(range(32))
SESSION = new_id()


def code_of(session: Row, moment: Any = NOW) -> NewCheckIn:
    return NewCheckIn(code=code_at(session["secret"], session["id"], moment))


async def arrive(
    db: Connection, person: Person, session: Row, *, at: Any = NOW, code: Any = None
) -> Row:
    return await check_in(
        db, person.actor, session_id=session["id"], given=code or code_of(session, at), now=at
    )


async def records(db: Connection, session: Row) -> list[tuple[Any, ...]]:
    rows = await db._driver.fetch(
        "SELECT t.name, a.status, a.method FROM attendance a JOIN teacher t ON t.id = teacher_id"
        " WHERE session_id = $1 ORDER BY t.name",
        session["id"],
    )
    return [tuple(row) for row in rows]


# Codes.


@given(st.integers(0, 80 * 365 * 86_400_000).map(lambda n: NOW + timedelta(milliseconds=n)))
def test_a_code_holds_for_its_step_and_the_next(moment: Any) -> None:
    code = code_at(SECRET, SESSION, moment)
    assert len(code) == 8
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert moment < end_of_step(moment) <= moment + STEP
    assert is_current(code, SECRET, SESSION, moment)
    assert is_current(f" {code[:4].lower()} {code[4:]}", SECRET, SESSION, moment + STEP)


@pytest.mark.parametrize("shift", [-STEP, 2 * STEP, timedelta(days=1)])
def test_a_code_holds_no_longer_and_no_sooner(shift: timedelta) -> None:
    assert not is_current(code_at(SECRET, SESSION, NOW), SECRET, SESSION, NOW + shift)


def test_a_code_is_of_one_session_and_one_secret() -> None:
    code = code_at(SECRET, SESSION, NOW)
    assert not is_current(code, SECRET, new_id(), NOW)
    assert not is_current(code, SECRET[::-1], SESSION, NOW)
    assert not is_current("签到码签到码签到", SECRET, SESSION, NOW)


async def test_the_code_is_shown_to_the_organiser_alone(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    activity = await make_activity(db, city.school, city.school_admin, group=group)
    session = activity["sessions"][0]
    for person in (city.school_admin, leader, city.county_admin):
        shown = await get_check_in_code(db, person.actor, session_id=session["id"], now=NOW)
        assert shown == {
            "session_id": session["id"],
            "code": code_at(session["secret"], session["id"], NOW),
            "valid_until": NOW + STEP,
        }
    for person, refusal in (
        (city.teacher_account, NotAllowed), (city.auditor, NotAllowed),
        (city.colleague_account, SessionNotFound), (city.sibling_admin, SessionNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await get_check_in_code(db, person.actor, session_id=session["id"], now=NOW)


# Checking in.


async def test_a_teacher_of_the_audience_checks_in(db: Connection, city: City) -> None:
    session = (await make_activity(db, city.county, city.county_admin))["sessions"][0]
    before = db.statements
    entered = await arrive(db, city.teacher_account, session)
    assert db.statements - before == 2
    assert entered == {
        "id": entered["id"],
        "session_id": session["id"],
        "activity_id": session["activity_id"],
        "teacher_id": city.teacher["id"],
        "status": "present",
        "method": "code",
        "role": "participant",
        "checked_in_at": NOW,
        "checked_out_at": None,
        "minutes": None,
    }
    before = db.statements
    await arrive(db, city.colleague_account, session)
    assert db.statements - before == 1, "the session's secret is known by now"
    before = db.statements
    wrong = NewCheckIn(code="A" * 8)
    later = NOW + timedelta(hours=5)
    assert await arrive(db, city.teacher_account, session, at=later, code=wrong) == entered
    assert db.statements - before == 1
    assert await records(db, session) == [
        ("测试乙", "present", "code"),
        ("测试甲", "present", "code"),
    ]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("sibling_teacher_account", SessionNotFound), ("school_admin", NotAllowed),
     ("auditor", NotAllowed)],
)  # fmt: skip
async def test_who_is_not_meant_does_not_check_in(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    with pytest.raises(refusal):
        await arrive(db, getattr(city, who), session)
    assert await records(db, session) == []


async def test_who_is_entered_as_absent_is_told_so(db: Connection, city: City) -> None:
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    absent = AttendanceStatus.ABSENT
    await make_attendance(db, session, city.school_admin, city.teacher, status=absent)
    with pytest.raises(EnteredAbsent):
        await arrive(db, city.teacher_account, session)
    assert await records(db, session) == [("测试甲", "absent", "organiser")]


async def test_a_leader_who_is_no_teacher_does_not_check_in_but_members_do(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    session = (await make_activity(db, city.school, city.school_admin, group=group))["sessions"][0]
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    with pytest.raises(NotAllowed):
        await arrive(db, leader, session)
    with pytest.raises(SessionNotFound):
        await arrive(db, city.colleague_account, session)
    await arrive(db, city.teacher_account, session)
    assert await records(db, session) == [("测试甲", "present", "code")]


@pytest.mark.parametrize(
    ("minutes", "open_"), [(-31, False), (-30, True), (0, True), (120, True), (121, False)]
)
async def test_check_in_is_open_from_half_an_hour_before_to_the_end(
    db: Connection, city: City, minutes: int, open_: bool
) -> None:
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    at = NOW + timedelta(minutes=minutes)
    if open_:
        assert (await arrive(db, city.teacher_account, session, at=at))["checked_in_at"] == at
        return
    with pytest.raises(CheckInClosed) as refused:
        await arrive(db, city.teacher_account, session, at=at)
    assert refused.value.details == {
        "opens_at": "2026-11-20T01:30:00+00:00", "closes_at": "2026-11-20T04:00:00+00:00",
    }  # fmt: skip
    assert await records(db, session) == []


@pytest.mark.parametrize(
    ("state", "refusal"),
    [(ActivityState.DRAFT, SessionNotFound), (ActivityState.CANCELLED, CheckInClosed),
     (ActivityState.CLOSED, CheckInClosed), (ActivityState.HELD, None)],
)  # fmt: skip
async def test_check_in_is_open_while_the_activity_is_on(
    db: Connection, city: City, state: ActivityState, refusal: type[DomainError] | None
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=state)
    session = activity["sessions"][0]
    if refusal is None:
        await arrive(db, city.teacher_account, session)
        return
    with pytest.raises(refusal):
        await arrive(db, city.teacher_account, session)
    assert await records(db, session) == []


async def test_a_wrong_code_enters_nothing(db: Connection, city: City) -> None:
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    for code in (NewCheckIn(code="AAAAAAAA"), code_of(session, NOW - 2 * STEP)):
        with pytest.raises(WrongCode):
            await arrive(db, city.teacher_account, session, code=code)
    assert await records(db, session) == []
    await arrive(db, city.teacher_account, session, code=code_of(session, NOW - STEP))
    with pytest.raises(ValidationError):
        NewCheckIn(code="SHORT")


async def test_of_many_check_ins_at_once_one_is_entered(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]

    async def once() -> Any:
        async with real_pool.transaction() as db:
            return (await arrive(db, city.teacher_account, session))["id"]

    assert len(set(await asyncio.gather(*(once() for _ in range(20))))) == 1
    async with real_pool.transaction() as db:
        assert await records(db, session) == [("测试甲", "present", "code")]


async def test_a_check_in_is_entered_before_the_close_or_not_at_all(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)

    async def late() -> None:
        async with real_pool.connection() as db:
            await arrive(db, city.teacher_account, activity["sessions"][0])

    async with real_pool.transaction() as closing:
        await close_activity(closing, city.school_admin.actor, activity_id=activity["id"], now=NOW)
        arriving = asyncio.create_task(late())
        await asyncio.wait([arriving], timeout=0.3)
        assert not arriving.done()
    with pytest.raises(CheckInClosed):
        await arriving
    async with real_pool.connection() as db:
        assert await records(db, activity["sessions"][0]) == []


# The register.


async def test_nobody_was_present_at_what_is_to_come(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, begins=NOW + timedelta(minutes=31)
    )
    session, actor = activity["sessions"][0], city.school_admin.actor
    for status in AttendanceStatus:
        new = NewAttendance(teacher_ids=[city.teacher["id"]], status=status)
        if status in {AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED}:
            await record_attendance(db, actor, session_id=session["id"], new=new, now=NOW)
            continue
        with pytest.raises(NotBegun):
            await record_attendance(db, actor, session_id=session["id"], new=new, now=NOW)
    assert await records(db, session) == [("测试甲", "excused", "organiser")]
    new = NewAttendance(teacher_ids=[city.teacher["id"]], status=AttendanceStatus.PRESENT)
    later = NOW + timedelta(minutes=1)
    await record_attendance(db, actor, session_id=session["id"], new=new, now=later)
    assert await records(db, session) == [("测试甲", "present", "organiser")]


async def test_who_has_moved_since_is_still_corrected(
    db: Connection, city: City, resources: Resources
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    session, actor = activity["sessions"][0], city.school_admin.actor
    enrolled = await make_teacher(db, resources.cipher, city.school, "测试己")
    person = await make_account(db, "enrolled", Role.TEACHER, enrolled)
    await enrol_oneself(db, person.actor, activity_id=activity["id"], now=NOW)
    await make_attendance(db, session, city.school_admin, city.teacher)
    await db._driver.execute(
        "UPDATE teacher SET school_id = $1, county_id = $2 WHERE id = ANY ($3)",
        city.far_school["id"], city.other_county["id"], [city.teacher["id"], enrolled["id"]],
    )  # fmt: skip
    ids = [city.teacher["id"], enrolled["id"]]
    new = NewAttendance(teacher_ids=ids, status=AttendanceStatus.LATE)
    told = await record_attendance(db, actor, session_id=session["id"], new=new, now=NOW)
    assert told["recorded"] == 2
    others = NewAttendance(teacher_ids=[city.far_teacher["id"]], status=AttendanceStatus.LATE)
    with pytest.raises(OutsideAudience):
        await record_attendance(db, actor, session_id=session["id"], new=others, now=NOW)


async def test_the_organiser_records_many_at_once_and_corrects_them(
    db: Connection, city: City
) -> None:
    session = (await make_activity(db, city.county, city.county_admin))["sessions"][0]
    arrived = await arrive(db, city.teacher_account, session)
    ids = [city.teacher["id"], city.sibling_teacher["id"], city.teacher["id"]]
    new = NewAttendance(teacher_ids=ids, status=AttendanceStatus.LATE)
    actor = city.county_admin.actor
    before = db.statements
    told = await record_attendance(db, actor, session_id=session["id"], new=new, now=NOW)
    assert db.statements - before == 3
    assert told == {"session_id": session["id"], "recorded": 2}
    page = await list_attendance(db, actor, activity_id=session["activity_id"], page=PAGE)
    assert [(row["name"], row["school"], row["status"]) for row in page.items] == [
        ("测试丙", "甲县第二小学", "late"),
        ("测试甲", "甲县第一小学", "late"),
    ]
    own = page.items[1]
    corrected = {"status": "late", "method": "organiser"}
    assert {name: own[name] for name in arrived} == arrived | corrected
    assert "id_number" not in own


@pytest.mark.parametrize("foreign", ["far_teacher", "direct_teacher", None])
async def test_it_is_recorded_for_all_or_for_none(
    db: Connection, city: City, foreign: str | None
) -> None:
    session = (await make_activity(db, city.county, city.county_admin))["sessions"][0]
    other = getattr(city, foreign)["id"] if foreign else new_id()
    new = NewAttendance(teacher_ids=[city.teacher["id"], other], status=AttendanceStatus.PRESENT)
    with pytest.raises(OutsideAudience) as refused:
        async with db.transaction():
            await record_attendance(
                db, city.county_admin.actor, session_id=session["id"], new=new, now=NOW
            )
    assert refused.value.details == {"count": 1, "teachers": [str(other)]}
    assert await records(db, session) == []


async def test_a_leader_records_the_members_of_the_group(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    session = (await make_activity(db, city.school, city.school_admin, group=group))["sessions"][0]
    member = NewAttendance(teacher_ids=[city.teacher["id"]], status=AttendanceStatus.PRESENT)
    await record_attendance(db, leader.actor, session_id=session["id"], new=member, now=NOW)
    other = NewAttendance(teacher_ids=[city.colleague["id"]], status=AttendanceStatus.PRESENT)
    with pytest.raises(OutsideAudience):
        await record_attendance(db, leader.actor, session_id=session["id"], new=other, now=NOW)
    page = await list_attendance(db, leader.actor, activity_id=session["activity_id"], page=PAGE)
    assert [row["name"] for row in page.items] == ["测试甲"]
    found = await attendance_of(db, leader.actor, teacher_ids=[city.teacher["id"]], page=PAGE)
    assert found[city.teacher["id"]].items == []


async def test_nobody_else_records_and_nothing_after_the_close(db: Connection, city: City) -> None:
    new = NewAttendance(teacher_ids=[city.teacher["id"]], status=AttendanceStatus.PRESENT)
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    for person, refusal in (
        (city.teacher_account, NotAllowed), (city.auditor, NotAllowed),
        (city.sibling_admin, SessionNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await record_attendance(db, person.actor, session_id=session["id"], new=new, now=NOW)
    assert await records(db, session) == []
    for state in (ActivityState.CLOSED, ActivityState.CANCELLED, ActivityState.DRAFT):
        activity = await make_activity(db, city.school, city.school_admin, state=state)
        with pytest.raises(WrongState):
            await record_attendance(
                db,
                city.school_admin.actor,
                session_id=activity["sessions"][0]["id"],
                new=new,
                now=NOW,
            )


# Who sees it.


async def test_attendance_belongs_to_the_teacher_and_is_seen_narrowly_by_the_organiser(
    db: Connection, city: City
) -> None:
    session = (await make_activity(db, city.county, city.county_admin))["sessions"][0]
    await make_attendance(db, session, city.county_admin, city.teacher, city.sibling_teacher)
    for person, expected in (
        (city.teacher_account, 1), (city.school_admin, 1), (city.county_admin, 1),
    ):  # fmt: skip
        page = await list_teacher_attendance(
            db, person.actor, teacher_id=city.teacher["id"], page=PAGE
        )
        assert [row["session_id"] for row in page.items] == [session["id"]] * expected
    with pytest.raises(TeacherNotFound):
        await list_teacher_attendance(
            db, city.sibling_admin.actor, teacher_id=city.teacher["id"], page=PAGE
        )
    for person, refusal in (
        (city.teacher_account, NotAllowed), (city.school_admin, NotAllowed),
        (city.other_county_admin, ActivityNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await list_attendance(db, person.actor, activity_id=session["activity_id"], page=PAGE)
    found = await attendance_of(
        db,
        city.school_admin.actor,
        teacher_ids=[city.teacher["id"], city.sibling_teacher["id"]],
        page=PAGE,
    )
    assert [len(page.items) for page in found.values()] == [1, 0]


async def test_attendance_follows_the_teacher_and_the_school(
    db: Connection, city: City, resources: Resources
) -> None:
    session = (await make_activity(db, city.city, city.city_admin))["sessions"][0]
    mover = await make_teacher(db, resources.cipher, city.school, "测试己")
    await make_attendance(db, session, city.city_admin, city.teacher, mover)
    await db._driver.execute(
        "UPDATE teacher SET school_id = $2, county_id = $3 WHERE id = $1",
        mover["id"], city.far_school["id"], city.other_county["id"],
    )  # fmt: skip
    await db._driver.execute(
        "UPDATE unit SET county_id = $2, parent_id = $2 WHERE id = $1",
        city.school["id"], city.other_county["id"],
    )  # fmt: skip
    rows = await db._driver.fetch(
        "SELECT teacher_id, school_id, county_id FROM attendance WHERE session_id = $1",
        session["id"],
    )
    assert {tuple(row) for row in rows} == {
        (mover["id"], city.far_school["id"], city.other_county["id"]),
        (city.teacher["id"], city.school["id"], city.other_county["id"]),
    }


async def test_however_many_are_recorded_it_is_three_statements(
    db: Connection, city: City, resources: Resources
) -> None:
    teachers = [
        await make_teacher(db, resources.cipher, city.school, f"测试{n:04}") for n in range(60)
    ]
    activity = await make_activity(db, city.school, city.school_admin, hours=Decimal(2))
    new = NewAttendance(
        teacher_ids=[row["id"] for row in teachers], status=AttendanceStatus.PRESENT
    )
    before = db.statements
    session_id = activity["sessions"][0]["id"]
    told = await record_attendance(
        db, city.school_admin.actor, session_id=session_id, new=new, now=NOW
    )
    assert (told["recorded"], db.statements - before) == (60, 3)
