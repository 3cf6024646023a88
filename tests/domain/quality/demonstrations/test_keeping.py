from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.designations import (
    DesignationEnd,
    DesignationEndedByIssuer,
    DesignationOfCall,
    NewDesignation,
    award_designation,
    designations_of,
    end_designation,
)
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.quality.demonstrations import (
    DemonstrationAnsweredElsewhere,
    DemonstrationAppeal,
    DemonstrationAppealDecidedByWithdrawer,
    DemonstrationAppealDecision,
    DemonstrationAppealTooLate,
    DemonstrationConditionsUnmet,
    DemonstrationNotDue,
    DemonstrationReevaluation,
    DemonstrationTermOver,
    DemonstrationWithdrawal,
    appeal_demonstration,
    decide_demonstration_appeal,
    get_demonstration,
    list_demonstration_steps,
    reevaluate_demonstration,
    withdraw_demonstration,
)
from app.domain.quality.unit_evaluations import EvaluationWithoutStanding
from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import NOW, TODAY, City, make_account, make_activity
from tests.make_demonstrations import (
    make_awarded,
    make_call,
    make_title_appealed,
    make_withdrawn,
    refused,
)
from tests.make_organisation import make_department

DAY = timedelta(days=1)


async def titles_of(db: Connection, city: City) -> list[tuple[date, date]]:
    """The titles of the school as they are known now."""
    found = await designations_of(db, city.city_admin.actor, unit_ids=[city.school["id"]])
    return [(each["valid_from"], each["valid_to"]) for each in found[city.school["id"]]]


async def test_a_title_is_evaluated_again_before_it_ends(db: Connection, city: City) -> None:
    row = await make_awarded(db, city)
    by, key = city.city_admin.actor, {"demonstration_id": row["id"]}
    yes = DemonstrationReevaluation(passed=True, opinion="保持示范作用")
    act = reevaluate_demonstration(db, by, **key, said=yes, now=NOW)
    await refused(db, city, row, DemonstrationNotDue, act)
    soon = NOW + timedelta(days=3 * 365 - 60)
    act = reevaluate_demonstration(db, by, **key, said=yes, now=soon)
    await refused(db, city, row, DemonstrationConditionsUnmet, act)
    await make_application_activity(db, city, soon)
    renewed = await reevaluate_demonstration(db, by, **key, said=yes, now=soon)
    assert (renewed["state"], renewed["valid_to"]) == ("awarded", date(2032, 11, 20))
    assert await titles_of(db, city) == [(TODAY, date(2032, 11, 20))]
    end = NOW + timedelta(days=6 * 365)
    no = DemonstrationReevaluation(passed=False, opinion="不再具备条件")
    ended = await reevaluate_demonstration(db, by, **key, said=no, now=end)
    assert (ended["state"], ended["valid_to"]) == ("ended", date(2032, 11, 20))


async def make_application_activity(db: Connection, city: City, now: Any) -> None:
    """Another activity of the school, in the month before a moment."""
    await make_activity(
        db,
        city.school,
        city.school_admin,
        state=ActivityState.HELD,
        begins=now - timedelta(days=30),
    )


async def test_a_title_that_is_over_is_not_extended(db: Connection, city: City) -> None:
    row = await make_awarded(db, city)
    by, key = city.city_admin.actor, {"demonstration_id": row["id"]}
    after = NOW + timedelta(days=4 * 365)
    yes = DemonstrationReevaluation(passed=True, opinion="保持示范作用")
    act = reevaluate_demonstration(db, by, **key, said=yes, now=after)
    await refused(db, city, row, DemonstrationTermOver, act)
    act = withdraw_demonstration(
        db, by, **key, said=DemonstrationWithdrawal(reason="弄虚作假"), now=after
    )
    await refused(db, city, row, DemonstrationTermOver, act)


async def test_a_title_is_withdrawn_with_a_reason_and_appealed_for(
    db: Connection, city: City
) -> None:
    row = await make_withdrawn(db, city)
    given = TODAY - 365 * DAY
    assert await titles_of(db, city) == [(given, TODAY)]
    key = {"demonstration_id": row["id"]}
    said = DemonstrationAppeal(appeal="已全部整改")
    late = appeal_demonstration(db, city.school_admin.actor, **key, said=said, now=NOW + 16 * DAY)
    await refused(db, city, row, DemonstrationAppealTooLate, late)
    act = appeal_demonstration(db, city.county_admin.actor, **key, said=said, now=NOW)
    await refused(db, city, row, DemonstrationAnsweredElsewhere, act)
    await appeal_demonstration(db, city.school_admin.actor, **key, said=said, now=NOW)
    row = await get_demonstration(db, city.city_admin.actor, **key)
    back = DemonstrationAppealDecision(reinstated=True, reply="整改属实")
    act = decide_demonstration_appeal(
        db, city.city_admin.actor, **key, decision=back, now=NOW + DAY
    )
    await refused(db, city, row, DemonstrationAppealDecidedByWithdrawer, act)
    other = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    again = await decide_demonstration_appeal(db, other.actor, **key, decision=back, now=NOW + DAY)
    assert (again["state"], again["withdrawn_at"]) == ("awarded", None)
    ends = again["valid_to"]
    assert await titles_of(db, city) == [(given, TODAY), (TODAY + DAY, ends)]
    assert ends == date(2028, 11, 20)


async def test_an_appeal_may_leave_it_withdrawn(db: Connection, city: City) -> None:
    row = await make_title_appealed(db, city)
    other = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    no = DemonstrationAppealDecision(reinstated=False, reply="维持原决定")
    closed = await decide_demonstration_appeal(
        db, other.actor, demonstration_id=row["id"], decision=no, now=NOW
    )
    assert closed["state"] == "closed"
    assert await titles_of(db, city) == [(TODAY - 365 * DAY, TODAY)]
    steps = await list_demonstration_steps(db, other.actor, demonstration_id=row["id"])
    told = [(each["act"], each["opinion"]) for each in steps[-3:]]
    assert told == [
        ("withdraw", "研修活动弄虚作假"), ("appeal", "已全部整改"), ("uphold", "维持原决定"),
    ]  # fmt: skip


async def move(db: Connection, city: City) -> None:
    """The school comes under the other county."""
    there = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=there, now=NOW)


async def test_of_a_school_that_moved_the_bureau_that_gave_the_title_withdraws_it(
    db: Connection, city: City
) -> None:
    """谁命名、谁撤销: neither the bureau of now, nor the city alone."""
    row = await make_awarded(db, city, now=NOW - 365 * DAY, of_county=True)
    await move(db, city)
    row = await get_demonstration(db, city.city_admin.actor, demonstration_id=row["id"])
    key: dict[str, Any] = {"demonstration_id": row["id"], "now": NOW}
    said = DemonstrationWithdrawal(reason="研修活动弄虚作假")
    there = city.other_county_admin.actor
    act = withdraw_demonstration(db, there, **key, said=said)
    await refused(db, city, row, EvaluationWithoutStanding, act)
    # Who evaluates for the bureau and keeps no register of it writes nothing into that.
    officer = await make_account(
        db, "评估员", Role.DEPARTMENT_OFFICER, await make_department(db, city.county, Duty.EVALUATE)
    )
    act = withdraw_demonstration(db, officer.actor, **key, said=said)
    await refused(db, city, row, NotAllowed, act)
    gone = await withdraw_demonstration(db, city.county_admin.actor, **key, said=said)
    assert gone["state"] == "withdrawn"
    assert await titles_of(db, city) == [(TODAY - 365 * DAY, TODAY)]


async def test_of_a_school_that_moved_the_bureau_that_gave_the_title_gives_it_again(
    db: Connection, city: City
) -> None:
    row = await make_title_appealed(db, city, of_county=True)
    await move(db, city)
    other = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    key: dict[str, Any] = {"demonstration_id": row["id"], "now": NOW + DAY}
    back = DemonstrationAppealDecision(reinstated=True, reply="整改属实")
    row = await get_demonstration(db, city.city_admin.actor, demonstration_id=row["id"])
    act = decide_demonstration_appeal(db, city.other_county_admin.actor, **key, decision=back)
    await refused(db, city, row, EvaluationWithoutStanding, act)
    again = await decide_demonstration_appeal(db, other.actor, **key, decision=back)
    assert again["state"] == "awarded"
    given = TODAY - 365 * DAY
    assert await titles_of(db, city) == [(given, TODAY), (TODAY + DAY, again["valid_to"])]


async def test_what_was_given_by_a_county_the_city_withdraws_after_a_move_too(
    db: Connection, city: City
) -> None:
    row = await make_awarded(db, city, of_county=True)
    await move(db, city)
    said = DemonstrationWithdrawal(reason="研修活动弄虚作假")
    gone = await withdraw_demonstration(
        db, city.city_admin.actor, demonstration_id=row["id"], said=said, now=NOW + DAY
    )
    assert gone["state"] == "withdrawn"


async def test_what_a_call_gave_nobody_ends_in_the_register(db: Connection, city: City) -> None:
    """谁命名、谁撤销: the register of titles is no way around the reason and the appeal."""
    row = await make_awarded(db, city, now=NOW - 365 * DAY)
    given = await titles_of(db, city)
    for who in (city.county_admin, city.city_admin):
        act = end_designation(
            db, who.actor, designation_id=row["designation_id"], end=DesignationEnd(), now=NOW
        )
        await refused(db, city, row, DesignationEndedByIssuer, act)
    assert await titles_of(db, city) == given
    # What no call gave ends there as ever.
    other = await award_designation(
        db, city.county_admin.actor, unit_id=city.school["id"], new=title(), now=NOW
    )
    ended = await end_designation(
        db, city.county_admin.actor, designation_id=other["id"], end=DesignationEnd(), now=NOW
    )
    assert ended["valid_to"] == TODAY


def title(name: str = "高效课堂实验校", **more: Any) -> NewDesignation:
    """A title as it is written into the register by hand."""
    fields = {"kind": "demonstration", "level": "city", "title": name, "issuer": "某市教育局"}
    return NewDesignation.model_validate(fields | more)


async def test_the_title_of_a_call_is_not_written_down_by_hand(db: Connection, city: City) -> None:
    call = await make_call(db, city.city, city.city_admin)
    name, by = call["designation"], city.county_admin.actor
    before = {"valid_from": TODAY - 2 * DAY, "valid_to": TODAY - DAY}
    for new in (title(name), title(name, valid_from=TODAY)):
        with pytest.raises(DesignationOfCall):
            await award_designation(db, by, unit_id=city.school["id"], new=new, now=NOW)
    assert await titles_of(db, city) == []
    # What was given before anybody called, what another bureau calls so, and any other title.
    for new in (title(name, **before), title(name, level="county"), title()):
        await award_designation(db, by, unit_id=city.school["id"], new=new, now=NOW)
    assert len(await titles_of(db, city)) == 3
