import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission, Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    SessionNotFound,
    WrongState,
)
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.leaves import (
    LeaveAttended,
    LeaveDecided,
    LeaveNotFound,
    LeaveOfOneself,
    LeaveOpinion,
    LeaveStanding,
    LeaveState,
    LeaveTooLate,
    NewLeave,
    approve_leave,
    decline_leave,
    get_leave,
    list_leaves,
    list_teacher_leaves,
    request_leave,
    withdraw_leave,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_city,
    make_group,
)

PAGE = PageRequest()
AGREED = LeaveOpinion(opinion="同意")
WHY = NewLeave(reason="外出参加学科培训", evidence="培训通知")


async def session_of(db: Connection, city: City, **more: Any) -> Row:
    """A session of the county, tomorrow unless it is said when."""
    begins = more.pop("begins", NOW + timedelta(days=1))
    activity = await make_activity(db, city.county, city.county_admin, begins=begins, **more)
    session: Row = activity["sessions"][0]
    return session


async def ask(db: Connection, person: Person, session: Row, *, now: Any = NOW) -> Row:
    return await request_leave(db, person.actor, session_id=session["id"], new=WHY, now=now)


async def register(db: Connection, session: Row) -> list[tuple[str, str]]:
    rows = await db._driver.fetch(
        "SELECT status, method FROM attendance WHERE session_id = $1", session["id"]
    )
    return [(row["status"], row["method"]) for row in rows]


async def test_leave_that_is_given_stands_in_the_register(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    before = db.statements
    asked = await ask(db, city.teacher_account, session)
    assert db.statements - before == 3
    assert asked["state"] == LeaveState.ASKED
    assert asked["due_on"] == date(2026, 11, 21), "the day of the session"
    assert await register(db, session) == []
    before = db.statements
    given = await approve_leave(
        db, city.county_admin.actor, leave_id=asked["id"], decision=AGREED, now=NOW
    )
    assert db.statements - before == 7
    assert (given["state"], given["opinion"]) == ("approved", "同意")
    assert (given["name"], given["school"]) == ("测试甲", "甲县第一小学")
    assert await register(db, session) == [("excused", "leave")]
    with pytest.raises(LeaveStanding):
        await ask(db, city.teacher_account, session)


async def test_who_was_recorded_as_absent_is_excused_and_the_trace_says_why(
    db: Connection, city: City
) -> None:
    session = await session_of(db, city, begins=NOW)
    absent = AttendanceStatus.ABSENT
    await make_attendance(db, session, city.county_admin, city.teacher, status=absent)
    later = NOW + timedelta(days=2)
    asked = await ask(db, city.teacher_account, session, now=later)
    assert asked["due_on"] == date(2026, 11, 25), "three days after it was asked"
    await approve_leave(
        db, city.county_admin.actor, leave_id=asked["id"], decision=AGREED, now=later
    )
    assert await register(db, session) == [("excused", "leave")]
    change = await db._driver.fetchrow("SELECT * FROM attendance_change")
    assert (change["status_before"], change["reason"]) == ("absent", WHY.reason)


async def test_leave_that_is_not_given_changes_nothing_and_can_be_asked_for_again(
    db: Connection, city: City
) -> None:
    session = await session_of(db, city)
    asked = await ask(db, city.teacher_account, session)
    opinion = LeaveOpinion(opinion="请提供证明")
    actor = city.county_admin.actor
    told = await decline_leave(db, actor, leave_id=asked["id"], decision=opinion, now=NOW)
    assert (told["state"], told["opinion"]) == ("declined", "请提供证明")
    for decide in (approve_leave, decline_leave):
        with pytest.raises(LeaveDecided):
            await decide(db, actor, leave_id=asked["id"], decision=AGREED, now=NOW)
    assert await register(db, session) == []
    assert (await ask(db, city.teacher_account, session))["state"] == "asked"


async def test_one_takes_back_what_one_asked_for(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    asked = await ask(db, city.teacher_account, session)
    own = city.teacher_account.actor
    for person, refusal in (
        (city.school_admin, NotAllowed), (city.colleague_account, LeaveNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await withdraw_leave(db, person.actor, leave_id=asked["id"], now=NOW)
    assert (await withdraw_leave(db, own, leave_id=asked["id"], now=NOW))["state"] == "withdrawn"
    with pytest.raises(LeaveDecided):
        await withdraw_leave(db, own, leave_id=asked["id"], now=NOW)
    with pytest.raises(LeaveDecided):
        await approve_leave(
            db, city.county_admin.actor, leave_id=asked["id"], decision=AGREED, now=NOW
        )


@pytest.mark.parametrize(("days", "refusal"), [(3, None), (4, LeaveTooLate)])
async def test_leave_is_asked_for_within_three_days(
    db: Connection, city: City, days: int, refusal: type[DomainError] | None
) -> None:
    session = await session_of(db, city, begins=NOW)
    now = NOW + timedelta(days=days)
    if refusal is None:
        await ask(db, city.teacher_account, session, now=now)
        return
    with pytest.raises(refusal):
        await ask(db, city.teacher_account, session, now=now)
    assert await db._driver.fetchval("SELECT count(*) FROM leave") == 0


async def test_who_was_there_needs_no_leave(db: Connection, city: City) -> None:
    session = await session_of(db, city, begins=NOW)
    asked = await ask(db, city.colleague_account, session)
    await make_attendance(db, session, city.county_admin, city.teacher, city.colleague)
    with pytest.raises(LeaveAttended):
        await ask(db, city.teacher_account, session)
    with pytest.raises(LeaveAttended):
        await approve_leave(
            db, city.county_admin.actor, leave_id=asked["id"], decision=AGREED, now=NOW
        )
    assert await register(db, session) == [("present", "organiser")] * 2


@pytest.mark.parametrize("state", [ActivityState.CLOSED, ActivityState.CANCELLED])
async def test_of_what_is_over_nobody_asks_for_leave(
    db: Connection, city: City, state: ActivityState
) -> None:
    session = await session_of(db, city, state=state)
    with pytest.raises(WrongState):
        await ask(db, city.teacher_account, session)
    draft = await session_of(db, city, state=ActivityState.DRAFT)
    with pytest.raises(SessionNotFound):
        await ask(db, city.teacher_account, draft)


async def test_who_asks_and_who_decides(db: Connection, city: City) -> None:
    session = await session_of(db, city)
    asked = await ask(db, city.teacher_account, session)
    for person, refusal in (
        (city.school_admin, LeaveNotFound), (city.other_county_admin, LeaveNotFound),
        (city.auditor, NotAllowed), (city.teacher_account, LeaveNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await approve_leave(db, person.actor, leave_id=asked["id"], decision=AGREED, now=NOW)
    for person in (city.school_admin, city.school_admin):
        with pytest.raises(NotAllowed):
            await ask(db, person, session)
    school = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    with pytest.raises(SessionNotFound):
        await ask(db, city.sibling_teacher_account, school)


async def test_a_leader_decides_about_the_members_and_nobody_about_oneself(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher, city.colleague)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    activity = await make_activity(db, city.school, city.school_admin, group=group)
    session = activity["sessions"][0]
    asked = await ask(db, city.teacher_account, session)
    object.__setattr__(leader.actor, "teacher_id", city.teacher["id"])
    with pytest.raises(LeaveOfOneself):
        await approve_leave(db, leader.actor, leave_id=asked["id"], decision=AGREED, now=NOW)
    other = await ask(db, city.colleague_account, session)
    given = await approve_leave(db, leader.actor, leave_id=other["id"], decision=AGREED, now=NOW)
    assert given["state"] == "approved"


async def test_a_delegate_decides_neither_about_oneself_nor_about_the_granter(
    db: Connection, city: City
) -> None:
    """They act by the roles of another, and their token names no teacher."""
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    asked = await ask(db, city.teacher_account, session)
    admin, teacher = city.school_admin.actor, city.teacher_account.actor
    scopes = frozenset(Permission)
    for acts, behind in ((teacher, admin), (admin, teacher)):
        delegate = Actor(
            acts.account_id, admin.grants, scopes=scopes, on_behalf_of=behind.account_id
        )
        with pytest.raises(LeaveOfOneself):
            await approve_leave(db, delegate, leave_id=asked["id"], decision=AGREED, now=NOW)
    given = await approve_leave(db, admin, leave_id=asked["id"], decision=AGREED, now=NOW)
    assert given["state"] == "approved"


async def test_the_teacher_and_the_school_and_the_organiser_see_it(
    db: Connection, city: City
) -> None:
    session = await session_of(db, city)
    asked = await ask(db, city.teacher_account, session)
    for person in (city.teacher_account, city.school_admin, city.county_admin):
        assert await get_leave(db, person.actor, leave_id=asked["id"]) == asked
        page = await list_teacher_leaves(db, person.actor, teacher_id=city.teacher["id"], page=PAGE)
        assert page.items == [asked]
    with pytest.raises(LeaveNotFound):
        await get_leave(db, city.sibling_admin.actor, leave_id=asked["id"])
    with pytest.raises(TeacherNotFound):
        await list_teacher_leaves(
            db, city.sibling_admin.actor, teacher_id=city.teacher["id"], page=PAGE
        )
    key = {"activity_id": session["activity_id"], "page": PAGE}
    for state, number in ((None, 1), (LeaveState.ASKED, 1), (LeaveState.APPROVED, 0)):
        page = await list_leaves(db, city.county_admin.actor, **key, state=state)
        assert len(page.items) == number
    for person, refusal in (
        (city.school_admin, NotAllowed), (city.other_county_admin, ActivityNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await list_leaves(db, person.actor, **key)


async def test_it_is_decided_once_and_asked_for_once(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        session = await session_of(db, city)

    async def once(act: Any, *arguments: Any, **named: Any) -> Row | type[DomainError]:
        try:
            async with real_pool.transaction() as db:
                found: Row = await act(db, *arguments, **named)
                return found
        except DomainError as refused:
            return type(refused)

    asked = await asyncio.gather(*(once(ask, city.teacher_account, session) for _ in range(6)))
    assert asked.count(LeaveStanding) == 5
    (leave,) = (each for each in asked if isinstance(each, dict))
    organiser = {"leave_id": leave["id"], "decision": AGREED, "now": NOW}
    decided = await asyncio.gather(
        *(once(approve_leave, city.county_admin.actor, **organiser) for _ in range(3)),
        *(once(decline_leave, city.county_admin.actor, **organiser) for _ in range(3)),
        once(withdraw_leave, city.teacher_account.actor, leave_id=leave["id"], now=NOW),
    )
    assert decided.count(LeaveDecided) == 6, decided
