"""Mergers of two records: who agrees, what follows table by table, what the ledgers say, what is refused."""

from datetime import date
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError
from sqlmodel import SQLModel

from app.database.migrations import all_tables
from app.domain.access.administrators import LastAdministrator
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Permission, Role
from app.domain.credits.person_mergers import (
    MergedAccountAbove,
    MergerNotOpen,
    MergerOpen,
    MergerPersonUnknown,
    MergerRefusal,
    MergerWaits,
    NewPersonMerger,
    OtherAdministratorAccepts,
    PersonMergerNotFound,
    decline_person_merger,
    get_person_merger,
    list_person_mergers,
    propose_person_merger,
)
from app.domain.credits.person_mergers.lots import DATED, MOVED, STAYING
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.verification import verify_ledger
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.duplicates import list_duplicates
from app.domain.people.facts.merits import HONOUR
from app.domain.people.personal_data import NumberSought, find_teachers
from app.domain.people.search import search_teachers
from app.domain.people.strata import list_strata
from app.domain.people.teachers import (
    TeacherExists,
    TeacherMerged,
    TeacherNotFound,
    get_teacher,
    list_teachers,
)
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.enrolments import Enrolment
from app.request import Resources
from app.sql import Connection, new_id
from tests.domain.credits.making import attend, make_closed_activity, make_pack, make_recognised
from tests.make import (
    NOW,
    TODAY,
    City,
    make_account,
    make_activity,
    make_fact,
    make_group,
    make_note,
    signed_in,
)
from tests.make_people import by_key, by_number, enter_person, make_goal, make_pair, propose
from tests.make_programmes import (
    agree,
    make_cohort,
    make_member,
    make_programme,
    make_twins,
    merge_twins,
    propose_twins,
)

ALL = PageRequest(limit=100)
NO = MergerRefusal(opinion="经核对不是同一人")


async def rows(driver: asyncpg.Connection, sql: str, *given: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await driver.fetch(sql, *given)]


STANDING = (
    "SELECT pack_id, cycle_start, entries, earned_hours, earned_credits, counted_hours,"
    " counted_credits, verdict, missing FROM standing WHERE teacher_id = $1 ORDER BY cycle_start"
)
IN_FORCE = (
    "SELECT kind, source_id, credits FROM credit_entry e WHERE teacher_id = $1"
    " AND kind <> 'reverse' AND NOT EXISTS"
    " (SELECT FROM credit_entry r WHERE r.reverses_id = e.id) ORDER BY sequence"
)


async def test_credit_becomes_what_the_rules_give_for_all_of_it(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    peer = await enter_person(db, city, resources, name="王大力", id_number="E00000003")
    await make_pack(db, city.city)
    admin, ethics = city.city_admin, ["ethics"]
    both = await make_recognised(db, city.city, admin, [one, other, peer], content=ethics)
    kept = await make_recognised(db, city.city, admin, [one, peer], hours="20.00", content=ethics)
    moved = await make_recognised(
        db, city.city, admin, [other, peer], hours="30.00", on=date(2026, 4, 1), content=ethics
    )
    earlier = await make_recognised(
        db, city.city, admin, [other, peer], hours="7.00", on=date(2024, 4, 1), content=ethics
    )
    done = await merge_twins(db, resources, admin, one, other)
    assert (done["state"], done["carried_over"], done["struck"]) == ("merged", 2, 1)
    assert await rows(driver, STANDING, one["id"]) == await rows(driver, STANDING, peer["id"])
    assert await rows(driver, STANDING, other["id"]) == []
    assert await rows(driver, IN_FORCE, other["id"]) == []
    assert [entry[:2] for entry in await rows(driver, IN_FORCE, one["id"])] == [
        ("earn", both["id"]), ("earn", kept["id"]), ("transfer_in", moved["id"]),
        ("transfer_in", earlier["id"]),
    ]  # fmt: skip
    found = await verify_ledger(db)
    assert found.finding is None
    said = await rows(
        driver,
        "SELECT source_id, reason FROM credit_entry WHERE teacher_id = $1 AND kind = 'reverse'"
        " ORDER BY sequence",
        other["id"],
    )
    assert ["只冲销不转入" in reason for _, reason in said] == [True, False, False]
    assert all(str(one["id"]) in reason for _, reason in said)
    # Nothing of it is recognised twice, and what was attended counts for the one that stays.
    for activity in (both, moved):
        again = await recognise_activity(db, admin.actor, activity_id=activity["id"], now=NOW)
        assert (again["entered"], again["not_qualified"]) == (0, 0)


async def test_a_source_that_was_reversed_once_is_carried_over_as_the_next_attempt(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    await make_recognised(db, city.city, city.city_admin, [one, other])
    [[struck]] = await rows(driver, "SELECT id FROM credit_entry WHERE teacher_id = $1", one["id"])
    new = NewReversal(reason="误认定")
    await reverse_entry(db, city.city_admin.actor, entry_id=struck, new=new, now=NOW)
    await merge_twins(db, resources, city.city_admin, one, other)
    found = await rows(
        driver,
        "SELECT kind, attempt FROM credit_entry WHERE teacher_id = $1 AND kind <> 'reverse'"
        " ORDER BY sequence",
        one["id"],
    )
    assert found == [("earn", 1), ("transfer_in", 2)]
    assert (await verify_ledger(db)).finding is None


async def test_the_other_record_says_which_it_is_and_is_counted_nowhere(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources, "school")
    register = "SELECT teachers FROM school_register WHERE school_id = $1"
    [[before]] = await rows(driver, register, city.school["id"])
    strata = await list_strata(db, city.school_admin.actor, unit_id=city.school["id"], now=NOW)
    await merge_twins(db, resources, city.county_admin, one, other)
    with pytest.raises(TeacherMerged) as merged:
        await get_teacher(db, city.school_admin.actor, teacher_id=other["id"])
    assert merged.value.details == {"merged_into": str(one["id"])}
    with pytest.raises(TeacherNotFound):
        await get_teacher(db, city.sibling_admin.actor, teacher_id=other["id"])
    listed = await list_teachers(db, city.school_admin.actor, page=ALL)
    assert other["id"] not in {row["id"] for row in listed.items}
    assert await search_teachers(db, city.school_admin.actor, q="单晓红") == [
        await get_teacher(db, city.school_admin.actor, teacher_id=one["id"])
    ]
    assert await rows(driver, register, city.school["id"]) == [(before - 1,)]
    fewer = await list_strata(db, city.school_admin.actor, unit_id=city.school["id"], now=NOW)
    assert [row["stratum"] for row in strata] == [row["stratum"] for row in fewer]
    assert sum(row["teachers"] for row in fewer) < sum(row["teachers"] for row in strata)
    assert not await list_duplicates(db, city.city_admin.actor, unit_id=city.city["id"])


@pytest.mark.parametrize("number", ["E12345678", "E87654321"])
async def test_either_number_finds_the_one_that_stays(
    db: Connection, city: City, resources: Resources, number: str
) -> None:
    one, other = await make_twins(db, city, resources)
    await merge_twins(db, resources, city.city_admin, one, other)
    sought = NumberSought.model_validate({"id_number": number, "reason": "核对人事档案"})
    found = await find_teachers(
        db, city.city_admin.actor, sought=sought, cipher=resources.cipher, now=NOW
    )
    assert [row["id"] for row in found] == [one["id"]]
    with pytest.raises(TeacherExists):
        async with db.transaction():
            await enter_person(db, city, resources, "sibling", id_number=number)
    transfer = await propose(db, resources, city.sibling_admin, by_number(city.sibling, number))
    assert transfer["teacher_id"] == one["id"]


async def test_whoever_was_merged_before_is_found_under_the_last(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    third = await enter_person(db, city, resources, "sibling", id_number="E00000009")
    await merge_twins(db, resources, city.city_admin, one, other)
    await merge_twins(db, resources, city.city_admin, third, one)
    with pytest.raises(TeacherMerged) as merged:
        await get_teacher(db, city.city_admin.actor, teacher_id=other["id"])
    assert merged.value.details == {"merged_into": str(third["id"])}


async def test_what_the_person_did_goes_along(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    admin = city.city_admin
    closed = await make_closed_activity(db, city.city, admin)
    shared = await make_closed_activity(db, city.city, admin)
    await attend(db, closed, [other])
    await attend(db, shared, [one], status=AttendanceStatus.ABSENT)
    await attend(db, shared, [other])
    await make_note(db, closed, other)
    await make_goal(db, other)
    planned = await make_activity(db, city.city, admin)
    place = {name: other[name] for name in ("city_id", "county_id", "school_id")}
    enrolled = {"activity_id": planned["id"], "teacher_id": other["id"], **place}
    await db.insert(Enrolment, {"id": new_id(), **enrolled, "enrolled_at": NOW})
    cohort = await make_cohort(db, await make_programme(db, city.city))
    await make_member(db, cohort, other, admin)
    await merge_twins(db, resources, admin, one, other)
    here = (one["id"], city.school["id"], city.county["id"])
    for table in ("note", "goal", "enrolment", "cohort_member"):
        query = f"SELECT teacher_id, school_id, county_id FROM {table}"  # noqa: S608  our own names
        assert await rows(driver, query) == [here], table
    found = await rows(
        driver, "SELECT activity_id, status FROM attendance WHERE teacher_id = $1", one["id"]
    )
    assert sorted(found) == sorted([(closed["id"], "present"), (shared["id"], "present")])
    left = await rows(
        driver, "SELECT activity_id FROM attendance WHERE teacher_id = $1", other["id"]
    )
    assert left == [(shared["id"],)], "what both have stays there as history"


async def test_one_place_is_kept_of_an_activity_in_which_both_are_enrolled(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    planned = await make_activity(db, city.city, city.city_admin)
    for teacher, withdrawn in ((one, NOW), (other, None)):
        place = {name: teacher[name] for name in ("city_id", "county_id", "school_id")}
        row = {"id": new_id(), "activity_id": planned["id"], "teacher_id": teacher["id"], **place}
        await db.insert(Enrolment, {**row, "enrolled_at": NOW, "withdrawn_at": withdrawn})
    await merge_twins(db, resources, city.city_admin, one, other)
    found = await rows(driver, "SELECT teacher_id, withdrawn_at IS NULL FROM enrolment")
    assert sorted(found) == sorted([(one["id"], True), (other["id"], False)])


async def test_facts_go_along_where_the_other_record_says_nothing_else(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    title = {
        "honour": "backbone_teacher",
        "level": "county",
        "title": "县骨干教师",
        "issuer": "县局",
    }
    await make_fact(db, other, HONOUR, **title)
    await make_fact(db, one, HONOUR, **title | {"title": "市骨干教师", "level": "city"})
    inside = await make_group(db, city.city, other, name="市名师组")
    outside = await make_group(db, city.far_school, other)
    await make_pair(db, city.far_school, other, city.far_teacher)
    await merge_twins(db, resources, city.city_admin, one, other)
    believed = "SELECT title FROM teacher_honour WHERE teacher_id = $1 AND superseded_at IS NULL"
    assert sorted(await rows(driver, believed, one["id"])) == [("县骨干教师",), ("市骨干教师",)]
    assert await rows(driver, believed, other["id"]) == []
    posts = "SELECT school_id, valid_to FROM teacher_post WHERE teacher_id = $1 AND superseded_at IS NULL"
    assert sorted(await rows(driver, posts, one["id"]), key=str) == sorted(
        [(city.school["id"], None), (city.far_school["id"], TODAY)], key=str
    )
    groups = "SELECT group_id, valid_to FROM group_member WHERE teacher_id = $1 AND superseded_at IS NULL"
    assert sorted(await rows(driver, groups, one["id"]), key=str) == sorted(
        [(inside["id"], None), (outside["id"], TODAY)], key=str
    )
    assert await rows(driver, "SELECT ended_on FROM peer_pair") == [(TODAY,)]
    relations = (
        "SELECT teacher_id, valid_to FROM employment"
        " WHERE superseded_at IS NULL AND teacher_id = ANY($1)"
    )
    assert await rows(driver, relations, [one["id"], other["id"]]) == [(one["id"], None)]


async def test_the_account_of_the_other_record_ends(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    account = await make_account(db, "twin", Role.TEACHER, other)
    await merge_twins(db, resources, city.city_admin, one, other)
    assert (await signed_in(db, account)).grants == ()
    suspended = await db._driver.fetchval(
        "SELECT suspended_at FROM account WHERE name = $1", account.name
    )
    assert suspended == NOW


async def test_the_last_administrator_is_not_merged_away(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    account = await make_account(db, "twin", Role.TEACHER, other)
    grant = {"account_id": account.actor.account_id, "role": "school_admin", "subject": "unit"}
    await db.insert(
        RoleGrant,
        {"id": new_id(), **grant, "subject_id": city.far_school["id"], "valid_from": TODAY},
    )
    merger = await propose_twins(db, resources, city.city_admin, one, other)
    with pytest.raises(LastAdministrator):
        async with db.transaction():
            await agree(db, city.city_admin, merger)
    assert (await get_teacher(db, city.city_admin.actor, teacher_id=other["id"]))["id"]


async def test_a_role_above_the_one_who_agrees_is_not_ended_with_the_account(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    account = await make_account(db, "twin", Role.TEACHER, other)
    held = {"account_id": account.actor.account_id, "role": "city_admin", "subject": "unit"}
    await db.insert(
        RoleGrant, {"id": new_id(), **held, "subject_id": city.city["id"], "valid_from": TODAY}
    )
    merger = await propose_twins(db, resources, city.city_admin, one, other)
    with pytest.raises(MergedAccountAbove, match="city_admin"):
        async with db.transaction():
            await agree(db, city.other_county_admin, merger)
    assert (await signed_in(db, account)).allows(Permission.PACK_PUBLISH), "nothing has changed"
    await agree(db, city.city_admin, merger)
    assert (await signed_in(db, account)).grants == ()


async def test_two_sides_agree(db: Connection, city: City, resources: Resources) -> None:
    one, other = await make_twins(db, city, resources)
    new = NewPersonMerger.model_validate(
        {
            "survivor_id": one["id"], "id_kind": "passport", "id_number": "E87654321",
            "reason": "本人说明在两校登记", "confirmed": True,
        }
    )  # fmt: skip
    merger = await propose_person_merger(
        db, city.school_admin.actor, new=new, cipher=resources.cipher, now=NOW
    )
    assert (merger["merged_id"], merger["proposed_for"]) == (other["id"], "survivor")
    for who in (city.school_admin, city.county_admin):
        with pytest.raises(OtherAdministratorAccepts):
            await agree(db, who, merger)
    with pytest.raises(PersonMergerNotFound):
        await agree(db, city.sibling_admin, merger)
    with pytest.raises(NotAllowed):
        await agree(db, city.auditor, merger)
    done = await agree(db, city.other_county_admin, merger)
    assert (done["state"], done["carried_over"], done["struck"]) == ("merged", 0, 0)
    seen = await get_person_merger(db, city.auditor.actor, merger_id=merger["id"])
    assert seen == done
    page = await list_person_mergers(db, city.county_admin.actor, page=ALL)
    assert page.items == [done]


async def test_within_one_school_somebody_else_agrees(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources, "school")
    merger = await propose_twins(db, resources, city.school_admin, one, other)
    with pytest.raises(OtherAdministratorAccepts):
        await agree(db, city.school_admin, merger)
    colleague = await make_account(db, "second", Role.SCHOOL_ADMIN, city.school)
    assert (await agree(db, colleague, merger))["state"] == "merged"


async def test_what_was_answered_is_answered(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    first = await propose_twins(db, resources, city.city_admin, one, other)
    with pytest.raises(MergerOpen):
        async with db.transaction():
            await propose_twins(db, resources, city.city_admin, city.teacher, other)
    no = await decline_person_merger(
        db, city.county_admin.actor, merger_id=first["id"], refusal=NO, now=NOW
    )
    assert (no["state"], no["decided_by"]) == ("declined", city.county_admin.actor.account_id)
    with pytest.raises(MergerNotOpen):
        await agree(db, city.city_admin, first)
    second = await propose_twins(db, resources, city.city_admin, one, other)
    back = await decline_person_merger(
        db, city.city_admin.actor, merger_id=second["id"], refusal=NO, now=NOW
    )
    assert back["state"] == "withdrawn"
    await merge_twins(db, resources, city.city_admin, one, other)
    with pytest.raises(TeacherMerged):
        await propose_twins(db, resources, city.city_admin, city.teacher, other)


async def test_a_record_that_has_become_another_is_not_merged_again(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    there = await propose_twins(db, resources, city.city_admin, one, other)
    back = await propose_twins(db, resources, city.city_admin, other, one)
    await agree(db, city.city_admin, there)
    with pytest.raises(TeacherMerged):
        await agree(db, city.city_admin, back)


async def test_what_is_under_way_is_settled_first(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    await propose(db, resources, city.city_admin, by_key(other, city.sibling))
    merger = await propose_twins(db, resources, city.city_admin, one, other)
    with pytest.raises(MergerWaits) as waits:
        await agree(db, city.city_admin, merger)
    assert waits.value.details["what"] == "transfer"


async def test_a_number_names_somebody_else(
    db: Connection, city: City, resources: Resources
) -> None:
    one, _ = await make_twins(db, city, resources)
    for number in ("E12345678", "E55555555"):
        new = NewPersonMerger.model_validate(
            {
                "survivor_id": one["id"], "id_kind": "passport", "id_number": number,
                "reason": "本人说明在两校登记", "confirmed": True,
            }
        )  # fmt: skip
        with pytest.raises(MergerPersonUnknown):
            await propose_person_merger(
                db, city.school_admin.actor, new=new, cipher=resources.cipher, now=NOW
            )


@pytest.mark.parametrize(
    "given",
    [
        {"confirmed": False},
        {"merged_id": None},
        {"id_kind": "passport"},
        {"id_kind": "passport", "id_number": "E87654321"},
        {"same": True},
    ],
)
def test_a_proposal_names_two_and_is_confirmed(given: dict[str, Any]) -> None:
    one, other = new_id(), new_id()
    new = {"survivor_id": one, "merged_id": other, "reason": "两条记录系同一人", "confirmed": True}
    NewPersonMerger.model_validate(new)
    if given.pop("same", False):
        given = {"merged_id": one}
    with pytest.raises(ValidationError):
        NewPersonMerger.model_validate(new | given)


def test_everything_that_refers_to_a_teacher_has_its_lot() -> None:
    """Whoever adds a column about teachers says what a merger does with it."""
    all_tables()
    referring = {
        f"{table.name}.{each.parent.name}"
        for table in SQLModel.metadata.sorted_tables
        for each in table.foreign_keys
        if each.target_fullname == "teacher.id"
    }
    dated = {table.__tablename__ for table in DATED}
    assert referring >= set(MOVED)
    assert {each.split(".")[0] for each in referring - set(MOVED)} == dated | STAYING.keys()
    assert not dated & STAYING.keys()


async def test_whose_a_row_is_changes_by_an_open_merger_alone(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    move = "SELECT move_to_survivor(ARRAY['goal.teacher_id'], $1, $2)"
    await propose_twins(db, resources, city.city_admin, other, one)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no open merger"):
        async with db.transaction():
            await db._driver.execute(move, other["id"], one["id"])
