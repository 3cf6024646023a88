from datetime import timedelta

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.choice_rounds import ChoiceRoundState, ChoiceWay
from app.domain.learning.choices import settle_choice_round
from app.domain.learning.fair_access import list_fair_access, list_unplaced_teachers
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState
from app.domain.training.enrolments import Enrolment, enrol_oneself, withdraw_enrolment
from app.sql import Connection, new_id
from tests.domain.learning.test_choices import limit, take
from tests.make import NOW, City, make_activity
from tests.make_choice import CLOSED, make_choice, make_choice_round, make_chosen

PAGE = PageRequest(limit=100)


async def test_who_asked_and_never_had_a_place_is_shown(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await make_choice_round(db, city.county, by, activity)
    await limit(db, by, activity, 1)
    for person in (city.teacher_account, city.colleague_account, city.sibling_teacher_account):
        await take(db, person, round_, activity)
    await settle_choice_round(db, by.actor, round_id=round_["id"], now=CLOSED)
    before = db.statements
    rows = await list_fair_access(db, by.actor, unit_id=city.county["id"], now=NOW)
    assert db.statements - before == 2
    figures = {row["school"]: (row["asked"], row["placed"], row["unplaced"]) for row in rows}
    assert figures == {"甲县第一小学": (2, 1, 1), "甲县第二小学": (1, 0, 1)}
    unplaced = await list_unplaced_teachers(
        db, by.actor, unit_id=city.county["id"], page=PAGE, now=NOW
    )
    assert [row["name"] for row in unplaced.items] == ["测试丙", "测试乙"]
    own = await list_unplaced_teachers(
        db, city.school_admin.actor, unit_id=city.school["id"], page=PAGE, now=NOW
    )
    assert [row["name"] for row in own.items] == ["测试乙"]


async def test_a_place_elsewhere_counts_and_what_is_cancelled_or_long_ago_does_not(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    full = await make_chosen(db, city.county, by)
    round_ = await make_choice_round(db, city.county, by, full, way=ChoiceWay.FIRST_COME)
    await limit(db, by, full, 1, waiting_list=True)
    for person in (city.sibling_teacher_account, city.teacher_account, city.colleague_account):
        await take(db, person, round_, full)
    elsewhere = await make_activity(db, city.county, by)
    await enrol_oneself(db, city.teacher_account.actor, activity_id=elsewhere["id"], now=NOW)
    for state, begins in (
        (ActivityState.CANCELLED, NOW), (ActivityState.PUBLISHED, NOW - timedelta(days=400)),
    ):  # fmt: skip
        past = await make_activity(db, city.county, by, state=state, begins=begins)
        place = {name: city.colleague[name] for name in ("city_id", "county_id", "school_id")}
        entered = {"id": new_id(), "activity_id": past["id"], "enrolled_at": NOW, "way": "own"}
        await db.insert(Enrolment, entered | place | {"teacher_id": city.colleague["id"]})
    unplaced = await list_unplaced_teachers(
        db, by.actor, unit_id=city.county["id"], page=PAGE, now=NOW
    )
    assert [row["name"] for row in unplaced.items] == ["测试乙"]
    since = NOW.date() - timedelta(days=500)
    wide = await list_unplaced_teachers(
        db, by.actor, unit_id=city.county["id"], page=PAGE, now=NOW, since=since
    )
    assert wide.items == []


async def test_what_was_chosen_in_vain_for_it_was_called_off_counts_for_nobody(
    db: Connection, city: City
) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    off = await make_chosen(db, city.county, by, state=ActivityState.CANCELLED)
    called_off = await make_choice_round(
        db, city.county, by, activity, state=ChoiceRoundState.CANCELLED
    )
    await make_choice(db, called_off, activity, city.teacher)
    await make_choice(db, await make_choice_round(db, city.county, by, off), off, city.colleague)
    rows = await list_fair_access(db, by.actor, unit_id=city.county["id"], now=NOW)
    assert [row["asked"] for row in rows] == [0] * len(rows)
    unplaced = await list_unplaced_teachers(
        db, by.actor, unit_id=city.county["id"], page=PAGE, now=NOW
    )
    assert unplaced.items == []


async def test_only_where_one_may_see_attendance(db: Connection, city: City) -> None:
    asked = {"unit_id": city.school["id"], "now": NOW}
    for person, refusal in (
        (city.teacher_account, NotAllowed), (city.other_county_admin, UnitNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await list_fair_access(db, person.actor, **asked)
        with pytest.raises(refusal):
            await list_unplaced_teachers(db, person.actor, page=PAGE, **asked)


async def test_who_gave_a_place_back_had_one(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    await enrol_oneself(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    await withdraw_enrolment(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    rows = await list_fair_access(db, by.actor, unit_id=city.school["id"], now=NOW)
    assert [(row["asked"], row["placed"], row["unplaced"]) for row in rows] == [(1, 1, 0)]
    unplaced = await list_unplaced_teachers(
        db, by.actor, unit_id=city.school["id"], page=PAGE, now=NOW
    )
    assert unplaced.items == []
