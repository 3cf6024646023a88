from datetime import timedelta

import pytest

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityNotFound, ActivityState
from app.domain.training.enrolments import (
    ActivityFull,
    EnrolmentNotFound,
    NewPlaces,
    Nominated,
    Nomination,
    NominationUnfit,
    NotNominated,
    Placement,
    PlacementUnfit,
    Withdrawal,
    decline_nomination,
    enrol_oneself,
    enrol_teacher,
    list_enrolments,
    list_waiting,
    nominate_teachers,
    remove_enrolment,
    set_places,
    withdraw_enrolment,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity

LATER = NOW + timedelta(minutes=5)
BUSY = Withdrawal(reason="当日有公开课")


def named(activity: Row, *teachers: Row) -> Nomination:
    given = {"activity_id": activity["id"], "teacher_ids": [each["id"] for each in teachers]}
    return Nomination.model_validate(given | {"reason": "学科骨干"})


async def nominate(db: Connection, by: Person, school: Row, nomination: Nomination) -> list[Row]:
    return await nominate_teachers(
        db, by.actor, school_id=school["id"], nomination=nomination, now=NOW
    )


async def people(db: Connection, by: Person, activity: Row) -> tuple[list[str], list[str]]:
    """The names of those with a place, and of those who wait in their turn."""
    key = {"activity_id": activity["id"], "page": PageRequest()}
    placed = await list_enrolments(db, by.actor, **key)
    waiting = await list_waiting(db, by.actor, **key)
    return [row["name"] for row in placed.items], [row["name"] for row in waiting.items]


async def wait_for(db: Connection, activity: Row, by: Person, capacity: int) -> None:
    new = NewPlaces(capacity=capacity, waiting_list=True)
    await set_places(db, by.actor, activity_id=activity["id"], new=new, now=NOW)


async def test_a_school_nominates_and_a_teacher_declines_with_a_reason(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await wait_for(db, activity, city.county_admin, 1)
    both = named(activity, city.teacher, city.colleague)
    before = db.statements
    rows = await nominate(db, city.school_admin, city.school, both)
    assert db.statements - before == 9
    assert [(row["state"], row["position"]) for row in rows] == [("enrolled", None), ("waiting", 1)]
    assert {(row["way"], row["reason"]) for row in rows} == {("nominated", "学科骨干")}
    assert await nominate(db, city.school_admin, city.school, both) == rows
    with pytest.raises(Nominated):
        await withdraw_enrolment(
            db, city.teacher_account.actor, activity_id=activity["id"], now=LATER
        )
    declined = await decline_nomination(
        db, city.teacher_account.actor, activity_id=activity["id"], why=BUSY, now=LATER
    )
    assert (declined["state"], declined["withdrawal_reason"]) == ("withdrawn", BUSY.reason)
    assert await people(db, city.county_admin, activity) == (["测试乙"], [])
    with pytest.raises(EnrolmentNotFound):
        await decline_nomination(
            db, city.teacher_account.actor, activity_id=activity["id"], why=BUSY, now=LATER
        )


async def test_all_of_those_nominated_have_a_place_or_none(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin, capacity=1)
    with pytest.raises(ActivityFull):
        await nominate(
            db, city.school_admin, city.school, named(activity, city.teacher, city.colleague)
        )
    assert await people(db, city.county_admin, activity) == ([], [])


async def test_a_school_nominates_its_own_teachers_for_what_is_for_them(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    own, others = named(activity, city.teacher), named(activity, city.teacher, city.sibling_teacher)
    with pytest.raises(NominationUnfit) as refused:
        await nominate(db, city.school_admin, city.school, others)
    assert refused.value.details == {"count": 1}
    with pytest.raises(NotAllowed):
        await nominate(db, city.teacher_account, city.school, own)
    with pytest.raises(UnitNotFound):
        await nominate(db, city.school_admin, city.sibling, own)
    draft = await make_activity(db, city.county, city.county_admin, state=ActivityState.DRAFT)
    with pytest.raises(ActivityNotFound):
        await nominate(db, city.school_admin, city.school, named(draft, city.teacher))
    assert await people(db, city.county_admin, activity) == ([], [])


async def test_who_enrolled_alone_does_not_decline(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    key = {"activity_id": activity["id"], "now": NOW}
    await enrol_oneself(db, city.teacher_account.actor, **key)
    with pytest.raises(NotNominated):
        await decline_nomination(db, city.teacher_account.actor, why=BUSY, **key)


async def test_the_organiser_gives_a_place_and_takes_one_with_a_reason(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await wait_for(db, activity, city.county_admin, 1)
    key = {"activity_id": activity["id"], "now": NOW}
    for person in (city.teacher_account, city.colleague_account, city.sibling_teacher_account):
        await enrol_oneself(db, person.actor, **key)
    last = Placement(teacher_id=city.sibling_teacher["id"], reason="承担交流发言")
    with pytest.raises(ActivityFull):
        await enrol_teacher(db, city.county_admin.actor, placement=last, **key)
    await wait_for(db, activity, city.county_admin, 2)
    removed = await remove_enrolment(
        db, city.county_admin.actor, teacher_id=city.colleague["id"], why=BUSY, **key
    )
    assert (removed["state"], removed["withdrawal_reason"]) == ("withdrawn", BUSY.reason)
    assert await people(db, city.county_admin, activity) == (["测试甲", "测试丙"], [])
    with pytest.raises(NotAllowed):
        await enrol_teacher(db, city.school_admin.actor, placement=last, **key)
    with pytest.raises(NotAllowed):
        await remove_enrolment(
            db, city.school_admin.actor, teacher_id=city.teacher["id"], why=BUSY, **key
        )
    with pytest.raises(EnrolmentNotFound):
        await remove_enrolment(
            db, city.county_admin.actor, teacher_id=city.colleague["id"], why=BUSY, **key
        )


async def test_the_organisers_choice_comes_before_those_who_wait(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    quotas = [{"school_id": city.school["id"], "places": 1}]
    new = NewPlaces.model_validate({"capacity": 2, "waiting_list": True, "quotas": quotas})
    key = {"activity_id": activity["id"], "now": NOW}
    await set_places(db, city.county_admin.actor, new=new, **key)
    for person in (city.teacher_account, city.colleague_account):
        await enrol_oneself(db, person.actor, **key)
    assert await people(db, city.county_admin, activity) == (["测试甲"], ["测试乙"])
    chosen = Placement(teacher_id=city.colleague["id"], reason="课题组成员")
    placed = await enrol_teacher(db, city.county_admin.actor, placement=chosen, **key)
    assert (placed["state"], placed["way"], placed["reason"]) == (
        "enrolled", "organiser", "课题组成员",
    )  # fmt: skip
    assert await people(db, city.county_admin, activity) == (["测试甲", "测试乙"], [])
    stranger = Placement(teacher_id=city.far_teacher["id"], reason="外县交流")
    with pytest.raises(PlacementUnfit):
        await enrol_teacher(db, city.county_admin.actor, placement=stranger, **key)
