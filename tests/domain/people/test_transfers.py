"""Transfers: who proposes, answers and completes them; what follows; what is refused and changes nothing."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.administrators import LastAdministrator
from app.domain.access.roles import Role
from app.domain.credits.verification import verify_ledger
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.organisation.units import UnitClosed, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.careers import careers_of
from app.domain.people.facts.engagement import PLACE, PlaceKind
from app.domain.people.facts.posts import Post
from app.domain.people.identity import BadCheckDigit
from app.domain.people.teachers import (
    NotASchool,
    TeacherNotFound,
    get_teacher,
)
from app.domain.people.transfers import (
    NewTransfer,
    OtherSideActs,
    RelationNotEarlier,
    TransferAnswer,
    TransferNotFound,
    TransferNotThere,
    TransferOpen,
    TransferOvertaken,
    TransferPersonUnknown,
    TransferToSameSchool,
    WithoutRelation,
    decline_transfer,
    get_transfer,
    list_transfers,
    withdraw_transfer,
)
from app.domain.training.enrolments import Enrolment
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack, make_recognised
from tests.domain.organisation.reorganising import reorganise
from tests.make import (
    NOW,
    TODAY,
    City,
    make_account,
    make_activity,
    make_fact,
    make_group,
    signed_in,
    version_of,
)
from tests.make_people import accept, by_key, by_number, complete, enter_person, propose

ALL = PageRequest(limit=100)
NO = TransferAnswer(opinion="本校学科缺编，暂不同意")


async def all_of(driver: asyncpg.Connection, sql: str, *given: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await driver.fetch(sql, *given)]


async def relations(driver: asyncpg.Connection, teacher: Row) -> list[tuple[Any, ...]]:
    return await all_of(
        driver,
        "SELECT school_id, valid_from, valid_to FROM employment"
        " WHERE teacher_id = $1 AND superseded_at IS NULL ORDER BY valid_from",
        teacher["id"],
    )


async def test_a_teacher_goes_to_another_county_with_all_that_is_theirs(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    proposed = await propose(
        db, resources, city.school_admin, by_key(city.teacher, city.far_school)
    )
    assert (proposed["state"], proposed["kind"], proposed["proposer"]) == (
        "proposed", "within", "leaving",
    )  # fmt: skip
    assert (proposed["name"], proposed["from_name"], proposed["to_name"]) == (
        "测试甲", "甲县第一小学", "乙县第一小学",
    )  # fmt: skip
    agreed = await accept(db, city.other_county_admin, proposed)
    assert (agreed["state"], agreed["opinion"]) == ("accepted", "同意调动")
    assert agreed["decided_by"] == city.other_county_admin.actor.account_id
    on = TODAY - timedelta(days=3)
    done = await complete(
        db, city.other_county_admin, agreed, on, posts=[Post.TEACHER, Post.CLASS_HEAD]
    )
    assert (done["state"], done["effective_on"]) == ("completed", on)

    row = await get_teacher(db, city.other_county_admin.actor, teacher_id=city.teacher["id"])
    assert (row["school_id"], row["county_id"]) == (
        city.far_school["id"], city.other_county["id"],
    )  # fmt: skip
    assert sorted(row["posts"]) == ["class_head", "teacher"]
    with pytest.raises(TeacherNotFound):
        await get_teacher(db, city.county_admin.actor, teacher_id=city.teacher["id"])
    assert await relations(driver, city.teacher) == [
        (city.school["id"], date(2020, 9, 1), on), (city.far_school["id"], on, None),
    ]  # fmt: skip


async def test_places_and_groups_are_left_but_for_those_above_the_new_school(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    own = await make_group(db, city.school, city.teacher)
    citywide = await make_group(db, city.city, city.teacher, name="市名师组")
    await make_fact(db, city.teacher, PLACE, school_id=city.sibling["id"], kind=PlaceKind.ROTATION)
    new = by_key(city.teacher, city.far_school)
    agreed = await accept(
        db, city.other_county_admin, await propose(db, resources, city.school_admin, new)
    )
    on = TODAY - timedelta(days=3)
    await complete(db, city.other_county_admin, agreed, on)
    places = await all_of(
        driver,
        "SELECT valid_to FROM service_place WHERE teacher_id = $1 AND superseded_at IS NULL",
        city.teacher["id"],
    )
    assert places == [(on,)]
    belongs = await all_of(
        driver,
        "SELECT group_id, valid_to FROM group_member WHERE teacher_id = $1"
        " AND superseded_at IS NULL",
        city.teacher["id"],
    )
    assert set(belongs) == {(own["id"], on), (citywide["id"], None)}


async def test_the_ledger_is_as_it_was_and_the_sums_go_along(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.county, city.county_admin, [city.teacher, city.colleague])
    chains = await all_of(driver, "SELECT * FROM credit_chain ORDER BY 1")
    entries = await all_of(driver, "SELECT * FROM credit_entry ORDER BY id")
    transfer = await propose(
        db, resources, city.school_admin, by_key(city.teacher, city.far_school)
    )
    await complete(db, city.other_county_admin, await accept(db, city.other_county_admin, transfer))
    assert await all_of(driver, "SELECT * FROM credit_chain ORDER BY 1") == chains
    assert await all_of(driver, "SELECT * FROM credit_entry ORDER BY id") == entries
    [standing] = await all_of(
        driver, "SELECT school_id FROM standing WHERE teacher_id = $1", city.teacher["id"]
    )
    assert standing == (city.far_school["id"],)
    assert (await verify_ledger(db)).finding is None


async def test_the_last_administrator_of_a_school_stays_until_there_is_another(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    # The one who administers the school teaches there.
    await driver.execute(
        "UPDATE account SET suspended_at = now() WHERE id = $1", city.school_admin.actor.account_id
    )
    await driver.execute(
        "INSERT INTO role_grant (id, account_id, role, subject, subject_id, valid_from)"
        " VALUES ($1, $2, 'school_admin', 'unit', $3, '2020-01-01')",
        new_id(), city.teacher_account.actor.account_id, city.school["id"],
    )  # fmt: skip
    transfer = await propose(
        db, resources, city.county_admin, by_key(city.teacher, city.far_school)
    )
    agreed = await accept(db, city.other_county_admin, transfer)
    with pytest.raises(LastAdministrator):
        async with driver.transaction():
            await complete(db, city.other_county_admin, agreed)
    await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)
    assert (await complete(db, city.other_county_admin, agreed))["state"] == "completed"


async def test_the_tokens_end_and_only_the_role_over_oneself_goes_along(
    db: Connection, city: City, resources: Resources
) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = {**city.school, "id": group["id"]}
    await make_account(db, "leader", Role.GROUP_LEADER, leader)
    await db._driver.execute(
        "INSERT INTO role_grant (id, account_id, role, subject, subject_id, valid_from)"
        " VALUES ($1, $2, 'group_leader', 'group', $3, '2020-01-01')",
        new_id(), city.teacher_account.actor.account_id, group["id"],
    )  # fmt: skip
    before = await version_of(db, city.teacher_account)
    colleague = await version_of(db, city.colleague_account)
    transfer = await propose(
        db, resources, city.school_admin, by_key(city.teacher, city.far_school)
    )
    await complete(db, city.other_county_admin, await accept(db, city.other_county_admin, transfer))
    assert await version_of(db, city.teacher_account) > before
    assert await version_of(db, city.colleague_account) == colleague
    [grant] = (await signed_in(db, city.teacher_account)).grants
    assert (grant.role, grant.school_id, grant.county_id) == (
        Role.TEACHER, city.far_school["id"], city.other_county["id"],
    )  # fmt: skip


async def test_the_school_that_takes_in_proposes_by_the_number_and_the_other_agrees(
    db: Connection, city: City, resources: Resources
) -> None:
    await enter_person(db, city, resources)
    transfer = await propose(db, resources, city.sibling_admin, by_number(city.sibling))
    assert transfer["proposer"] == "receiving"
    with pytest.raises(OtherSideActs):
        await accept(db, city.sibling_admin, transfer)
    agreed = await accept(db, city.school_admin, transfer)
    with pytest.raises(OtherSideActs):
        await complete(db, city.school_admin, agreed)
    done = await complete(db, city.sibling_admin, agreed)
    assert done["effective_on"] == TODAY


async def test_each_side_sees_the_transfer_and_nobody_of_the_others_people(
    db: Connection, city: City, resources: Resources
) -> None:
    new = by_key(city.teacher, city.sibling)
    transfer = await propose(db, resources, city.school_admin, new)
    for person in (city.school_admin, city.sibling_admin, city.teacher_account, city.auditor):
        page = await list_transfers(db, person.actor, page=ALL)
        assert [row["id"] for row in page.items] == [transfer["id"]]
    with pytest.raises(TeacherNotFound):
        await get_teacher(db, city.sibling_admin.actor, teacher_id=city.teacher["id"])
    for person in (city.other_county_admin, city.colleague_account):
        with pytest.raises(TransferNotFound):
            await get_transfer(db, person.actor, transfer_id=transfer["id"])
    with pytest.raises(NotAllowed):
        await withdraw_transfer(db, city.teacher_account.actor, transfer_id=transfer["id"], now=NOW)


async def leave_city(
    db: Connection, city: City, held: Resources, teacher: Row, on: date | None = None
) -> Row:
    new = by_key(teacher, "长沙市某中学")
    transfer = await propose(db, held, city.school_admin, new)
    assert (transfer["kind"], transfer["to_name"]) == ("out", "甲县")
    with pytest.raises(OtherSideActs):
        await accept(db, city.school_admin, transfer)
    return await complete(db, city.county_admin, await accept(db, city.county_admin, transfer), on)


async def test_who_leaves_the_city_stays_known_and_comes_back_by_the_number(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    person = await enter_person(db, city, resources)
    account = await make_account(
        db, "person", Role.TEACHER, {**person, "school_id": city.school["id"]}
    )
    activity = await make_activity(db, city.school, city.school_admin)
    place = {name: person[name] for name in ("city_id", "county_id", "school_id")}
    enrolled = {"activity_id": activity["id"], "teacher_id": person["id"], **place}
    await db.insert(Enrolment, {"id": new_id(), **enrolled, "enrolled_at": NOW})
    on = TODAY - timedelta(days=10)
    await leave_city(db, city, resources, person, on)
    career = (await careers_of(db, city.school_admin.actor, teacher_ids=[person["id"]]))[
        person["id"]
    ]
    assert career is not None
    assert [each["valid_to"] for each in career["employments"]] == [on]
    assert [each["valid_to"] for each in career["establishments"]] == [on]
    assert [each["state"] for each in career["service_states"]] == ["in_service", "left"]
    row = await get_teacher(db, city.school_admin.actor, teacher_id=person["id"])
    assert (row["school_id"], row["posts"]) == (city.school["id"], [])
    [[withdrawn]] = await all_of(
        driver, "SELECT withdrawn_at FROM enrolment WHERE teacher_id = $1", person["id"]
    )
    assert withdrawn == NOW
    [[suspended]] = await all_of(
        driver, "SELECT suspended_at FROM account WHERE id = $1", account.actor.account_id
    )
    assert suspended == NOW
    with pytest.raises(WithoutRelation):
        await propose(db, resources, city.school_admin, by_key(person, "深圳市"))

    # Nobody is left who could let go: it is accepted from the start.
    back = await propose(db, resources, city.sibling_admin, by_number(city.sibling))
    assert (back["kind"], back["state"], back["decided_by"]) == ("return", "accepted", None)
    with pytest.raises(DomainError) as overlaps:
        await complete(db, city.sibling_admin, back, on - timedelta(days=5))
    assert overlaps.value.code == "two_personnel_relations"


async def test_a_return_begins_a_relation_anew(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    person = await enter_person(db, city, resources)
    left = TODAY - timedelta(days=10)
    await leave_city(db, city, resources, person, left)
    back = await propose(db, resources, city.school_admin, by_number(city.school))
    await complete(db, city.school_admin, back, establishment="contracted")
    assert await relations(driver, person) == [
        (city.school["id"], date(2020, 9, 1), left), (city.school["id"], TODAY, None),
    ]  # fmt: skip
    row = await get_teacher(db, city.school_admin.actor, teacher_id=person["id"])
    assert row["posts"] == ["teacher"]
    found = await all_of(
        driver,
        "SELECT establishment FROM teacher_establishment"
        " WHERE teacher_id = $1 AND superseded_at IS NULL AND valid_to IS NULL",
        person["id"],
    )
    assert found == [("contracted",)]


REFUSED = [
    ("school", "missing", UnitNotFound),
    ("school", "county", NotASchool),
    ("school", "school", TransferToSameSchool),
]


@pytest.mark.parametrize(("who", "to", "refusal"), REFUSED)
async def test_a_transfer_leads_to_another_open_school(
    db: Connection, city: City, resources: Resources, who: str, to: str, refusal: type[DomainError]
) -> None:
    unit = {"id": new_id()} if to == "missing" else getattr(city, to)
    with pytest.raises(refusal):
        await propose(db, resources, city.city_admin, by_key(city.teacher, unit))
    assert (await list_transfers(db, city.city_admin.actor, page=ALL)).items == []


async def test_whoever_is_leaving_already_is_not_proposed_again(
    db: Connection, city: City, resources: Resources
) -> None:
    await enter_person(db, city, resources)
    first = await propose(db, resources, city.sibling_admin, by_number(city.sibling))
    with pytest.raises(TransferOpen):
        async with db.transaction():
            await propose(db, resources, city.other_county_admin, by_number(city.far_school))
    await decline_transfer(db, city.school_admin.actor, transfer_id=first["id"], answer=NO, now=NOW)
    second = await propose(db, resources, city.other_county_admin, by_number(city.far_school))
    with pytest.raises(TransferNotThere):
        await accept(db, city.school_admin, first)
    withdrawn = await withdraw_transfer(
        db, city.other_county_admin.actor, transfer_id=second["id"], now=NOW
    )
    assert (withdrawn["state"], withdrawn["closed_at"]) == ("withdrawn", NOW)


async def test_steps_come_in_their_order(db: Connection, city: City, resources: Resources) -> None:
    transfer = await propose(db, resources, city.school_admin, by_key(city.teacher, city.sibling))
    with pytest.raises(TransferNotThere):
        await complete(db, city.sibling_admin, transfer)
    with pytest.raises(OtherSideActs):
        await withdraw_transfer(db, city.sibling_admin.actor, transfer_id=transfer["id"], now=NOW)
    await accept(db, city.sibling_admin, transfer)
    withdrawn = await withdraw_transfer(
        db, city.sibling_admin.actor, transfer_id=transfer["id"], now=NOW
    )
    assert withdrawn["state"] == "withdrawn"
    with pytest.raises(TransferNotThere):
        await complete(db, city.sibling_admin, transfer)


async def test_the_day_is_past_and_after_the_relation_began(
    db: Connection, city: City, resources: Resources, driver: asyncpg.Connection
) -> None:
    transfer = await propose(db, resources, city.school_admin, by_key(city.teacher, city.sibling))
    await accept(db, city.sibling_admin, transfer)
    before = await relations(driver, city.teacher)
    with pytest.raises(DayInFuture):
        await complete(db, city.sibling_admin, transfer, TODAY + timedelta(days=1))
    with pytest.raises(RelationNotEarlier):
        await complete(db, city.sibling_admin, transfer, date(2020, 9, 1))
    assert await relations(driver, city.teacher) == before


async def test_what_a_merger_has_overtaken_is_not_completed(
    db: Connection, city: City, resources: Resources
) -> None:
    transfer = await propose(
        db, resources, city.school_admin, by_key(city.teacher, city.far_school)
    )
    await accept(db, city.other_county_admin, transfer)
    await reorganise(db, city, "city_admin", "merge", "school", "sibling")
    with pytest.raises(TransferOvertaken):
        await complete(db, city.other_county_admin, transfer)


async def test_a_school_that_was_closed_takes_nobody_in(
    db: Connection, city: City, resources: Resources
) -> None:
    transfer = await propose(db, resources, city.school_admin, by_key(city.teacher, city.sibling))
    await accept(db, city.sibling_admin, transfer)
    await reorganise(db, city, "city_admin", "merge", "sibling", "far_school")
    with pytest.raises(UnitClosed):
        await complete(db, city.city_admin, transfer)


async def test_sides_follow_a_school_that_moves(
    db: Connection, city: City, resources: Resources
) -> None:
    transfer = await propose(
        db, resources, city.school_admin, by_key(city.teacher, city.far_school)
    )
    await reorganise(db, city, "city_admin", "move", "school", "zone")
    with pytest.raises(TransferNotFound):
        await get_transfer(db, city.county_admin.actor, transfer_id=transfer["id"])
    done = await complete(
        db, city.other_county_admin, await accept(db, city.other_county_admin, transfer)
    )
    assert done["state"] == "completed"


async def test_who_is_not_known_is_not_told_apart_and_numbers_are_checked(
    db: Connection, city: City, resources: Resources
) -> None:
    with pytest.raises(TransferPersonUnknown):
        await propose(db, resources, city.sibling_admin, by_number(city.sibling, "E99999999"))
    wrong = NewTransfer.model_validate(
        {
            "id_kind": "resident_card", "id_number": "100000198803070010",
            "to_school_id": city.sibling["id"], "reason": "调入",
        }
    )  # fmt: skip
    with pytest.raises(BadCheckDigit):
        await propose(db, resources, city.sibling_admin, wrong)
    with pytest.raises(TeacherNotFound):
        await propose(db, resources, city.sibling_admin, by_key(city.teacher, city.sibling))
    with pytest.raises(UnitNotFound):
        await propose(db, resources, city.sibling_admin, by_number(city.school))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"teacher_id": str(new_id())},
        {"teacher_id": str(new_id()), "to_school_id": str(new_id()), "destination": "外地"},
        {"id_number": "E12345678", "to_school_id": str(new_id())},
        {"id_number": "E12345678", "id_kind": "passport", "destination": "外地"},
    ],
)
def test_a_transfer_says_who_and_where_to(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        NewTransfer.model_validate({"reason": "调动", **given})


async def test_a_completion_takes_as_many_statements_whoever_it_is(
    db: Connection, pool: SharedPool, city: City, resources: Resources
) -> None:
    counts = []
    for teacher in (city.teacher, city.colleague):
        transfer = await propose(db, resources, city.school_admin, by_key(teacher, city.sibling))
        await accept(db, city.sibling_admin, transfer)
        async with pool.connection() as counted:
            await complete(counted, city.sibling_admin, transfer)
            counts.append(counted.statements)
    assert counts[0] == counts[1] <= 30
