import asyncio
from datetime import date
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.accounts import AccountNotFound
from app.domain.access.grants import NewGrant, grant_role
from app.domain.access.roles import Role
from app.domain.credits.standings import get_standing
from app.domain.credits.summaries import get_credit_summary
from app.domain.errors import NotAllowed
from app.domain.organisation.committee_members import committee_members_of, list_committee_members
from app.domain.organisation.committees import (
    CommitteeDissolved,
    CommitteeKind,
    CommitteeNotFound,
    CommitteeOfBureau,
    CommitteeTermEmpty,
    Concern,
    LeadingGroupExists,
    NewCommittee,
    committees_by_id,
    committees_of,
    create_committee,
    dissolve_committee,
    get_committee,
    list_committees,
)
from app.domain.organisation.reorganisations import Closure, close_unit
from app.domain.organisation.units import Level, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import get_teacher, list_teachers
from app.domain.training.activities import ActivityState, get_activity
from app.domain.training.attendance import list_attendance
from app.request import Resources
from app.sql import Connection, Row
from tests.faces.rule import is_read
from tests.make import (
    NOW,
    TODAY,
    City,
    make_account,
    make_activity,
    make_city,
    make_unit,
    signed_in,
)
from tests.make_organisation import make_committee

PAGE = PageRequest(limit=100)


def new_committee(unit: Row, **changed: Any) -> NewCommittee:
    given = {
        "unit_id": unit["id"],
        "name": "校本研修工作领导小组",
        "kind": "leading_group",
        "concern": "research",
        "mandate": "行政驱动，多措并举；典型引路，分步实施",
        "document": "县教发〔2016〕12号",
    }
    return NewCommittee.model_validate(given | changed)


async def found_by(db: Connection, person: Any, **filters: Any) -> list[Any]:
    page = await list_committees(db, person.actor, page=PAGE, now=NOW, **filters)
    return [row["id"] for row in page.items]


async def test_a_county_and_a_school_set_up_their_own(db: Connection, city: City) -> None:
    made: Row = {}
    for person, unit in ((city.county_admin, city.county), (city.school_admin, city.school)):
        new = new_committee(unit, valid_to="2029-09-01")
        made = await create_committee(db, person.actor, new=new, now=NOW)
        assert made == {
            "id": made["id"],
            **new.model_dump(),
            "school_id": unit["school_id"],
            "county_id": unit["county_id"],
            "city_id": unit["city_id"],
            "valid_from": TODAY,
        }
        assert await get_committee(db, person.actor, committee_id=made["id"]) == made
    assert len(await found_by(db, city.county_admin)) == 2
    assert await found_by(db, city.school_admin) == [made["id"]]
    assert await found_by(db, city.city_admin, unit_id=city.school["id"]) == [made["id"]]
    assert await found_by(db, city.sibling_admin) == []
    assert await found_by(db, city.city_admin, as_of=date(2029, 9, 1)) == []
    assert await found_by(db, city.city_admin, concern=Concern.STAFFING) == []


async def test_a_committee_is_known_to_all_below_its_owner(db: Connection, city: City) -> None:
    row = await make_committee(db, city.county)
    key = row["id"]
    for person in (city.school_admin, city.teacher_account, city.city_admin):
        assert (await get_committee(db, person.actor, committee_id=key))["name"] == row["name"]
    with pytest.raises(CommitteeNotFound):
        await get_committee(db, city.other_county_admin.actor, committee_id=key)
    actor = city.school_admin.actor
    assert await committees_of(db, actor, unit_ids=[city.county["id"]]) == {city.county["id"]: []}
    assert (await committees_by_id(db, actor, committee_ids=[key]))[key] is not None
    assert len((await committee_members_of(db, actor, committee_ids=[key]))[key]) == 1


async def test_a_school_may_have_two_leading_groups_but_one_of_a_concern(
    db: Connection, city: City
) -> None:
    """A school's plan names two groups with different leaders; they are two when they differ in concern."""
    actor = city.school_admin.actor
    for concern in ("training", "staffing"):
        await create_committee(db, actor, new=new_committee(city.school, concern=concern), now=NOW)
    assert len(await found_by(db, city.school_admin)) == 2
    again = new_committee(city.school, concern="training", valid_from="2028-09-01")
    with pytest.raises(LeadingGroupExists):
        async with db.transaction():
            await create_committee(db, actor, new=again, now=NOW)
    working = new_committee(city.school, concern="training", kind="working_group")
    await create_committee(db, actor, new=working, now=NOW)
    elsewhere = new_committee(city.sibling, concern="training")
    await create_committee(db, city.sibling_admin.actor, new=elsewhere, now=NOW)
    assert len(await found_by(db, city.county_admin, kind=CommitteeKind.LEADING_GROUP)) == 3


async def test_two_leading_groups_set_up_at_once_are_one(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def set_up() -> Row:
        async with real_pool.transaction() as db:
            return await create_committee(
                db, city.school_admin.actor, new=new_committee(city.school), now=NOW
            )

    done = await asyncio.gather(*(set_up() for _ in range(4)), return_exceptions=True)
    refused = [type(each) for each in done if not isinstance(each, dict)]
    assert refused == [LeadingGroupExists] * 3
    async with real_pool.connection() as db:
        assert len(await found_by(db, city.school_admin)) == 1


@pytest.mark.parametrize(
    ("unit", "who", "changed", "refusal"),
    [("school", "county_admin", {"kind": "expert_committee"}, CommitteeOfBureau),
     ("county", "county_admin", {"valid_to": "2026-11-20"}, CommitteeTermEmpty),
     ("county", "school_admin", {}, NotAllowed),
     ("county", "auditor", {}, NotAllowed),
     ("other_county", "county_admin", {}, UnitNotFound)],
)  # fmt: skip
async def test_what_does_not_fit_is_refused(
    db: Connection, city: City, unit: str, who: str, changed: dict[str, Any],
    refusal: type[Exception],
) -> None:  # fmt: skip
    new = new_committee(getattr(city, unit), **changed)
    with pytest.raises(refusal):
        await create_committee(db, getattr(city, who).actor, new=new, now=NOW)
    assert await found_by(db, city.city_admin) == []


async def test_who_sat_in_a_dissolved_committee_can_still_be_told(
    db: Connection, city: City
) -> None:
    row = await make_committee(db, city.county, "张老师")
    key, actor = row["id"], city.county_admin.actor
    with pytest.raises(NotAllowed):
        await dissolve_committee(db, city.school_admin.actor, committee_id=key, now=NOW)
    ended = await dissolve_committee(db, actor, committee_id=key, now=NOW)
    assert ended["valid_to"] == TODAY
    assert await found_by(db, city.county_admin) == []
    assert await list_committee_members(db, actor, committee_id=key, as_of=TODAY) == []
    before = await list_committee_members(db, actor, committee_id=key, as_of=date(2026, 11, 19))
    assert [row["name"] for row in before] == [None, "张老师"]
    with pytest.raises(CommitteeDissolved):
        await dissolve_committee(db, actor, committee_id=key, now=NOW)
    leading = await create_committee(db, actor, new=new_committee(city.county), now=NOW)
    await dissolve_committee(db, actor, committee_id=leading["id"], now=NOW)
    await create_committee(db, actor, new=new_committee(city.county), now=NOW)


async def test_a_closed_unit_has_no_committee(db: Connection, city: City) -> None:
    empty = await make_unit(db, "甲县教学点", Level.SCHOOL, city.county)
    await make_committee(db, empty, valid_to=date(2099, 9, 1))
    closure = Closure.model_validate({})
    await close_unit(db, city.county_admin.actor, unit_id=empty["id"], closure=closure, now=NOW)
    assert await found_by(db, city.county_admin) == []
    assert len(await found_by(db, city.county_admin, as_of=date(2026, 11, 19))) == 1


async def test_experts_read_training_everywhere_and_nobodys_data(
    db: Connection, city: City
) -> None:
    """岳市教发〔2013〕18号 第十六条: the city's experts guide; they neither see nor decide on persons.

    When they are appointed they judge what a school has applied for.
    """
    committee = await make_committee(db, city.city, kind=CommitteeKind.EXPERT_COMMITTEE)
    expert = (await make_account(db, "expert", Role.EXPERT, city.city)).actor
    assert (await get_committee(db, expert, committee_id=committee["id"]))["unit_id"] == (
        city.city["id"]
    )
    draft = await make_activity(db, city.far_school, city.city_admin, state=ActivityState.DRAFT)
    assert await get_activity(db, expert, activity_id=draft["id"])
    assert await get_credit_summary(db, expert, unit_id=city.far_school["id"])
    for refused in (
        list_teachers(db, expert, page=PAGE),
        get_teacher(db, expert, teacher_id=city.teacher["id"]),
        get_standing(db, expert, teacher_id=city.teacher["id"], now=NOW),
        list_attendance(db, expert, activity_id=draft["id"], page=PAGE),
    ):
        with pytest.raises(NotAllowed):
            await refused
    verbs = {each.value for each in expert.grants[0].permissions if not is_read(each)}
    assert verbs == {"guidance:appraise", "guidance:guide"}


async def test_who_guides_the_city_makes_experts_and_no_county_does(
    db: Connection, city: City
) -> None:
    holder = await make_account(db, "scholar", Role.AUDITOR, city.city)
    new = NewGrant(role=Role.EXPERT, subject_id=city.city["id"])
    with pytest.raises(AccountNotFound):
        await grant_role(
            db, city.county_admin.actor, account_id=holder.actor.account_id, new=new, now=NOW
        )
    await grant_role(
        db, city.city_admin.actor, account_id=holder.actor.account_id, new=new, now=NOW
    )
    grants = (await signed_in(db, holder)).grants
    assert {grant.role for grant in grants} == {Role.AUDITOR, Role.EXPERT}
