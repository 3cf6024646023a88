import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityNotFound, ActivityState, WrongState
from app.domain.training.enrolments import (
    ActivityFull,
    ByNomination,
    CapacityTaken,
    NewPlaces,
    QuotaSchoolUnfit,
    QuotasExceedCapacity,
    QuotaTaken,
    enrol_oneself,
    fill_freed_places,
    get_places,
    list_enrolments,
    list_teacher_enrolments,
    list_waiting,
    set_places,
    withdraw_enrolment,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_city,
    make_teacher,
)

PAGE = PageRequest(limit=100)
LATER = NOW + timedelta(minutes=5)


def places(capacity: int | None, *quotas: tuple[Row, int], **more: Any) -> NewPlaces:
    given = [{"school_id": school["id"], "places": number} for school, number in quotas]
    return NewPlaces.model_validate({"capacity": capacity, "quotas": given} | more)


async def decide(db: Connection, activity: Row, by: Person, new: NewPlaces, at: Any = NOW) -> Row:
    return await set_places(db, by.actor, activity_id=activity["id"], new=new, now=at)


async def enrol(db: Connection, person: Person, activity: Row, at: Any = NOW) -> Row:
    return await enrol_oneself(db, person.actor, activity_id=activity["id"], now=at)


async def withdraw(db: Connection, person: Person, activity: Row) -> Row:
    return await withdraw_enrolment(db, person.actor, activity_id=activity["id"], now=LATER)


async def people(db: Connection, by: Person, activity: Row) -> tuple[list[str], list[str]]:
    """The names of those with a place, and of those who wait in their turn."""
    key = {"activity_id": activity["id"], "page": PAGE}
    placed = await list_enrolments(db, by.actor, **key)
    waiting = await list_waiting(db, by.actor, **key)
    return [row["name"] for row in placed.items], [row["name"] for row in waiting.items]


async def test_whoever_is_too_late_waits_and_has_the_next_free_place(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await decide(db, activity, city.county_admin, places(1, waiting_list=True))
    first = await enrol(db, city.teacher_account, activity)
    assert (first["state"], first["position"]) == ("enrolled", None)
    second = await enrol(db, city.colleague_account, activity)
    third = await enrol(db, city.sibling_teacher_account, activity)
    assert [(row["state"], row["position"]) for row in (second, third)] == [
        ("waiting", 1), ("waiting", 2),
    ]  # fmt: skip
    assert await enrol(db, city.colleague_account, activity, LATER) == second
    own = await list_teacher_enrolments(
        db, city.sibling_teacher_account.actor, teacher_id=city.sibling_teacher["id"], page=PAGE
    )
    assert [row["position"] for row in own.items] == [2]
    before = db.statements
    await withdraw(db, city.teacher_account, activity)
    assert db.statements - before == 8
    assert await people(db, city.county_admin, activity) == (["测试乙"], ["测试丙"])
    again = await enrol(db, city.teacher_account, activity, LATER)
    assert (again["state"], again["position"]) == ("waiting", 2)
    await withdraw(db, city.sibling_teacher_account, activity)
    assert await people(db, city.county_admin, activity) == (["测试乙"], ["测试甲"])


async def test_more_places_are_for_those_who_wait(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await decide(db, activity, city.county_admin, places(1, waiting_list=True))
    for person in (city.teacher_account, city.colleague_account, city.sibling_teacher_account):
        await enrol(db, person, activity)
    shown = await decide(db, activity, city.county_admin, places(2, waiting_list=True))
    assert (shown["capacity"], shown["taken"], shown["waiting"]) == (2, 2, 1)
    with pytest.raises(CapacityTaken) as refused:
        await decide(db, activity, city.county_admin, places(1))
    assert refused.value.details == {"taken": 2}
    seen = await get_places(db, city.teacher_account.actor, activity_id=activity["id"])
    assert seen == shown
    unlimited = await decide(db, activity, city.county_admin, places(None))
    assert (unlimited["taken"], unlimited["waiting"]) == (3, 0)


async def test_a_school_takes_of_its_quota_until_the_rest_is_released(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    by, day = city.county_admin, date(2026, 11, 20)
    own, other = (city.school, 1), (city.sibling, 1)
    shown = await decide(
        db, activity, by, places(2, own, other, released_on=day + timedelta(days=1))
    )
    assert [row["taken"] for row in shown["quotas"]] == [0, 0]
    await enrol(db, city.teacher_account, activity)
    with pytest.raises(QuotaTaken):
        await enrol(db, city.colleague_account, activity)
    tomorrow = NOW + timedelta(days=1)
    got = await enrol(db, city.colleague_account, activity, tomorrow)
    assert got["state"] == "enrolled"
    with pytest.raises(ActivityFull):
        await enrol(db, city.sibling_teacher_account, activity, tomorrow)


async def test_what_no_quota_keeps_is_for_the_other_schools(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await decide(db, activity, city.county_admin, places(2, (city.sibling, 1)))
    await enrol(db, city.teacher_account, activity)
    with pytest.raises(QuotaTaken):
        await enrol(db, city.colleague_account, activity)
    assert (await enrol(db, city.sibling_teacher_account, activity))["state"] == "enrolled"


async def test_the_turn_of_a_school_without_a_place_is_passed_over(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    quotas = ((city.school, 1), (city.sibling, 1))
    await decide(db, activity, city.county_admin, places(2, *quotas, waiting_list=True))
    for person in (city.teacher_account, city.colleague_account, city.sibling_teacher_account):
        await enrol(db, person, activity)
    assert await people(db, city.county_admin, activity) == (["测试甲", "测试丙"], ["测试乙"])
    await withdraw(db, city.sibling_teacher_account, activity)
    assert await people(db, city.county_admin, activity) == (["测试甲"], ["测试乙"])
    await withdraw(db, city.teacher_account, activity)
    assert await people(db, city.county_admin, activity) == (["测试乙"], [])


async def test_what_cannot_be_meant_changes_nothing(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin, capacity=5)
    by = city.county_admin
    with pytest.raises(QuotasExceedCapacity):
        await decide(db, activity, by, places(1, (city.school, 1), (city.sibling, 1)))
    with pytest.raises(QuotaSchoolUnfit):
        await decide(db, activity, by, places(5, (city.county, 1)))
    with pytest.raises(NotAllowed):
        await decide(db, activity, city.school_admin, places(1))
    with pytest.raises(ActivityNotFound):
        await decide(db, activity, city.other_county_admin, places(1))
    shown = await get_places(db, by.actor, activity_id=activity["id"])
    assert (shown["capacity"], shown["quotas"], shown["waiting_list"]) == (5, [], False)
    held = await make_activity(db, city.county, by, state=ActivityState.HELD)
    with pytest.raises(WrongState):
        await decide(db, held, by, places(1))
    with pytest.raises(ValueError, match="one quota"):
        places(5, (city.school, 1), (city.school, 2))


async def test_where_schools_nominate_nobody_enrols_alone(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await decide(db, activity, city.county_admin, places(None, by_nomination=True))
    with pytest.raises(ByNomination):
        await enrol(db, city.teacher_account, activity)
    assert await people(db, city.county_admin, activity) == ([], [])


async def test_sixty_who_ask_at_once_have_the_places_and_turns_that_there_are(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.county, city.county_admin)
        quotas = ((city.school, 10), (city.sibling, 5))
        await decide(db, activity, city.county_admin, places(20, *quotas, waiting_list=True))
        racers = []
        for school, number in ((city.school, 30), (city.sibling, 30)):
            for n in range(number):
                name = f"竞争者{school['name'][-4:]}{n:02}"
                teacher = await make_teacher(db, resources.cipher, school, name)
                account = f"racer-{school['id'].hex[-6:]}-{n:02}"
                racers.append(await make_account(db, account, Role.TEACHER, teacher))

    async def race(person: Person) -> str:
        async with real_pool.transaction() as db:
            return str((await enrol(db, person, activity))["state"])

    outcomes = await asyncio.gather(*(race(person) for person in racers))
    assert (outcomes.count("enrolled"), outcomes.count("waiting")) == (15, 45)
    async with real_pool.transaction() as db:
        shown = await get_places(db, city.county_admin.actor, activity_id=activity["id"])
        assert sorted(row["taken"] for row in shown["quotas"]) == [5, 10]
        waiting = await list_waiting(
            db, city.county_admin.actor, activity_id=activity["id"], page=PAGE
        )
        assert [row["position"] for row in waiting.items] == list(range(1, 46))
        raised = await decide(db, activity, city.county_admin, places(20, waiting_list=True))
        assert (raised["taken"], raised["waiting"]) == (20, 40)


async def test_what_becomes_free_by_itself_is_given_out(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    released = NOW.date() + timedelta(days=3)
    new = places(1, (city.sibling, 1), waiting_list=True, released_on=released)
    await decide(db, activity, city.county_admin, new)
    assert (await enrol(db, city.teacher_account, activity))["state"] == "waiting"
    nothing = UUID(int=0)
    assert await fill_freed_places(db, after=nothing, now=NOW) == activity["id"]
    listed = {"activity_id": activity["id"], "page": PAGE}
    assert len((await list_waiting(db, city.county_admin.actor, **listed)).items) == 1
    later = NOW + timedelta(days=4)
    before = db.statements
    assert await fill_freed_places(db, after=nothing, now=later) == activity["id"]
    assert db.statements - before == 5
    assert (await list_waiting(db, city.county_admin.actor, **listed)).items == []
    assert await fill_freed_places(db, after=nothing, now=later) is None
