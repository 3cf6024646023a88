from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.credits.claims import get_claim_award
from app.domain.errors import NotAllowed, NotFound
from app.domain.learning.self_studies import (
    FULL_HOURS,
    MilestonesOpen,
    SelfStudyChanges,
    SelfStudyDaysDisagree,
    SelfStudyEnd,
    SelfStudyHoursBeyondDays,
    SelfStudyHoursDisagree,
    SelfStudyNotFound,
    SelfStudyOfOneself,
    SelfStudyWrongState,
    end_self_study,
    get_self_study,
    list_self_studies,
    milestones_of,
    self_studies_by_id,
    update_self_study,
)
from app.domain.paging import PageRequest
from app.domain.training.evidence.orphans import UNATTACHED, forget_unattached_files
from app.sql import Connection, Row
from tests import make_self_studies as making
from tests.domain.credits.making import make_pack
from tests.make import NOW, City, Person, make_account
from tests.make_claims import make_claim
from tests.make_evidence import make_file

PAGE = PageRequest(limit=100)


async def change(db: Connection, person: Person, study: Row, **values: Any) -> Row:
    changes = SelfStudyChanges.model_validate(values)
    return await update_self_study(db, person.actor, study_id=study["id"], changes=changes)


async def end(db: Connection, person: Person, study: Row) -> Row:
    given_up = SelfStudyEnd(reason="本人调整岗位")
    return await end_self_study(db, person.actor, study_id=study["id"], end=given_up, now=NOW)


async def test_its_days_can_hold_its_hours(db: Connection, city: City) -> None:
    """180 hours are not studied in two days; in fifteen they can be."""
    own, last = city.teacher_account, NOW.date() + timedelta(days=1)
    milestones = [{"title": "文献综述", "hours": "180", "due_on": last}]
    days = {"starts_on": NOW.date(), "ends_on": last}
    study = await making.make_study(db, own, city.teacher)
    await change(db, own, study, **days, milestones=milestones)
    with pytest.raises(SelfStudyHoursBeyondDays) as refused:
        await making.submit(db, own, study)
    assert (refused.value.details["days"], refused.value.details["hours"]) == (2, "180.00")
    assert (await get_self_study(db, own.actor, study_id=study["id"]))["state"] == "draft"
    await change(db, own, study, ends_on=NOW.date() + timedelta(days=14))
    assert (await making.submit(db, own, study))["state"] == "submitted"


async def test_a_self_study_from_its_plan_to_its_conclusion(db: Connection, city: City) -> None:
    """以教育研究为主的个性化自主学习课程180学时: R98."""
    own = city.teacher_account
    study = await making.make_study(db, own, city.teacher)
    assert (study["state"], study["hours"], study["done_hours"]) == ("draft", FULL_HOURS, 0)
    assert (await making.submit(db, own, study))["state"] == "submitted"
    returned = await making.decide(db, city.school_admin, study, agreed=False)
    assert (returned["state"], returned["opinion"]) == ("returned", "计划可行")
    await change(db, own, study, title="语文提问策略研究")
    await making.submit(db, own, study)
    assert (await making.decide(db, city.school_admin, study))["state"] == "agreed"
    first, second = await making.milestones_of(db, own, study)
    file = await make_file(db, city.school, own, city.teacher)
    done = await making.report_milestone(db, own, first, file_id=file["id"])
    assert (done["report"], done["file_id"]) == (making.REPORT, file["id"])
    under_way = await get_self_study(db, own.actor, study_id=study["id"])
    assert under_way["done_hours"] == 60
    with pytest.raises(MilestonesOpen) as refused:
        await making.report(db, own, study)
    assert refused.value.details == {"milestones": 1}
    await making.report_milestone(db, own, second)
    assert (await making.report(db, own, study))["state"] == "reported"
    back = await making.decide(db, city.school_admin, study, agreed=False)
    assert (back["state"], back["concluded_on"]) == ("agreed", None)
    await making.report(db, own, study)
    concluded = await making.decide(db, city.school_admin, study)
    assert (concluded["state"], str(concluded["concluded_on"])) == ("concluded", "2026-11-20")
    with pytest.raises(SelfStudyWrongState):
        await end(db, own, study)


async def test_what_was_concluded_is_claimed_as_self_directed_study(
    db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    study = await making.make_reported(db, city)
    concluded = await making.decide(db, city.school_admin, study)
    evidence = {"kind": "paper", "title": "结题报告", "text": concluded["conclusion"]}
    claim = await make_claim(
        db, city.teacher_account, title=concluded["title"], mode="self_directed",
        hours=str(concluded["hours"]), earned_on=concluded["concluded_on"],
        content=concluded["content"], evidence=[evidence],
    )  # fmt: skip
    award = await get_claim_award(db, city.teacher_account.actor, claim_id=claim["id"], now=NOW)
    assert Decimal(award["hours"]) > 0


async def test_milestones_add_up_within_the_days(db: Connection, city: City) -> None:
    own = city.teacher_account
    study = await making.make_study(db, own, city.teacher, hours="200")
    with pytest.raises(SelfStudyHoursDisagree) as refused:
        await making.submit(db, own, study)
    assert refused.value.details == {"milestones": "180.00", "hours": "200.00"}
    late = [{"title": "课例研究", "hours": "200", "due_on": "2027-07-01"}]
    await change(db, own, study, milestones=late)
    with pytest.raises(SelfStudyDaysDisagree):
        await making.submit(db, own, study)
    with pytest.raises(SelfStudyDaysDisagree):
        await change(db, own, study, ends_on="2026-08-31")
    after = await get_self_study(db, own.actor, study_id=study["id"])
    assert (after["state"], len(await making.milestones_of(db, own, study))) == ("draft", 1)


async def test_nobody_decides_on_their_own(db: Connection, city: City) -> None:
    study = await making.make_study(db, city.school_admin, city.teacher)
    await making.submit(db, city.school_admin, study)
    with pytest.raises(NotAllowed):
        await making.decide(db, city.teacher_account, study)
    with pytest.raises(SelfStudyOfOneself):
        await making.decide(db, city.school_admin, study)
    assert (await making.decide(db, city.county_admin, study))["state"] == "agreed"


async def test_it_is_the_teacher_s_and_the_school_s(db: Connection, city: City) -> None:
    study = await making.make_agreed(db, city)
    for person in (city.colleague_account, city.sibling_admin):
        with pytest.raises(SelfStudyNotFound):
            await get_self_study(db, person.actor, study_id=study["id"])
        found = await self_studies_by_id(db, person.actor, study_ids=[study["id"]])
        assert found == {study["id"]: None}
    page = await list_self_studies(
        db, city.county_admin.actor, page=PAGE, school_id=city.school["id"], state=study["state"]
    )
    assert [row["id"] for row in page.items] == [study["id"]]
    of_many = await milestones_of(db, city.school_admin.actor, study_ids=[study["id"]])
    assert [row["ordinal"] for row in of_many[study["id"]]] == [1, 2]
    with pytest.raises(NotFound):
        await making.make_study(db, city.teacher_account, city.sibling_teacher)


async def test_what_was_agreed_to_stands_and_what_is_given_up_is_over(
    db: Connection, city: City
) -> None:
    study = await making.make_agreed(db, city)
    with pytest.raises(SelfStudyWrongState):
        await change(db, city.teacher_account, study, title="另一个题目")
    ended = await end(db, city.teacher_account, study)
    assert (ended["state"], ended["ended_because"]) == ("ended", "本人调整岗位")
    [first, _] = await making.milestones_of(db, city.teacher_account, study)
    with pytest.raises(SelfStudyWrongState):
        await making.report_milestone(db, city.teacher_account, first)


async def test_only_a_file_that_one_sees_shows_it_and_it_is_kept(
    db: Connection, city: City
) -> None:
    study = await making.make_agreed(db, city)
    [first, second] = await making.milestones_of(db, city.teacher_account, study)
    elsewhere = await make_file(db, city.far_school, city.city_admin)
    with pytest.raises(NotFound):
        await making.report_milestone(db, city.teacher_account, first, file_id=elsewhere["id"])
    own = await make_file(db, city.school, city.teacher_account, city.teacher)
    await making.report_milestone(db, city.teacher_account, second, file_id=own["id"])
    later = NOW + UNATTACHED + timedelta(days=1)
    assert await forget_unattached_files(db, now=later) == 1
    assert await db._driver.fetchval("SELECT count(*) FROM file") == 1


async def test_neither_the_delegate_who_submitted_it_nor_the_granter_decides(
    db: Connection, city: City
) -> None:
    other = await make_account(db, "school.second", Role.SCHOOL_ADMIN, city.school)
    granter, delegate = city.school_admin.actor, other.actor
    acting = replace(delegate, on_behalf_of=granter.account_id)
    study = await making.make_study(db, city.school_admin, city.teacher)
    await making.submit(db, Person(acting, "delegate"), study)
    for actor in (granter, delegate, acting):
        with pytest.raises(SelfStudyOfOneself):
            await making.decide(db, Person(actor, "own"), study)
    assert (await making.decide(db, city.county_admin, study))["state"] == "agreed"
