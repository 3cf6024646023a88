import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.learning.choice_rounds import (
    ChoiceOfferingNotFound,
    ChoiceRoundNotFound,
    ChoiceRoundState,
    ChoiceWay,
    NewChoiceOffering,
    add_choice_offering,
    publish_choice_round,
)
from app.domain.learning.choices import (
    ChoiceClashes,
    ChoiceNotFound,
    ChoiceOutsideStrata,
    ChoicePrerequisiteUnmet,
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
from app.domain.learning.course_runs import get_course_run
from app.domain.learning.courses import CourseNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers.strata import Stratum
from app.domain.training.attendance import AttendanceStatus
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
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_city,
    make_teacher,
)
from tests.make_choice import CLOSED, HELD, make_choice_round, make_chosen
from tests.make_completions import (
    JUDGEMENT,
    attend,
    close_class,
    judge,
    make_class_with,
    settle,
)
from tests.make_courses import close, make_published_class, make_run, make_school_course

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
    # Whoever has the only place, and chooses again, is told so, and not that all is taken.
    await limit(db, by, activity, 1)
    with pytest.raises(ChosenAlready):
        await take(db, city.teacher_account, round_, activity)
    await limit(db, by, activity, 1, waiting_list=True)
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


async def offer(db: Connection, city: City, activity: Row, **required: Any) -> Row:
    """A published round of the school in which something has requirements."""
    by = city.school_admin
    round_ = await make_choice_round(
        db, city.school, by, way=ChoiceWay.FIRST_COME, state=ChoiceRoundState.DRAFT
    )
    offering = NewChoiceOffering(activity_id=activity["id"], **required)
    await add_choice_offering(db, by.actor, round_id=round_["id"], offering=offering)
    return await publish_choice_round(db, by.actor, round_id=round_["id"], now=NOW)


async def test_what_comes_before_is_attended_before(db: Connection, city: City) -> None:
    """A closed class of the course: neither one that is still held, nor one of another course."""
    by = city.school_admin
    course = await make_school_course(db, city)
    other = await make_school_course(db, city, title="另一门课程")
    activity = await make_chosen(db, city.school, by)
    keys = [course["id"], other["id"]]
    round_ = await offer(db, city, activity, required_course_ids=keys)
    [shown] = await list_choice_offerings(db, city.teacher_account.actor, round_id=round_["id"])
    assert (shown["required_course_ids"], shown["required_strata"]) == (keys, [])
    classes = []
    for each in (course, other):
        made = await make_published_class(db, by, await make_run(db, by, each))
        session = await db._driver.fetchrow(
            "SELECT * FROM activity_session WHERE activity_id = $1 ORDER BY starts_at LIMIT 1",
            made["activity_id"],
        )
        await make_attendance(db, dict(session), by, city.teacher, status=AttendanceStatus.LATE)
        await make_attendance(db, dict(session), by, city.colleague, status=AttendanceStatus.ABSENT)
        classes.append(made)
    await close(db, by, classes[0]["activity_id"])
    with pytest.raises(ChoicePrerequisiteUnmet) as refused:
        async with db.transaction():
            await take(db, city.teacher_account, round_, activity)
    assert refused.value.details == {"courses": "另一门课程"}
    await close(db, by, classes[1]["activity_id"])
    with pytest.raises(ChoicePrerequisiteUnmet) as refused:
        async with db.transaction():
            await take(db, city.colleague_account, round_, activity)
    assert refused.value.details == {"courses": "另一门课程、课堂提问的设计"}
    before = db.statements
    assert (await take(db, city.teacher_account, round_, activity))["state"] == "enrolled"
    assert db.statements - before == 17
    assert [row["name"] for row in (
        await list_choices(db, by.actor, round_id=round_["id"], page=PAGE)
    ).items] == ["测试甲"]  # fmt: skip


async def test_what_declares_its_completion_is_completed_before(db: Connection, city: City) -> None:
    """Attending does not do, where the course asks for more: the exercises, or the judgement."""
    by = city.school_admin
    made = await make_class_with(db, city, JUDGEMENT)
    run = await get_course_run(db, by.actor, run_id=made["run_id"])
    activity = await make_chosen(db, city.school, by)
    round_ = await offer(db, city, activity, required_course_ids=[run["course_id"]])
    for teacher in (city.teacher, city.colleague):
        await attend(db, made, by, teacher)
    judged = {city.teacher["id"].hex: True, city.colleague["id"].hex: False}
    await judge(db, by, made, **judged)
    await close_class(db, by, made)
    for settled in (False, True):
        if settled:
            await settle(db, by, made)
        with pytest.raises(ChoicePrerequisiteUnmet):
            async with db.transaction():
                await take(db, city.colleague_account, round_, activity)
    assert (await take(db, city.teacher_account, round_, activity))["state"] == "enrolled"


async def test_what_is_for_certain_strata_is_chosen_by_who_belongs_to_one(
    db: Connection, city: City
) -> None:
    activity = await make_chosen(db, city.school, city.school_admin)
    strata = [Stratum.CLASS_HEAD, Stratum.JUNIOR_OR_MIDDLE_RANK]
    round_ = await offer(db, city, activity, required_strata=strata)
    assert (await take(db, city.teacher_account, round_, activity))["state"] == "enrolled"
    other = await make_chosen(db, city.school, city.school_admin, begins=HELD + timedelta(days=1))
    for_heads = await offer(db, city, other, required_strata=[Stratum.CLASS_HEAD])
    with pytest.raises(ChoiceOutsideStrata) as refused:
        async with db.transaction():
            await take(db, city.teacher_account, for_heads, other)
    assert refused.value.details == {"strata": "class_head"}


async def test_a_round_requires_no_course_that_its_organiser_does_not_see(
    db: Connection, city: City
) -> None:
    course = await make_school_course(db, city)
    activity = await make_chosen(db, city.sibling, city.sibling_admin)
    round_ = await make_choice_round(
        db, city.sibling, city.sibling_admin, state=ChoiceRoundState.DRAFT
    )
    offering = NewChoiceOffering(activity_id=activity["id"], required_course_ids=[course["id"]])
    with pytest.raises(CourseNotFound):
        async with db.transaction():
            await add_choice_offering(
                db, city.sibling_admin.actor, round_id=round_["id"], offering=offering
            )
    assert await list_choice_offerings(db, city.sibling_admin.actor, round_id=round_["id"]) == []
