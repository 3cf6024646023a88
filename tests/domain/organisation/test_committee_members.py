from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.accounts import AccountNotFound
from app.domain.access.subjects import SubjectNotFound
from app.domain.errors import NotAllowed
from app.domain.organisation.committee_members import (
    CommitteeHasChair,
    CommitteeMemberElsewhere,
    CommitteeMemberEnd,
    CommitteeMemberExists,
    CommitteeMemberNotFound,
    NewCommitteeMember,
    SeatOutsideTerm,
    committee_members_of,
    list_committee_members,
    seat_committee_member,
    unseat_committee_member,
)
from app.domain.organisation.committees import CommitteeDissolved, CommitteeNotFound
from app.domain.organisation.facts import DayInFuture, FactEnded, FactNotLater
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person
from tests.make_organisation import make_committee

LATER = NOW + timedelta(minutes=5)


async def seat(db: Connection, person: Person, committee: Row, **given: Any) -> Row:
    new = NewCommitteeMember.model_validate({"duty": "member", **given})
    return await seat_committee_member(
        db, person.actor, committee_id=committee["id"], new=new, now=NOW
    )


async def seats(db: Connection, person: Person, committee: Row, **when: Any) -> list[Any]:
    rows = await list_committee_members(db, person.actor, committee_id=committee["id"], **when)
    return [(row["duty"], row["post"], row["name"]) for row in rows]


async def test_the_leading_group_of_a_report_is_kept_as_it_names_it(
    db: Connection, city: City
) -> None:
    """以局长为组长，主管副局长为副组长……: a seat goes with a post, and its holder may be named."""
    group, admin = await make_committee(db, city.county), city.county_admin
    await unseat_committee_member(
        db, admin.actor, member_id=group["chair"]["id"], end=CommitteeMemberEnd(), now=NOW
    )
    for given in (
        {"post": "教育股长"},
        {"duty": "deputy", "post": "主管副局长", "account_id": admin.actor.account_id},
        {"duty": "chair", "post": "局长"},
        {"teacher_id": city.teacher["id"]},
        {"expert_name": "王教授", "expert_unit": "示例师范大学"},
        {"duty": "secretary", "post": "教研室主任"},
    ):
        await seat(db, admin, group, **given)
    assert await seats(db, city.school_admin, group) == [
        ("chair", "局长", None),
        ("deputy", "主管副局长", "county.admin"),
        ("member", "教育股长", None),
        ("member", None, "测试甲"),
        ("member", None, "王教授"),
        ("secretary", "教研室主任", None),
    ]


async def test_a_schools_group_has_its_managing_directors(db: Connection, city: City) -> None:
    group, admin = await make_committee(db, city.school), city.school_admin
    for duty, teacher in (("deputy", city.teacher), ("managing_director", city.colleague)):
        await seat(db, admin, group, duty=duty, teacher_id=teacher["id"])
    before = db.statements
    found = await committee_members_of(db, admin.actor, committee_ids=[group["id"]])
    assert db.statements - before == 1
    assert [row["duty"] for row in found[group["id"]]] == ["chair", "deputy", "managing_director"]


async def test_a_change_of_membership_keeps_history(db: Connection, city: City) -> None:
    group, admin = await make_committee(db, city.school), city.school_admin
    chair = group["chair"]["id"]
    on = date(2026, 11, 10)
    with pytest.raises(CommitteeHasChair):
        async with db.transaction():
            await seat(db, admin, group, duty="chair", teacher_id=city.teacher["id"])
    ended = await unseat_committee_member(
        db, admin.actor, member_id=chair, end=CommitteeMemberEnd(on=on), now=LATER
    )
    assert ended["valid_to"] == on
    await seat(db, admin, group, duty="chair", teacher_id=city.teacher["id"], valid_from=on)
    assert await seats(db, admin, group) == [("chair", None, "测试甲")]
    assert await seats(db, admin, group, as_of=date(2026, 11, 9)) == [("chair", "教研室主任", None)]
    with pytest.raises(FactEnded):
        await unseat_committee_member(
            db, admin.actor, member_id=chair, end=CommitteeMemberEnd(), now=LATER
        )
    believed = await seats(db, admin, group, as_of=on, known_on=date(2026, 11, 19))
    assert believed == [], "nothing was recorded by then"


async def test_nobody_sits_twice(db: Connection, city: City) -> None:
    group, admin = await make_committee(db, city.school), city.school_admin
    account = {"account_id": admin.actor.account_id}
    for given in ({"teacher_id": city.teacher["id"]}, account):
        held = await seat(db, admin, group, valid_from="2026-10-01", **given)
        with pytest.raises(CommitteeMemberExists):
            async with db.transaction():
                await seat(db, admin, group, duty="deputy", **given)
        await unseat_committee_member(
            db, admin.actor, member_id=held["id"], end=CommitteeMemberEnd(), now=NOW
        )
        await seat(db, admin, group, duty="deputy", **given)
    assert len(await seats(db, admin, group)) == 3


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"teacher": "sibling_teacher"}, SubjectNotFound),
     ({"account": "county_admin"}, AccountNotFound),
     ({"post": "校长", "valid_from": "2019-09-01"}, SeatOutsideTerm),
     ({"post": "校长", "valid_to": "2026-11-20"}, SeatOutsideTerm),
     ({"post": "校长", "valid_to": "2031-09-01"}, SeatOutsideTerm),
     ({"post": "校长", "valid_from": "2026-11-21"}, DayInFuture)],
)  # fmt: skip
async def test_what_does_not_fit_is_refused(
    db: Connection, city: City, given: dict[str, Any], refusal: type[Exception]
) -> None:
    group = await make_committee(db, city.school, valid_to=date(2030, 9, 1))
    given = dict(given)
    if "teacher" in given:
        given["teacher_id"] = getattr(city, given.pop("teacher"))["id"]
    if "account" in given:
        given["account_id"] = getattr(city, given.pop("account")).actor.account_id
    with pytest.raises(refusal):
        await seat(db, city.school_admin, group, **given)
    assert len(await seats(db, city.school_admin, group)) == 1


async def test_a_seat_ends_with_the_term_unless_it_ends_before(db: Connection, city: City) -> None:
    group = await make_committee(db, city.county, valid_to=date(2030, 9, 1))
    row = await seat(db, city.county_admin, group, post="股长")
    assert (row["valid_from"], row["valid_to"]) == (TODAY, date(2030, 9, 1))
    with pytest.raises(CommitteeMemberElsewhere):
        await seat(db, city.city_admin, group, account_id=city.city_admin.actor.account_id)
    with pytest.raises(CommitteeMemberElsewhere):
        await seat(db, city.city_admin, group, teacher_id=city.far_teacher["id"])
    over = await make_committee(db, city.county, valid_to=TODAY)
    with pytest.raises(CommitteeDissolved):
        await seat(db, city.county_admin, over, post="股长")


@pytest.mark.parametrize(
    "given",
    [{}, {"expert_unit": "大学", "post": "顾问"}, {"expert_name": "甲", "teacher_id": True},
     {"account_id": True, "teacher_id": True}],
)  # fmt: skip
def test_a_seat_is_one_persons_or_a_posts(given: dict[str, Any]) -> None:
    key = "01890000-0000-7000-8000-000000000000"
    named = {name: key if value is True else value for name, value in given.items()}
    with pytest.raises(ValidationError):
        NewCommitteeMember.model_validate({"duty": "member", **named})


async def test_who_may_not_change_it_changes_nothing(db: Connection, city: City) -> None:
    group = await make_committee(db, city.county)
    key = group["chair"]["id"]
    for person, refusals in (
        (city.school_admin, (NotAllowed, NotAllowed)),
        (city.other_county_admin, (CommitteeNotFound, CommitteeMemberNotFound)),
    ):
        with pytest.raises(refusals[0]):
            await seat(db, person, group, post="顾问")
        with pytest.raises(refusals[1]):
            await unseat_committee_member(
                db, person.actor, member_id=key, end=CommitteeMemberEnd(), now=NOW
            )
    for on, refusal in ((date(2019, 1, 1), FactNotLater), (date(2027, 1, 1), DayInFuture)):
        with pytest.raises(refusal):
            await unseat_committee_member(
                db, city.county_admin.actor, member_id=key, end=CommitteeMemberEnd(on=on), now=NOW
            )
    assert len(await seats(db, city.county_admin, group)) == 1


async def test_the_application_cannot_rewrite_who_sat(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await make_committee(db, city.county)
    for statement in ("UPDATE committee_member SET post = 'x'", "DELETE FROM committee_member"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(statement)
