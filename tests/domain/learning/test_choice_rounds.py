from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import NotAllowed, Unfit
from app.domain.learning.choice_rounds import (
    ChoiceOfferingNotFound,
    ChoiceOfferingsMissing,
    ChoiceOfferingTaken,
    ChoiceOfferingUnpublished,
    ChoicePriority,
    ChoiceRoundChanges,
    ChoiceRoundNotFound,
    ChoiceRoundOver,
    ChoiceRoundStateWrong,
    ChoiceRoundUnfit,
    NewChoiceOffering,
    NewChoiceRound,
    add_choice_offering,
    cancel_choice_round,
    choice_rounds_by_id,
    create_choice_round,
    get_choice_round,
    list_choice_rounds,
    list_offered_choice_rounds,
    publish_choice_round,
    remove_choice_offering,
    update_choice_round,
)
from app.domain.learning.choices import list_choice_offerings
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState
from app.domain.training.enrolments import (
    ByChoice,
    Nomination,
    enrol_oneself,
    get_places,
    nominate_teachers,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person
from tests.make_choice import CLOSED, HELD, make_choice_round, make_chosen

PAGE = PageRequest(limit=100)


def new_round(unit: Row, **more: Any) -> NewChoiceRound:
    given = {
        "unit_id": unit["id"], "title": "秋季选课", "way": "two_way", "opens_at": NOW,
        "closes_at": CLOSED, "most_choices": 3, "most_places": 2,
    }  # fmt: skip
    return NewChoiceRound.model_validate(given | more)


async def draft(db: Connection, city: City, **more: Any) -> Row:
    new = new_round(city.county, **more)
    return await create_choice_round(db, city.county_admin.actor, new=new)


async def offer(db: Connection, by: Person, round_: Row, activity: Row) -> Row:
    offering = NewChoiceOffering(activity_id=activity["id"])
    return await add_choice_offering(db, by.actor, round_id=round_["id"], offering=offering)


async def publish(db: Connection, by: Person, round_: Row, now: Any = NOW) -> Row:
    return await publish_choice_round(db, by.actor, round_id=round_["id"], now=now)


async def test_a_round_is_drafted_published_and_seen_by_those_for_whom_something_is_in_it(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    activity = await make_chosen(db, city.county, by)
    elsewhere = await make_chosen(db, city.county, by, title="只为第二小学", hours=2)
    round_ = await draft(db, city)
    assert (round_["state"], round_["unit_id"]) == ("draft", city.county["id"])
    with pytest.raises(ChoiceOfferingsMissing):
        await publish(db, by, round_)
    await offer(db, by, round_, activity)
    await offer(db, by, round_, activity)  # once more changes nothing
    await offer(db, by, round_, elsewhere)
    await remove_choice_offering(db, by.actor, round_id=round_["id"], activity_id=elsewhere["id"])
    with pytest.raises(ChoiceRoundNotFound):
        await get_choice_round(db, city.teacher_account.actor, round_id=round_["id"])
    shown = await publish(db, by, round_)
    assert (shown["state"], shown["published_at"]) == ("published", NOW)
    teacher = city.teacher_account.actor
    assert await get_choice_round(db, teacher, round_id=round_["id"]) == shown
    offered = await list_offered_choice_rounds(db, teacher, page=PAGE)
    assert [row["id"] for row in offered.items] == [round_["id"]]
    listed = await list_choice_rounds(db, by.actor, page=PAGE, unit_id=city.county["id"])
    assert listed.items == [shown]
    far = city.other_county_admin.actor
    assert (await list_choice_rounds(db, far, page=PAGE)).items == []
    by_key = await choice_rounds_by_id(db, far, round_ids=[round_["id"]])
    assert by_key == {round_["id"]: None}
    before = db.statements
    [offering] = await list_choice_offerings(db, teacher, round_id=round_["id"])
    assert db.statements - before == 3
    assert (offering["title"], offering["taken"], offering["choices"]) == ("测试研修活动", 0, 0)


async def test_of_what_can_be_chosen_everybody_sees_what_is_for_them(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    all_ = await make_chosen(db, city.county, by)
    theirs = await make_chosen(db, city.county, by, title="仅第二小学")
    other = await make_chosen(db, city.sibling, city.sibling_admin, title="第二小学自办")
    round_ = await make_choice_round(db, city.county, by, all_, other, theirs)
    seen = await list_choice_offerings(db, city.teacher_account.actor, round_id=round_["id"])
    assert {row["activity_id"] for row in seen} == {all_["id"], theirs["id"]}
    managed = await list_choice_offerings(db, by.actor, round_id=round_["id"])
    assert len(managed) == 3


async def test_in_a_round_places_are_given_by_choice_alone(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    round_ = await draft(db, city)
    await offer(db, by, round_, activity)
    with pytest.raises(ByChoice):
        await enrol_oneself(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    nomination = Nomination(activity_id=activity["id"], teacher_ids=[city.teacher["id"]])
    with pytest.raises(ByChoice):
        await nominate_teachers(
            db, city.school_admin.actor, school_id=city.school["id"], nomination=nomination, now=NOW
        )
    assert (await get_places(db, by.actor, activity_id=activity["id"]))["by_choice"]
    cancelled = await cancel_choice_round(db, by.actor, round_id=round_["id"], now=NOW)
    assert cancelled["state"] == "cancelled"
    entered = await enrol_oneself(
        db, city.teacher_account.actor, activity_id=activity["id"], now=NOW
    )
    assert entered["state"] == "enrolled"
    with pytest.raises(ChoiceRoundStateWrong) as refused:
        await cancel_choice_round(db, by.actor, round_id=round_["id"], now=NOW)
    assert refused.value.details == {"state": "cancelled"}


async def test_an_activity_is_in_one_round_at_a_time(db: Connection, city: City) -> None:
    by, activity = city.county_admin, await make_chosen(db, city.county, city.county_admin)
    first, second = await draft(db, city), await draft(db, city)
    await offer(db, by, first, activity)
    with pytest.raises(ChoiceOfferingTaken):
        await offer(db, by, second, activity)
    with pytest.raises(ChoiceOfferingNotFound):
        await remove_choice_offering(
            db, by.actor, round_id=second["id"], activity_id=activity["id"]
        )
    await cancel_choice_round(db, by.actor, round_id=first["id"], now=NOW)
    await offer(db, by, second, activity)


async def test_what_is_not_published_or_begins_too_early_is_not_to_be_chosen(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    unpublished = await make_chosen(db, city.county, by, state=ActivityState.DRAFT)
    early = await make_chosen(db, city.county, by, begins=CLOSED - timedelta(days=1))
    for activity in (unpublished, early):
        round_ = await draft(db, city)
        await offer(db, by, round_, activity)
        with pytest.raises(ChoiceOfferingUnpublished):
            await publish(db, by, round_)
        assert (await get_choice_round(db, by.actor, round_id=round_["id"]))["state"] == "draft"
    round_ = await draft(db, city)
    await offer(db, by, round_, await make_chosen(db, city.county, by, begins=HELD))
    with pytest.raises(ChoiceRoundOver):
        await publish(db, by, round_, CLOSED)


async def test_a_draft_is_changed_and_what_is_published_stands(db: Connection, city: City) -> None:
    by, round_ = city.county_admin, await draft(db, city)
    changes = ChoiceRoundChanges(title="改名", priorities=[ChoicePriority.EARLIEST])
    changed = await update_choice_round(db, by.actor, round_id=round_["id"], changes=changes)
    assert (changed["title"], changed["priorities"]) == ("改名", ["earliest"])
    for unfit in (
        {"most_places": 4}, {"way": "first_come"}, {"priorities": ["favoured"]}, {"closes_at": NOW},
    ):  # fmt: skip
        with pytest.raises(ChoiceRoundUnfit):
            await update_choice_round(
                db, by.actor, round_id=round_["id"],
                changes=ChoiceRoundChanges.model_validate(unfit),
            )  # fmt: skip
    assert await get_choice_round(db, by.actor, round_id=round_["id"]) == changed
    await offer(db, by, round_, await make_chosen(db, city.county, by))
    await publish(db, by, round_)
    with pytest.raises(ChoiceRoundStateWrong):
        await update_choice_round(db, by.actor, round_id=round_["id"], changes=changes)


def test_a_round_that_does_not_fit_is_refused() -> None:
    unit = {"id": "0192f0c0-0000-7000-8000-000000000000"}
    for unfit in (
        {"closes_at": NOW}, {"most_places": 4}, {"way": "first_come"},
        {"priorities": ["favoured"]}, {"favoured": ["new_teacher"]},
        {"opens_at": "2026-01-01T08:00:00"}, {"closes_at": "9999-12-31T23:59:59Z"},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"round|places|choice|Strata|priority") as refused:
            new_round(unit, **unfit)
        assert not isinstance(refused.value, Unfit)


async def test_whoever_does_not_organise_there_holds_no_round(db: Connection, city: City) -> None:
    with pytest.raises(NotAllowed):
        await create_choice_round(db, city.teacher_account.actor, new=new_round(city.school))
    round_ = await make_choice_round(db, city.county, city.county_admin)
    with pytest.raises(ChoiceRoundNotFound):
        await cancel_choice_round(db, city.other_county_admin.actor, round_id=round_["id"], now=NOW)
