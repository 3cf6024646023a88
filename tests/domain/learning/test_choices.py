import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.learning.choice_rounds import ChoiceOfferingNotFound, ChoiceRoundNotFound, ChoiceWay
from app.domain.learning.choices import (
    ChoiceClashes,
    ChoiceNotFound,
    ChoiceRoundNotOpen,
    ChoicesExhausted,
    ChosenAlready,
    NewChoice,
    PreferenceTaken,
    choose_activity,
    list_choice_offerings,
    list_choices,
    list_teacher_choices,
    withdraw_choice,
)
from app.domain.paging import PageRequest
from app.domain.training.enrolments import (
    ActivityFull,
    NewPlaces,
    enrol_oneself,
    get_places,
    set_places,
    withdraw_enrolment,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_activity, make_city, make_teacher
from tests.make_choice import CLOSED, HELD, make_choice_round, make_chosen

PAGE = PageRequest(limit=100)


async def take(
    db: Connection, person: Person, round_: Row, activity: Row, at: Any = NOW, **more: Any
) -> Row:
    new = NewChoice(activity_id=activity["id"], **more)
    return await choose_activity(db, person.actor, round_id=round_["id"], new=new, now=at)


async def leave(db: Connection, person: Person, round_: Row, activity: Row, at: Any = NOW) -> Row:
    return await withdraw_choice(
        db, person.actor, round_id=round_["id"], activity_id=activity["id"], now=at
    )


async def limit(
    db: Connection, by: Person, activity: Row, capacity: int, *, waiting_list: bool = False
) -> None:
    new = NewPlaces(capacity=capacity, waiting_list=waiting_list)
    await set_places(db, by.actor, activity_id=activity["id"], new=new, now=NOW)


async def test_first_come_first_served_whoever_chooses_has_a_place_or_waits(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    activity = await make_chosen(db, city.county, by)
    round_ = await make_choice_round(db, city.county, by, activity, way=ChoiceWay.FIRST_COME)
    await limit(db, by, activity, 1, waiting_list=True)
    before = db.statements
    first = await take(db, city.teacher_account, round_, activity)
    assert db.statements - before == 16
    assert (first["state"], first["preference"]) == ("enrolled", 1)
    second = await take(db, city.colleague_account, round_, activity)
    assert second["state"] == "waiting"
    gone = await leave(db, city.teacher_account, round_, activity)
    assert gone["state"] == "withdrawn"
    made = await list_choices(db, by.actor, round_id=round_["id"], page=PAGE)
    assert [(row["name"], row["state"]) for row in made.items] == [("测试乙", "enrolled")]
    again = await take(db, city.teacher_account, round_, activity)
    assert again["state"] == "waiting"
    own = await list_teacher_choices(
        db, city.school_admin.actor, teacher_id=city.teacher["id"], page=PAGE
    )
    assert [row["state"] for row in own.items] == ["withdrawn", "waiting"]
    [offering] = await list_choice_offerings(db, by.actor, round_id=round_["id"])
    assert (offering["taken"], offering["waiting"], offering["choices"]) == (1, 1, 2)


async def test_where_nothing_is_free_and_nobody_waits_nothing_is_chosen(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity, way=ChoiceWay.FIRST_COME)
    await limit(db, by, activity, 1)
    await take(db, city.teacher_account, round_, activity)
    with pytest.raises(ActivityFull):
        async with db.transaction():
            await take(db, city.colleague_account, round_, activity)
    made = await list_choices(db, by.actor, round_id=round_["id"], page=PAGE)
    assert [row["name"] for row in made.items] == ["测试甲"]


async def test_in_a_two_way_round_choices_wait(db: Connection, city: City) -> None:
    by = city.county_admin
    one, two, three = [
        await make_chosen(db, city.county, by, begins=HELD + timedelta(days=day))
        for day in range(3)
    ]
    round_ = await make_choice_round(db, city.county, by, one, two, three)
    await take(db, city.teacher_account, round_, one, preference=2)
    with pytest.raises(ChosenAlready):
        await take(db, city.teacher_account, round_, one)
    with pytest.raises(PreferenceTaken) as refused:
        await take(db, city.teacher_account, round_, two, preference=2)
    assert refused.value.details == {"preference": 2}
    with pytest.raises(ChoicesExhausted):
        await take(db, city.teacher_account, round_, two, preference=3)
    second = await take(db, city.teacher_account, round_, two)
    assert (second["preference"], second["state"]) == (1, "chosen")
    with pytest.raises(ChoicesExhausted) as exhausted:
        await take(db, city.teacher_account, round_, three)
    assert exhausted.value.details == {"most": 2}
    await leave(db, city.teacher_account, round_, one)
    with pytest.raises(ChoiceNotFound):
        await leave(db, city.teacher_account, round_, one)
    assert (await take(db, city.teacher_account, round_, three))["preference"] == 2
    assert (await get_places(db, by.actor, activity_id=one["id"]))["taken"] == 0


async def test_what_was_given_back_as_an_enrolment_may_be_chosen_anew(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(
        db, city.county, by, activity, way=ChoiceWay.FIRST_COME, most_choices=1, most_places=1
    )
    person = city.teacher_account
    await take(db, person, round_, activity)
    await withdraw_enrolment(db, person.actor, activity_id=activity["id"], now=NOW)
    own = {"teacher_id": city.teacher["id"], "page": PAGE, "round_id": round_["id"]}
    [shown] = (await list_teacher_choices(db, person.actor, **own)).items
    assert shown["state"] == "withdrawn"
    assert (await take(db, person, round_, activity))["state"] == "enrolled"


async def test_nobody_chooses_before_or_after_the_time(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    for moment in (NOW - timedelta(days=2), CLOSED):
        with pytest.raises(ChoiceRoundNotOpen):
            await take(db, city.teacher_account, round_, activity, moment)
    await take(db, city.teacher_account, round_, activity, CLOSED - timedelta(seconds=1))
    with pytest.raises(ChoiceRoundNotOpen):
        await leave(db, city.teacher_account, round_, activity, CLOSED)


async def test_nobody_chooses_what_is_for_others_or_not_in_the_round(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    activity = await make_chosen(db, city.county, by)
    outside = await make_chosen(db, city.county, by)
    theirs = await make_chosen(db, city.sibling, city.sibling_admin)
    round_ = await make_choice_round(db, city.county, by, activity, theirs)
    for wrong in (outside, theirs):
        with pytest.raises(ChoiceOfferingNotFound):
            await take(db, city.teacher_account, round_, wrong)
    with pytest.raises(NotAllowed):
        await take(db, by, round_, activity)
    far = await make_choice_round(db, city.other_county, city.other_county_admin)
    with pytest.raises(ChoiceRoundNotFound):
        await take(db, city.teacher_account, far, activity)


async def test_nobody_chooses_what_is_held_while_one_has_a_place_elsewhere(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    elsewhere = await make_activity(db, city.county, by, begins=HELD + timedelta(hours=1))
    await enrol_oneself(db, city.teacher_account.actor, activity_id=elsewhere["id"], now=NOW)
    activity = await make_chosen(db, city.county, by)
    round_ = await make_choice_round(db, city.county, by, activity)
    with pytest.raises(ChoiceClashes) as refused:
        await take(db, city.teacher_account, round_, activity)
    assert refused.value.details["title"] == "测试研修活动"
    assert (await take(db, city.colleague_account, round_, activity))["state"] == "chosen"


async def test_of_a_rush_as_many_have_places_as_there_are_and_nobody_chooses_twice(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        by = city.county_admin
        one = await make_chosen(db, city.county, by)
        two = await make_chosen(db, city.county, by, begins=HELD + timedelta(days=1))
        round_ = await make_choice_round(
            db, city.county, by, one, two, way=ChoiceWay.FIRST_COME, most_choices=1, most_places=1
        )
        await limit(db, by, one, 7)
        await limit(db, by, two, 5)
        racers = []
        for n in range(40):
            teacher = await make_teacher(db, resources.cipher, city.school, f"选课者{n:02}")
            racers.append(await make_account(db, f"chooser-{n:02}", Role.TEACHER, teacher))

    async def race(person: Person, activity: Row) -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await take(db, person, round_, activity))["state"])
        except (ActivityFull, ChosenAlready, ChoicesExhausted) as refused:
            return refused.code

    outcomes = await asyncio.gather(
        *(race(person, activity) for person in racers for activity in (one, two, one))
    )
    assert outcomes.count("enrolled") == 12
    async with real_pool.transaction() as db:
        taken = [
            (await get_places(db, by.actor, activity_id=each["id"]))["taken"] for each in (one, two)
        ]
        assert taken == [7, 5]
        made = await list_choices(db, by.actor, round_id=round_["id"], page=PageRequest(limit=100))
        people = [row["teacher_id"] for row in made.items]
        assert len(people) == len(set(people)) == 12
