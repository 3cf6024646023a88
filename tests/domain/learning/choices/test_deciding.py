import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Boolean, column, func, select, table

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.learning.choice_rounds import (
    ChoicePriority,
    ChoiceRoundStateWrong,
    ChoiceWay,
    cancel_choice_round,
)
from app.domain.learning.choices import (
    ChoiceDecisions,
    ChoiceNotFound,
    ChoiceOfOneself,
    ChoiceRoundNotOpen,
    ChoiceRoundOneWay,
    ChoiceRoundOpen,
    ChoiceUnplaceable,
    decide_choices,
    list_choices,
    list_teacher_choices,
    settle_choice_round,
)
from app.domain.paging import PageRequest
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities.audience import AUDIENCE
from app.domain.training.enrolments import (
    Placement,
    enrol_oneself,
    enrol_teacher,
    get_places,
    list_enrolments,
    list_waiting,
    withdraw_enrolment,
)
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.domain.learning.test_choices import limit, take
from tests.make import NOW, City, Person, make_activity, make_city
from tests.make_choice import CLOSED, HELD, make_choice_round, make_chosen

PAGE = PageRequest(limit=100)
_WAITED_FOR = Statement(
    select(func.count())
    .select_from(table("pg_locks", column("granted", Boolean())))
    .where(~column("granted", Boolean()))
)


async def decide(
    db: Connection, by: Person, round_: Row, *decisions: dict[str, Any], at: Any = CLOSED
) -> list[Row]:
    given = ChoiceDecisions.model_validate({"decisions": decisions})
    return await decide_choices(db, by.actor, round_id=round_["id"], decisions=given, now=at)


async def settle(db: Connection, by: Person, round_: Row, at: Any = CLOSED) -> Row:
    return await settle_choice_round(db, by.actor, round_id=round_["id"], now=at)


def accepted(choice: Row) -> dict[str, Any]:
    return {"choice_id": choice["id"], "accepted": True}


def declined(choice: Row, reason: str = "已参加过同类培训") -> dict[str, Any]:
    return {"choice_id": choice["id"], "accepted": False, "reason": reason}


async def outcome(db: Connection, by: Person, round_: Row) -> dict[str, str]:
    made = await list_choices(db, by.actor, round_id=round_["id"], page=PAGE)
    return {row["name"]: row["ground"] or row["state"] for row in made.items}


async def test_the_organiser_accepts_or_says_why_not(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    first = await take(db, city.teacher_account, round_, activity)
    second = await take(db, city.colleague_account, round_, activity)
    with pytest.raises(ChoiceRoundOpen):
        await decide(db, by, round_, accepted(first), at=NOW)
    before = db.statements
    shown = await decide(db, by, round_, accepted(first), declined(second))
    assert db.statements - before == 11
    assert [(row["state"], row["reason"]) for row in shown] == [
        ("enrolled", None), ("declined", "已参加过同类培训"),
    ]  # fmt: skip
    assert (await get_places(db, by.actor, activity_id=activity["id"]))["taken"] == 1
    with pytest.raises(ChoiceNotFound):
        await decide(db, by, round_, accepted(second))
    with pytest.raises(ChoiceNotFound):
        await decide(db, by, round_, accepted({"id": uuid4()}))


async def test_there_are_no_more_places_than_there_are_for_those_accepted(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    await limit(db, by, activity, 1)
    choices = [
        await take(db, person, round_, activity)
        for person in (city.teacher_account, city.colleague_account)
    ]
    with pytest.raises(ChoiceUnplaceable) as refused:
        async with db.transaction():
            await decide(db, by, round_, *map(accepted, choices))
    assert refused.value.details == {"choice_id": choices[1]["id"], "ground": "no_place"}
    assert await outcome(db, by, round_) == {"测试甲": "chosen", "测试乙": "chosen"}


async def test_settling_gives_what_is_left_by_the_priorities(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(
        db, city.county, by, activity, priorities=[ChoicePriority.FEWEST_PLACES]
    )
    await limit(db, by, activity, 1, waiting_list=True)
    had_one = await make_activity(db, city.county, by, begins=NOW - timedelta(days=20))
    await enrol_oneself(
        db, city.teacher_account.actor, activity_id=had_one["id"], now=NOW - timedelta(days=30)
    )
    await take(db, city.teacher_account, round_, activity)
    await take(db, city.colleague_account, round_, activity)
    with pytest.raises(ChoiceRoundOpen):
        await settle(db, by, round_, NOW)
    before = db.statements
    settled = await settle(db, by, round_)
    assert db.statements - before == 14
    assert (settled["state"], settled["settled_at"]) == ("settled", CLOSED)
    assert await outcome(db, by, round_) == {"测试甲": "waiting", "测试乙": "enrolled"}
    waiting = await list_waiting(db, by.actor, activity_id=activity["id"], page=PAGE)
    assert [row["name"] for row in waiting.items] == ["测试甲"]
    with pytest.raises(ChoiceRoundStateWrong):
        await settle(db, by, round_)
    later = await enrol_oneself(
        db, city.sibling_teacher_account.actor, activity_id=activity["id"], now=CLOSED
    )
    assert later["state"] == "waiting"  # places are for everybody again, in turn


async def test_who_counts_in_a_favoured_stratum_goes_first(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(
        db, city.county, by, activity,
        priorities=[ChoicePriority.FAVOURED], favoured=[Stratum.JUNIOR_OR_MIDDLE_RANK],
    )  # fmt: skip
    await limit(db, by, activity, 1)
    await take(db, city.teacher_account, round_, activity)
    await take(db, city.colleague_account, round_, activity)
    await settle(db, by, round_)
    assert await outcome(db, by, round_) == {"测试甲": "enrolled", "测试乙": "no_place"}


async def test_what_clashes_is_not_given_and_says_so(db: Connection, city: City) -> None:
    by = city.county_admin
    one = await make_chosen(db, city.county, by)
    two = await make_chosen(db, city.county, by, begins=HELD + timedelta(hours=1))
    round_ = await make_choice_round(db, city.county, by, one, two)
    await take(db, city.teacher_account, round_, one)
    await take(db, city.teacher_account, round_, two)
    await settle(db, by, round_)
    made = await list_choices(db, by.actor, round_id=round_["id"], page=PAGE)
    assert [row["ground"] or row["state"] for row in made.items] == ["enrolled", "clash"]


async def test_whoever_has_a_place_already_keeps_it_and_takes_no_second(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    await limit(db, by, activity, 2, waiting_list=True)
    people = (city.teacher_account, city.colleague_account, city.sibling_teacher_account)
    for person in people:
        await take(db, person, round_, activity)
    by_hand = Placement(teacher_id=city.sibling_teacher["id"], reason="主讲人")
    await enrol_teacher(db, by.actor, activity_id=activity["id"], placement=by_hand, now=NOW)
    await settle(db, by, round_)
    assert await outcome(db, by, round_) == {
        "测试甲": "enrolled", "测试乙": "waiting", "测试丙": "enrolled",
    }  # fmt: skip
    placed = await list_enrolments(db, by.actor, activity_id=activity["id"], page=PAGE)
    assert {row["name"]: row["way"] for row in placed.items} == {
        "测试甲": "own", "测试丙": "organiser",
    }  # fmt: skip


async def test_whoever_left_those_whom_it_is_for_is_given_no_place(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    choice = await take(db, city.teacher_account, round_, activity)
    await take(db, city.sibling_teacher_account, round_, activity)
    await AUDIENCE.replace(db, thing_id=activity["id"], targets=[city.sibling_teacher["school_id"]])
    with pytest.raises(ChoiceUnplaceable):
        await decide(db, by, round_, accepted(choice))
    await settle(db, by, round_)
    assert await outcome(db, by, round_) == {"测试甲": "outside", "测试丙": "enrolled"}


async def test_nobody_decides_on_their_own_choice(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    choice = await take(db, city.teacher_account, round_, activity)
    also = replace(by, actor=replace(by.actor, teacher_id=city.teacher["id"]))
    with pytest.raises(ChoiceOfOneself):
        await decide(db, also, round_, accepted(choice))
    await settle(db, also, round_)
    assert await outcome(db, by, round_) == {"测试甲": "enrolled"}


async def test_nothing_is_chosen_while_the_round_is_ended(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
        round_ = await make_choice_round(db, city.county, by, activity)

    async def choose() -> None:
        async with real_pool.transaction() as db:
            await take(db, city.teacher_account, round_, activity)

    async with real_pool.transaction() as db:
        await settle(db, by, round_)
        late = asyncio.create_task(choose())
        while not late.done() and not await db.value(_WAITED_FOR):  # noqa: ASYNC110  the database waits
            await asyncio.sleep(0)
    with pytest.raises(ChoiceRoundNotOpen):
        await late


async def test_first_come_first_served_there_is_nothing_to_decide(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity, way=ChoiceWay.FIRST_COME)
    choice = await take(db, city.teacher_account, round_, activity)
    with pytest.raises(ChoiceRoundOneWay):
        await decide(db, by, round_, accepted(choice))
    assert (await settle(db, by, round_))["state"] == "settled"
    assert not (await get_places(db, by.actor, activity_id=activity["id"]))["by_choice"]


async def test_nobody_else_decides(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    choice = await take(db, city.teacher_account, round_, activity)
    for person in (city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await decide(db, person, round_, accepted(choice))


def test_a_decision_against_somebody_has_a_reason() -> None:
    choice = {"id": str(uuid4())}
    for wrong in (
        {"choice_id": choice["id"], "accepted": False},
        {"choice_id": choice["id"], "accepted": True, "reason": "因为"},
    ):
        with pytest.raises(ValueError, match="reason"):
            ChoiceDecisions.model_validate({"decisions": [wrong]})
    twice = [accepted(choice), accepted(choice)]
    with pytest.raises(ValueError, match="once"):
        ChoiceDecisions.model_validate({"decisions": twice})


async def test_what_nobody_decided_is_declined_when_the_round_is_called_off(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    first = await take(db, city.teacher_account, round_, activity)
    await take(db, city.colleague_account, round_, activity)
    await decide(db, by, round_, accepted(first))
    await cancel_choice_round(db, by.actor, round_id=round_["id"], now=CLOSED)
    assert await outcome(db, by, round_) == {"测试甲": "enrolled", "测试乙": "cancelled"}
    own = await list_teacher_choices(
        db, city.colleague_account.actor, teacher_id=city.colleague["id"], page=PAGE
    )
    assert [row["ground"] for row in own.items] == ["cancelled"]


async def test_who_has_enough_of_the_round_is_given_no_place_that_becomes_free(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    full = await make_chosen(db, city.county, by)
    other = await make_chosen(db, city.county, by, begins=HELD + timedelta(days=2))
    round_ = await make_choice_round(
        db, city.county, by, full, other, way=ChoiceWay.FIRST_COME, most_places=1
    )
    await limit(db, by, full, 1, waiting_list=True)
    for person in (city.sibling_teacher_account, city.teacher_account, city.colleague_account):
        await take(db, person, round_, full)
    await take(db, city.teacher_account, round_, other)
    await withdraw_enrolment(
        db, city.sibling_teacher_account.actor, activity_id=full["id"], now=NOW
    )
    after = await outcome(db, by, round_)
    assert (after["测试甲"], after["测试乙"]) == ("enrolled", "enrolled")
    states = await list_choices(
        db, by.actor, round_id=round_["id"], page=PAGE, activity_id=full["id"]
    )
    assert {row["name"]: row["state"] for row in states.items if row["name"] != "测试丙"} == {
        "测试甲": "waiting", "测试乙": "enrolled",
    }  # fmt: skip


async def test_who_is_elsewhere_at_that_time_is_given_no_place_that_becomes_free(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    full = await make_chosen(db, city.county, by)
    round_ = await make_choice_round(db, city.county, by, full, way=ChoiceWay.FIRST_COME)
    await limit(db, by, full, 1, waiting_list=True)
    for person in (city.sibling_teacher_account, city.teacher_account):
        await take(db, person, round_, full)
    at_once = await make_chosen(db, city.county, by)
    await enrol_oneself(db, city.teacher_account.actor, activity_id=at_once["id"], now=NOW)
    await withdraw_enrolment(
        db, city.sibling_teacher_account.actor, activity_id=full["id"], now=NOW
    )
    assert (await outcome(db, by, round_))["测试甲"] == "waiting"
    await withdraw_enrolment(db, city.teacher_account.actor, activity_id=at_once["id"], now=NOW)
    await limit(db, by, full, 2, waiting_list=True)
    assert (await outcome(db, by, round_))["测试甲"] == "enrolled"
