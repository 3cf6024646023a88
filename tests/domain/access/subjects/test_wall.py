"""The wall between schools holds where somebody tries to pass beside the tree."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.accounts import NewAccount
from app.domain.access.actors import Actor
from app.domain.access.administration import create_account
from app.domain.access.grants import GrantNotHolder, NewGrant, grant_role
from app.domain.access.roles import Duty, Permission, Role
from app.domain.access.subjects import MOST_SCHOOLS, TooManySchools
from app.domain.errors import NotAllowed
from app.domain.organisation.assignments import (
    AssignmentNotFound,
    NewAssignment,
    create_assignment,
    get_assignment,
    list_assignments,
)
from app.domain.organisation.departments import (
    DepartmentChanges,
    DepartmentKind,
    DepartmentNotFound,
    NewDepartment,
    create_department,
    get_department,
    update_department,
)
from app.domain.organisation.network_members import (
    NewNetworkMember,
    join_network,
    leave_network,
    list_network_members,
    network_members_of,
)
from app.domain.organisation.networks import NetworkNotFound, get_network, list_networks
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.organisation.units import Level
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    AudienceOutsideOrganiser,
    get_activity,
    list_offered_activities,
    publish_activity,
)
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_city,
    make_unit,
    signed_in,
)
from tests.make_organisation import make_assignment, make_department, make_network

PAGE = PageRequest(limit=100)
JOINS = {Permission.NETWORK_WRITE, Permission.UNIT_READ}


async def join(db: Connection, actor: Actor, network: Row, school: Row) -> Row:
    new = NewNetworkMember(school_id=school["id"])
    return await join_network(db, actor, network_id=network["id"], new=new, now=NOW)


def with_more(person: Person, *others: Person) -> Actor:
    """The actor who holds what several do."""
    grants = tuple(grant for each in (person, *others) for grant in each.actor.grants)
    return replace(person.actor, grants=grants)


def through_an_application(person: Person, *scopes: Permission) -> Actor:
    """The person as an application asks for them."""
    return replace(person.actor, client_id=new_id(), scopes=frozenset(scopes))


async def members_of(db: Connection, network: Row) -> list[Row]:
    actor = (await make_account(db, "looking", Role.CITY_ADMIN, network["of_city"])).actor
    return (await network_members_of(db, actor, network_ids=[network["id"]]))[network["id"]]


# Who takes a school in.


@pytest.mark.parametrize("also", ["auditor", "expert", "coordinator"])
async def test_who_reads_at_a_school_does_not_take_it_in(
    db: Connection, city: City, also: str
) -> None:
    friends = await make_network(db, city.school, city.school)
    readers = {
        "auditor": lambda: make_account(db, "auditor", Role.AUDITOR, city.county),
        "expert": lambda: make_account(db, "expert", Role.EXPERT, city.city),
        "coordinator": lambda: _coordinator_of_sibling(db, city),
    }
    actor = with_more(city.school_admin, await readers[also]())
    with pytest.raises(NotAllowed) as refused:
        await join(db, actor, friends, city.sibling)
    assert refused.value.details == {"permission": "network:write"}
    assert [row["school_id"] for row in await members_of(db, friends | {"of_city": city.city})] == [
        city.school["id"]
    ]


async def _coordinator_of_sibling(db: Connection, city: City) -> Person:
    network = await make_network(db, city.county, city.sibling)
    return await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)


async def test_who_takes_a_school_in_holds_there_what_coordinators_will(
    db: Connection, city: City
) -> None:
    network = await make_network(db, city.county)
    narrow = through_an_application(city.county_admin, *JOINS)
    with pytest.raises(NotAllowed):
        await join(db, narrow, network, city.school)
    reads = {Permission.TEACHER_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
             Permission.ATTENDANCE_READ}  # fmt: skip
    wide = through_an_application(city.county_admin, *JOINS, *reads)
    assert (await join(db, wide, network, city.school))["school_id"] == city.school["id"]


async def test_who_charges_a_department_may_do_what_its_officers_will(
    db: Connection, city: City
) -> None:
    department = await make_department(db, city.county, Duty.OWN)
    narrow = through_an_application(
        city.county_admin, Permission.DEPARTMENT_WRITE, Permission.UNIT_READ,
        Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ,
    )  # fmt: skip

    async def change(actor: Actor, **changes: Any) -> list[str]:
        row = await update_department(
            db, actor, department_id=department["id"], changes=DepartmentChanges(**changes), now=NOW
        )
        return list(row["duties"])

    for duty in (Duty.ORGANISE, Duty.REVIEW, Duty.GUIDE, Duty.EVALUATE):
        with pytest.raises(NotAllowed):
            await change(narrow, duties=[Duty.OWN, duty])
        new = NewDepartment(
            name="新", kind=DepartmentKind.OTHER, unit_id=city.county["id"], duties=[duty]
        )
        with pytest.raises(NotAllowed):
            await create_department(db, narrow, new=new, now=NOW)
    assert await change(narrow, name="改名") == ["own"]
    everything = [*Duty]
    assert await change(city.county_admin.actor, duties=everything) == sorted(everything)
    fewer = [Duty.OWN, Duty.REVIEW]
    assert await change(narrow, duties=fewer) == fewer, "to take duties away takes none of them"


def test_a_copy_with_fewer_rights_remembers_none_of_them(city: City) -> None:
    whole = city.county_admin.actor
    assert whole.scope(Permission.TEACHER_READ).shape == ("county_id",)
    narrow = through_an_application(city.county_admin, Permission.UNIT_READ)
    assert narrow.scope(Permission.TEACHER_READ).shape == ()
    assert narrow.scope(Permission.UNIT_READ).shape == ("county_id",)


# Whose the rights are.


async def test_the_role_over_an_assignment_is_for_its_holder_alone(
    db: Connection, city: City
) -> None:
    holder = await make_account(
        db, "holder", Role.DEPARTMENT_OFFICER, await make_department(db, city.county)
    )
    assignment = await make_assignment(db, city.county, holder, city.school, city.sibling)
    new = NewGrant(role=Role.SCHOOL_ADVISER, subject_id=assignment["id"])
    actor = city.county_admin.actor
    for other in (city.school_admin, city.county_admin):
        account_id = other.actor.account_id
        with pytest.raises(GrantNotHolder):
            await grant_role(db, actor, account_id=account_id, new=new, now=NOW)
    account = NewAccount(
        name="second.adviser", display_name="另一人", role=new.role, subject_id=new.subject_id
    )
    with pytest.raises(GrantNotHolder):
        await create_account(db, actor, new=account, secret=None, now=NOW)
    granted = await grant_role(db, actor, account_id=holder.actor.account_id, new=new, now=NOW)
    assert granted["subject_id"] == assignment["id"]


async def test_friends_of_a_school_are_not_addressed_as_its_own_people(
    db: Connection, city: City
) -> None:
    friends = await make_network(db, city.school, city.sibling)
    department = await make_department(db, city.school)
    internal = await make_activity(db, city.school, city.school_admin)
    coordinator = (await make_account(db, "friend", Role.NETWORK_COORDINATOR, friends)).actor
    with pytest.raises(ActivityNotFound):
        await get_activity(db, coordinator, activity_id=internal["id"])
    with pytest.raises(DepartmentNotFound):
        await get_department(db, coordinator, department_id=department["id"])
    offered = await list_offered_activities(db, coordinator, page=PAGE)
    assert offered.items == []
    known = await get_network(db, coordinator, network_id=friends["id"])
    assert known["id"] == friends["id"]


# What a school that has left still has to do with those it left.


async def test_who_left_the_county_is_told_nothing_of_what_stayed(
    db: Connection, city: City
) -> None:
    away = {"name": "乙县片区"}
    network = await make_network(db, city.other_county, city.far_school, city.school, **away)
    named = await make_assignment(db, city.other_county, city.auditor, city.far_school, city.school)
    by_network = await make_assignment(
        db, city.other_county, city.auditor, network_id=network["id"]
    )
    for person in (city.school_admin, city.county_admin, city.teacher_account):
        with pytest.raises(NetworkNotFound):
            await get_network(db, person.actor, network_id=network["id"])
        with pytest.raises(NetworkNotFound):
            await list_network_members(
                db, person.actor, network_id=network["id"], page=PAGE, now=NOW
            )
        for assignment in (named, by_network):
            with pytest.raises(AssignmentNotFound):
                await get_assignment(db, person.actor, assignment_id=assignment["id"])
    for person in (city.school_admin, city.county_admin):
        assert (await list_networks(db, person.actor, page=PAGE, now=NOW)).items == []
        assert (await list_assignments(db, person.actor, page=PAGE, now=NOW)).items == []
    actor = city.other_county_admin.actor
    found = await list_networks(db, actor, page=PAGE, now=NOW, member_id=city.far_school["id"])
    assert [row["id"] for row in found.items] == [network["id"]]


async def test_nobody_is_shut_out_when_schools_come_back(
    db: Connection, city: City, resources: Resources
) -> None:
    """Schools that are away for now count: otherwise their return made tokens too long to issue."""
    schools = [
        await make_unit(db, f"第{number}小学", Level.SCHOOL, city.county)
        for number in range(MOST_SCHOOLS - 1)
    ]
    network = await make_network(db, city.county, *schools, city.far_school)
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)
    assert len((await signed_in(db, coordinator)).grants[0].schools) == MOST_SCHOOLS - 1
    with pytest.raises(TooManySchools):
        async with db.transaction():
            await join(db, city.county_admin.actor, network, city.school)


async def test_a_draft_does_not_address_who_has_left(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school, city.sibling)
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)
    draft = await make_activity(
        db, city.county, coordinator, city.school, city.sibling, state=ActivityState.DRAFT,
        organiser_network_id=network["id"],
    )  # fmt: skip
    ids = {"network_id": network["id"], "school_id": city.sibling["id"]}
    await leave_network(db, city.county_admin.actor, **ids, now=NOW)
    actor = await signed_in(db, coordinator)
    with pytest.raises(AudienceOutsideOrganiser):
        await publish_activity(db, actor, activity_id=draft["id"], now=NOW)
    still = await get_activity(db, actor, activity_id=draft["id"])
    assert still["state"] == ActivityState.DRAFT
    published = await publish_activity(
        db, city.county_admin.actor, activity_id=draft["id"], now=NOW
    )
    assert set(published["audience"]) == {city.school["id"], city.sibling["id"]}


# Whoever comes at the same moment.


async def test_who_is_assigned_a_network_waits_for_who_leaves_it(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        network = await make_network(db, city.county, city.school, city.sibling)
        department = await make_department(db, city.county)
        holder = await make_account(db, "holder", Role.DEPARTMENT_OFFICER, department)
    new = NewAssignment(
        unit_id=city.county["id"], account_id=holder.actor.account_id,
        network_id=network["id"], valid_to=date(2099, 1, 1),
    )  # fmt: skip

    async def assign() -> None:
        async with real_pool.transaction() as db:
            await create_assignment(db, city.county_admin.actor, new=new, now=NOW)

    async with real_pool.transaction() as db:
        ids = {"network_id": network["id"], "school_id": city.sibling["id"]}
        await leave_network(db, city.county_admin.actor, **ids, now=NOW)
        assigning = asyncio.create_task(assign())
        await asyncio.sleep(0.3)
        assert not assigning.done(), "otherwise a token could be issued with the school that leaves"
    await assigning
    async with real_pool.connection() as db:
        actor = await signed_in(db, holder)
        assert actor.scope(Permission.TEACHER_READ).values == {"school_id": [city.school["id"]]}


async def test_who_takes_a_school_in_waits_for_who_moves_it(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        network = await make_network(db, city.county)

    async def take_in() -> None:
        async with real_pool.transaction() as db:
            await join(db, city.city_admin.actor, network, city.school)

    async with real_pool.transaction() as db:
        there = Move(bureau_id=city.other_county["id"])
        school_id = city.school["id"]
        await move_school(db, city.city_admin.actor, unit_id=school_id, move=there, now=NOW)
        joining = asyncio.create_task(take_in())
        await asyncio.sleep(0.3)
        assert not joining.done()
    with pytest.raises(Exception, match="outside the network's bureau"):
        await joining


async def test_who_moves_a_school_waits_for_who_takes_it_in(
    real_pool: Pool, resources: Resources
) -> None:
    """The mover ends the tokens of all who are concerned: nobody becomes so unseen."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        network = await make_network(db, city.county)

    async def move() -> None:
        there = Move(bureau_id=city.other_county["id"])
        async with real_pool.transaction() as db:
            school_id = city.school["id"]
            await move_school(db, city.city_admin.actor, unit_id=school_id, move=there, now=NOW)

    async with real_pool.transaction() as db:
        coordinator = await make_account(db, "late", Role.NETWORK_COORDINATOR, network)
        await join(db, city.county_admin.actor, network, city.school)
        moving = asyncio.create_task(move())
        await asyncio.sleep(0.3)
        assert not moving.done()
        before = await _version(db, coordinator)
    await moving
    async with real_pool.connection() as db:
        assert (await signed_in(db, coordinator)).grants[0].schools == ()
        assert await _version(db, coordinator) == before + 1, "the token with the school has ended"


async def _version(db: Connection, person: Person) -> int:
    query = "SELECT security_version FROM account WHERE id = $1"
    rows = await db._driver.fetch(query, person.actor.account_id)
    return int(rows[0]["security_version"])
