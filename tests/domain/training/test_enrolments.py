import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityNotFound, ActivityState, WrongState
from app.domain.training.enrolments import (
    ActivityFull,
    EnrolmentNotFound,
    enrol_oneself,
    list_enrolments,
    list_teacher_enrolments,
    withdraw_enrolment,
)
from app.domain.training.members import end_membership
from app.request import Resources
from app.sql import Connection, Row
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_city,
    make_group,
    make_teacher,
)

PAGE = PageRequest()
LATER = NOW + timedelta(minutes=5)


async def enrol(db: Connection, person: Person, activity: Row, at: Any = NOW) -> Row:
    return await enrol_oneself(db, person.actor, activity_id=activity["id"], now=at)


async def names_in(db: Connection, person: Person, activity: Row) -> list[str]:
    page = await list_enrolments(db, person.actor, activity_id=activity["id"], page=PAGE)
    return [row["name"] for row in page.items]


async def test_a_teacher_enrols_once_however_often(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    enrolled = await enrol(db, city.teacher_account, activity)
    assert enrolled == {
        "id": enrolled["id"],
        "activity_id": activity["id"],
        "teacher_id": city.teacher["id"],
        "state": "enrolled",
        "position": None,
        "way": "own",
        "reason": None,
        "enrolled_at": NOW,
        "withdrawn_at": None,
        "withdrawal_reason": None,
    }
    assert await enrol(db, city.teacher_account, activity, LATER) == enrolled
    page = await list_enrolments(db, city.county_admin.actor, activity_id=activity["id"], page=PAGE)
    assert page.items == [enrolled | {"name": "测试甲", "school": "甲县第一小学"}]


async def test_who_withdraws_frees_the_place_and_may_come_back(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, capacity=1)
    first = await enrol(db, city.teacher_account, activity)
    with pytest.raises(ActivityFull) as refused:
        await enrol(db, city.colleague_account, activity)
    assert refused.value.details == {"capacity": 1}
    withdrawn = await withdraw_enrolment(
        db, city.teacher_account.actor, activity_id=activity["id"], now=LATER
    )
    assert withdrawn == first | {"withdrawn_at": LATER, "state": "withdrawn"}
    await enrol(db, city.colleague_account, activity, LATER)
    with pytest.raises(ActivityFull):
        await enrol(db, city.teacher_account, activity, LATER)
    assert await names_in(db, city.school_admin, activity) == ["测试乙"]
    await withdraw_enrolment(
        db, city.colleague_account.actor, activity_id=activity["id"], now=LATER
    )
    back = await enrol(db, city.teacher_account, activity, LATER)
    assert back == first | {"enrolled_at": LATER}
    with pytest.raises(EnrolmentNotFound):
        await withdraw_enrolment(
            db, city.colleague_account.actor, activity_id=activity["id"], now=LATER
        )


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("sibling_teacher_account", ActivityNotFound), ("school_admin", NotAllowed),
     ("auditor", NotAllowed)],
)  # fmt: skip
async def test_who_is_not_meant_does_not_enrol(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    with pytest.raises(refusal):
        await enrol(db, getattr(city, who), activity)
    with pytest.raises(refusal):
        await withdraw_enrolment(db, getattr(city, who).actor, activity_id=activity["id"], now=NOW)
    assert await names_in(db, city.school_admin, activity) == []


@pytest.mark.parametrize(
    ("state", "refusal"),
    [(ActivityState.DRAFT, ActivityNotFound), (ActivityState.HELD, WrongState),
     (ActivityState.CLOSED, WrongState), (ActivityState.CANCELLED, WrongState)],
)  # fmt: skip
async def test_one_enrols_in_what_is_published(
    db: Connection, city: City, state: ActivityState, refusal: type[DomainError]
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=state)
    with pytest.raises(refusal):
        await enrol(db, city.teacher_account, activity)
    assert await names_in(db, city.school_admin, activity) == []


async def test_a_member_enrols_in_the_activity_of_a_group(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    activity = await make_activity(db, city.school, city.school_admin, group=group)
    await enrol(db, city.teacher_account, activity)
    with pytest.raises(ActivityNotFound):
        await enrol(db, city.colleague_account, activity)
    assert await names_in(db, leader, activity) == ["测试甲"]


async def test_who_has_left_the_group_still_gives_the_place_back(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    activity = await make_activity(db, city.school, city.school_admin, group=group, capacity=1)
    await enrol(db, city.teacher_account, activity)
    actor, leaver = city.teacher_account.actor, city.teacher["id"]
    await end_membership(
        db, city.school_admin.actor, group_id=group["id"], teacher_id=leaver, now=NOW
    )
    with pytest.raises(ActivityNotFound):
        await withdraw_enrolment(
            db, city.colleague_account.actor, activity_id=activity["id"], now=LATER
        )
    withdrawn = await withdraw_enrolment(db, actor, activity_id=activity["id"], now=LATER)
    assert withdrawn["withdrawn_at"] == LATER
    with pytest.raises(ActivityNotFound):
        await enrol(db, city.teacher_account, activity, LATER)


async def test_the_teachers_side_and_the_organisers(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await enrol(db, city.teacher_account, activity)
    await withdraw_enrolment(db, city.teacher_account.actor, activity_id=activity["id"], now=LATER)
    assert await names_in(db, city.county_admin, activity) == []
    teacher_id = city.teacher["id"]
    page = await list_teacher_enrolments(
        db, city.teacher_account.actor, teacher_id=teacher_id, page=PAGE
    )
    assert [row["withdrawn_at"] for row in page.items] == [LATER]
    with pytest.raises(TeacherNotFound):
        await list_teacher_enrolments(
            db, city.colleague_account.actor, teacher_id=teacher_id, page=PAGE
        )
    with pytest.raises(NotAllowed):
        await names_in(db, city.school_admin, activity)


async def test_of_twenty_who_ask_for_five_places_five_get_one(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.school, city.school_admin, capacity=5)
        teachers = [
            await make_teacher(db, resources.cipher, city.school, f"竞争者{n:02}")
            for n in range(20)
        ]
        racers = [
            await make_account(db, f"racer{n:02}", Role.TEACHER, teacher)
            for n, teacher in enumerate(teachers)
        ]

    async def race(person: Person) -> str:
        try:
            async with real_pool.transaction() as db:
                await enrol(db, person, activity)
        except ActivityFull:
            return "full"
        return "enrolled"

    outcomes = await asyncio.gather(*(race(person) for person in racers))
    assert (outcomes.count("enrolled"), outcomes.count("full")) == (5, 15)
    async with real_pool.transaction() as db:
        assert len(await names_in(db, city.school_admin, activity)) == 5
