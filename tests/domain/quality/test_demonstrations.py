import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.designations import designations_of
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.paging import PageRequest
from app.domain.quality.demonstrations import (
    DemonstrationAnsweredElsewhere,
    DemonstrationConditionsUnmet,
    DemonstrationDecision,
    DemonstrationExists,
    DemonstrationNotFound,
    DemonstrationObjectionsOpen,
    DemonstrationOfOtherBureau,
    DemonstrationOutsideWindow,
    DemonstrationPlacesTaken,
    DemonstrationRecommendation,
    DemonstrationText,
    DemonstrationUnderWay,
    DemonstrationWrongState,
    NewDemonstration,
    award_demonstration,
    create_demonstration,
    decide_demonstration,
    hand_in_demonstration,
    list_demonstration_findings,
    list_demonstration_steps,
    list_demonstrations,
    list_published_demonstrations,
    recommend_demonstration,
    take_back_demonstration,
    write_demonstration,
)
from app.domain.quality.unit_evaluations import EvaluationWithoutStanding
from app.domain.training.activities import Activity
from app.domain.training.files import PupilsStayInside
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.make import NOW, TODAY, City, Person, make_account, make_city
from tests.make_demonstrations import (
    AGREED,
    CONDITION,
    SAID,
    appoint,
    appraise,
    hand_in,
    make_application,
    make_call,
    make_experts,
    make_public,
    make_reviewed,
    make_under_review,
    recommend,
    refused,
)
from tests.make_evidence import make_file

DAY = timedelta(days=1)
NONE_HELD = Statement(update(Activity).values(state="cancelled"))
PAGE = PageRequest()


async def titles_of(db: Connection, city: City) -> list[tuple[date, date]]:
    """The titles of the school as they are known now."""
    found = await designations_of(db, city.city_admin.actor, unit_ids=[city.school["id"]])
    return [(each["valid_from"], each["valid_to"]) for each in found[city.school["id"]]]


async def test_from_the_call_to_the_title(db: Connection, city: City) -> None:
    row = await make_public(db, city)
    assert (row["score"], row["published_on"]) == (Decimal("85.50"), TODAY)
    assert row["objections_until"] == TODAY + 7 * DAY
    shown = await list_published_demonstrations(
        db, city.sibling_teacher_account.actor, page=PAGE, now=NOW
    )
    assert [each["unit_name"] for each in shown.items] == ["甲县第一小学"]
    over = await list_published_demonstrations(
        db, city.teacher_account.actor, page=PAGE, now=NOW + 8 * DAY
    )
    assert over.items == []
    by, key = city.city_admin.actor, {"demonstration_id": row["id"]}
    award = award_demonstration(db, by, **key, now=NOW + 7 * DAY)
    await refused(db, city, row, DemonstrationObjectionsOpen, award)
    awarded = await award_demonstration(db, by, **key, now=NOW + 8 * DAY)
    since, until = TODAY + 8 * DAY, date(2029, 11, 28)
    assert (awarded["state"], awarded["place"], awarded["valid_to"]) == ("awarded", 1, until)
    assert await titles_of(db, city) == [(since, until)]
    steps = await list_demonstration_steps(db, city.school_admin.actor, **key)
    assert [each["act"] for each in steps] == ["hand_in", "recommend", "publish", "award"]
    [first], [last] = steps[0]["findings"], steps[-1]["findings"]
    assert (first["as_of"], last["as_of"]) == (TODAY, since)
    assert (first["numerator"], first["denominator"], first["met"]) == (1, None, True)
    assert (first["since"], first["until"]) == (date(2025, 11, 21), TODAY)


async def test_a_city_direct_school_goes_to_the_experts_at_once(db: Connection, city: City) -> None:
    admin = await make_account(db, "direct.admin", Role.SCHOOL_ADMIN, city.direct_school)
    call = await make_call(db, city.city, city.city_admin)
    row = await make_application(db, call, city.direct_school, admin)
    assert (await hand_in(db, row, admin))["state"] == "under_review"
    own = await make_call(db, city.county, city.county_admin)
    mine = await make_application(db, own, city.school, city.school_admin)
    assert (await hand_in(db, mine, city.school_admin))["state"] == "under_review"
    new = NewDemonstration(unit_id=city.direct_school["id"], statement=SAID)
    with pytest.raises(DomainError, match="no such call"):
        await create_demonstration(db, admin.actor, call_id=own["id"], new=new, now=NOW)
    wide = await make_account(db, "wide", Role.CITY_ADMIN, city.city)
    with pytest.raises(DemonstrationAnsweredElsewhere):
        await create_demonstration(db, wide.actor, call_id=own["id"], new=new, now=NOW)


async def test_what_the_register_does_not_show_is_not_handed_in(db: Connection, city: City) -> None:
    call = await make_call(db, city.city, city.city_admin)
    row = await make_application(db, call, city.school, city.school_admin)
    await db.run(NONE_HELD)
    act = hand_in_demonstration(db, city.school_admin.actor, demonstration_id=row["id"], now=NOW)
    await refused(db, city, row, DemonstrationConditionsUnmet, act)
    [found] = await list_demonstration_findings(
        db, city.school_admin.actor, call_id=call["id"], unit_id=city.school["id"], now=NOW
    )
    assert (found["numerator"], found["met"], found["source"]) == (0, False, CONDITION["source"])
    assert (
        await list_demonstration_steps(db, city.school_admin.actor, demonstration_id=row["id"])
        == []
    )


async def test_what_is_no_longer_so_is_not_awarded(db: Connection, city: City) -> None:
    row = await make_public(db, city)
    await db.run(NONE_HELD)
    act = award_demonstration(
        db, city.city_admin.actor, demonstration_id=row["id"], now=NOW + 8 * DAY
    )
    await refused(db, city, row, DemonstrationConditionsUnmet, act)
    assert await titles_of(db, city) == []


async def test_applying_has_its_days_and_happens_once(db: Connection, city: City) -> None:
    call = await make_call(db, city.city, city.city_admin)
    school = city.school_admin.actor
    row = await make_application(db, call, city.school, city.school_admin)
    key = {"demonstration_id": row["id"]}
    new = NewDemonstration(unit_id=city.school["id"], statement=SAID)
    with pytest.raises(DemonstrationExists):
        await create_demonstration(db, school, call_id=call["id"], new=new, now=NOW)
    late = hand_in_demonstration(db, school, **key, now=NOW + 11 * DAY)
    await refused(db, city, row, DemonstrationOutsideWindow, late)
    other = DemonstrationText(statement="改写后的自评报告，内容更充实。")
    for person, refusal in (
        (city.county_admin, DemonstrationAnsweredElsewhere), (city.auditor, NotAllowed),
        (city.sibling_admin, DemonstrationNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await write_demonstration(db, person.actor, **key, said=other)
    assert (await write_demonstration(db, school, **key, said=other))[
        "statement"
    ] == other.statement
    await hand_in(db, row, city.school_admin)
    with pytest.raises(DemonstrationWrongState):
        await write_demonstration(db, school, **key, said=other)
    assert (await take_back_demonstration(db, school, **key, now=NOW))["state"] == "draft"
    await hand_in(db, row, city.school_admin)
    await recommend(db, row, city.county_admin)
    await appoint(db, row, city.city_admin, *await make_experts(db, city, 1))
    with pytest.raises(DemonstrationUnderWay):
        await take_back_demonstration(db, school, **key, now=NOW)
    far = await list_demonstrations(db, city.other_county_admin.actor, page=PAGE)
    assert far.items == []


async def test_the_county_speaks_first_and_the_city_decides(db: Connection, city: City) -> None:
    call = await make_call(db, city.city, city.city_admin)
    row = await make_application(db, call, city.school, city.school_admin)
    row = await hand_in(db, row, city.school_admin)
    key = {"demonstration_id": row["id"]}
    act = decide_demonstration(db, city.city_admin.actor, **key, decision=AGREED, now=NOW)
    await refused(db, city, row, DemonstrationWrongState, act)
    said = DemonstrationRecommendation(recommended=False, opinion="活动偏少")
    act = recommend_demonstration(db, city.school_admin.actor, **key, said=said, now=NOW)
    await refused(db, city, row, NotAllowed, act)
    no = await recommend_demonstration(db, city.county_admin.actor, **key, said=said, now=NOW)
    assert no["state"] == "not_recommended"
    second = await make_under_review(db, city)
    key = {"demonstration_id": second["id"]}
    act = decide_demonstration(db, city.county_admin.actor, **key, decision=AGREED, now=NOW)
    await refused(db, city, second, EvaluationWithoutStanding, act)
    rejected = DemonstrationDecision(accepted=False, opinion="基础薄弱")
    row = await decide_demonstration(db, city.city_admin.actor, **key, decision=rejected, now=NOW)
    assert (row["state"], row["score"]) == ("rejected", None)


async def test_another_bureaus_call_is_not_for_the_school(db: Connection, city: City) -> None:
    call = await make_call(db, city.other_county, city.other_county_admin)
    both = await make_account(db, "both", Role.SCHOOL_ADMIN, city.school)
    far = await make_account(db, "far", Role.SCHOOL_ADMIN, city.far_school)
    grants = (*far.actor.grants, *both.actor.grants)
    actor = type(both.actor)(account_id=both.actor.account_id, grants=grants)
    new = NewDemonstration(unit_id=city.school["id"], statement=SAID)
    with pytest.raises(DemonstrationOfOtherBureau):
        await create_demonstration(db, actor, call_id=call["id"], new=new, now=NOW)


async def test_of_two_awarded_at_once_one_gets_the_last_place(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        call = await make_call(db, city.city, city.city_admin, places=1)
        rows = []
        for school, admin in ((city.school, city.school_admin), (city.sibling, city.sibling_admin)):
            row = await make_application(db, call, school, admin)
            await hand_in(db, row, admin)
            row = await recommend(db, row, city.county_admin)
            await make_reviewed(db, city, row)
            rows.append(
                await decide_demonstration(
                    db, city.city_admin.actor, demonstration_id=row["id"], decision=AGREED, now=NOW
                )
            )

    async def award(row: Row, by: Person) -> Any:
        async with real_pool.transaction() as db:
            return await award_demonstration(
                db, by.actor, demonstration_id=row["id"], now=NOW + 8 * DAY
            )

    told = await asyncio.gather(
        *(award(row, city.city_admin) for row in rows), return_exceptions=True
    )
    assert [type(each) for each in told if isinstance(each, Exception)] == [
        DemonstrationPlacesTaken
    ]
    [given] = [each for each in told if not isinstance(each, BaseException)]
    assert given["place"] == 1
    async with real_pool.transaction() as db:
        page = await list_demonstrations(db, city.city_admin.actor, page=PAGE)
        assert sorted(each["state"] for each in page.items) == ["awarded", "published"]


async def move(db: Connection, city: City) -> None:
    """The school comes under the other county."""
    there = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=there, now=NOW)


async def of_county(db: Connection, city: City, **more: Any) -> tuple[Row, dict[str, Any]]:
    """An application of the school to its own county, under review."""
    call = await make_call(
        db, city.county, city.county_admin, experts_needed=1, visit_needed=False, **more
    )
    row = await make_application(db, call, city.school, city.school_admin)
    await hand_in(db, row, city.school_admin)
    return row, {"demonstration_id": row["id"], "now": NOW}


async def test_of_a_school_that_moved_the_bureau_of_the_call_says_no(
    db: Connection, city: City
) -> None:
    row, key = await of_county(db, city)
    expert = await make_account(db, "县专家", Role.EXPERT, city.county)
    await appoint(db, row, city.county_admin, expert)
    await move(db, city)
    await appraise(db, row, expert, "54", "36")
    county, there = city.county_admin.actor, city.other_county_admin.actor
    act = decide_demonstration(db, county, **key, decision=AGREED)
    await refused(db, city, row, DemonstrationOfOtherBureau, act)
    no = DemonstrationDecision(accepted=False, opinion="学校已改由他县主管")
    act = decide_demonstration(db, there, **key, decision=no)
    await refused(db, city, row, EvaluationWithoutStanding, act)
    assert (await decide_demonstration(db, county, **key, decision=no))["state"] == "rejected"


async def test_a_published_school_that_moved_is_not_awarded_and_is_told_no(
    db: Connection, city: City
) -> None:
    row, key = await of_county(db, city)
    expert = await make_account(db, "县专家", Role.EXPERT, city.county)
    await appoint(db, row, city.county_admin, expert)
    await appraise(db, row, expert, "54", "36")
    county = city.county_admin.actor
    await decide_demonstration(db, county, **key, decision=AGREED)
    await move(db, city)
    later = key | {"now": NOW + timedelta(days=8)}
    act = award_demonstration(db, city.city_admin.actor, **later)
    await refused(db, city, row, DemonstrationOfOtherBureau, act)
    # What is published is not published once more.
    act = decide_demonstration(db, county, **later, decision=AGREED)
    await refused(db, city, row, DemonstrationWrongState, act)
    no = DemonstrationDecision(accepted=False, opinion="学校已改由他县主管")
    assert (await decide_demonstration(db, county, **later, decision=no))["state"] == "rejected"


async def test_a_draft_of_a_school_that_moved_is_not_handed_in(db: Connection, city: City) -> None:
    call = await make_call(db, city.county, city.county_admin)
    row = await make_application(db, call, city.school, city.school_admin)
    await move(db, city)
    grants = tuple(
        replace(each, county_id=city.other_county["id"]) for each in city.school_admin.actor.grants
    )
    actor = replace(city.school_admin.actor, grants=grants)
    act = hand_in_demonstration(db, actor, demonstration_id=row["id"], now=NOW)
    await refused(db, city, row, DemonstrationOfOtherBureau, act)


async def test_pupils_are_not_shown_without_consent(db: Connection, city: City) -> None:
    call = await make_call(db, city.city, city.city_admin)
    row = await make_application(db, call, city.school, city.school_admin)
    by = city.school_admin
    hidden = await make_file(db, city.school, by, shows_pupils=True)
    agreed = await make_file(
        db, city.school, by, shows_pupils=True, consent="家长同意书，2026年9月存校"
    )
    key = {"demonstration_id": row["id"]}
    shown = DemonstrationText(statement=SAID, file_ids=[hidden["id"]])
    act = write_demonstration(db, by.actor, **key, said=shown)
    await refused(db, city, row, PupilsStayInside, act)
    shown = DemonstrationText(statement=SAID, file_ids=[agreed["id"]])
    assert (await write_demonstration(db, by.actor, **key, said=shown))["file_ids"] == [
        agreed["id"]
    ]
