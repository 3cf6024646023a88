import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.grants import NewGrant, grant_role
from app.domain.access.roles import Permission, Role
from app.domain.access.subjects import MOST_SCHOOLS, SubjectNotFound, TooManySchools
from app.domain.errors import NotAllowed
from app.domain.organisation.network_members import (
    NetworkMemberExists,
    NetworkMemberNoSchool,
    NetworkMemberNotFound,
    NewNetworkMember,
    join_network,
    leave_network,
    list_network_members,
    network_members_of,
)
from app.domain.organisation.networks import NetworkNotFound, NetworkOutsideBureau
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.organisation.units import Level, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import list_teachers
from app.request import Resources
from app.request.actors import claims_of
from app.security.tokens import LONGEST_TOKEN
from app.sql import Connection, Row
from tests.make import (
    NOW,
    TODAY,
    City,
    Person,
    make_account,
    make_city,
    make_unit,
    signed_in,
    version_of,
)
from tests.make_organisation import make_assignment, make_network

PAGE = PageRequest(limit=100)


async def join(db: Connection, actor: Actor, network: Row, school: Row, **more: Any) -> Row:
    new = NewNetworkMember(school_id=school["id"], **more)
    return await join_network(db, actor, network_id=network["id"], new=new, now=NOW)


async def leave(db: Connection, actor: Actor, network: Row, school: Row) -> Row:
    ids = {"network_id": network["id"], "school_id": school["id"]}
    return await leave_network(db, actor, **ids, now=NOW)


async def names_in(db: Connection, actor: Actor, network: Row, **times: Any) -> list[str]:
    page = await list_network_members(
        db, actor, network_id=network["id"], page=PAGE, now=NOW, **times
    )
    return [row["name"] for row in page.items]


async def coordinator_of(db: Connection, network: Row) -> Person:
    return await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)


async def test_schools_join_and_leave_with_their_history(db: Connection, city: City) -> None:
    network, actor = await make_network(db, city.county), city.county_admin.actor
    joined = await join(db, actor, network, city.school, valid_from=date(2026, 9, 1))
    assert joined == {
        "id": joined["id"],
        "network_id": network["id"],
        "school_id": city.school["id"],
        "name": "甲县第一小学",
        "valid_from": date(2026, 9, 1),
        "valid_to": None,
    }
    await join(db, actor, network, city.sibling)
    assert await names_in(db, actor, network) == ["甲县第一小学", "甲县第二小学"]
    found = await network_members_of(db, actor, network_ids=[network["id"]])
    assert [row["name"] for row in found[network["id"]]] == ["甲县第一小学", "甲县第二小学"]
    left = await leave(db, actor, network, city.school)
    assert (left["valid_from"], left["valid_to"]) == (date(2026, 9, 1), TODAY)
    assert await names_in(db, actor, network) == ["甲县第二小学"]
    assert await names_in(db, actor, network, as_of=date(2026, 9, 30)) == ["甲县第一小学"]
    assert await names_in(db, actor, network, known_on=TODAY - timedelta(days=1)) == []
    with pytest.raises(NetworkMemberNotFound):
        await leave(db, actor, network, city.school)
    again = await join(db, actor, network, city.school)
    assert again["valid_from"] == TODAY


async def test_who_joined_by_mistake_never_belonged(db: Connection, city: City) -> None:
    network, actor = await make_network(db, city.county), city.county_admin.actor
    await join(db, actor, network, city.school)
    left = await leave(db, actor, network, city.school)
    assert left["valid_from"] == left["valid_to"] == TODAY
    assert await names_in(db, actor, network) == []
    await join(db, actor, network, city.school)


@pytest.mark.parametrize("begins", [None, date(2026, 1, 1), date(2027, 1, 1)])
async def test_a_school_belongs_once(db: Connection, city: City, begins: date | None) -> None:
    network = await make_network(db, city.county, city.school)
    with pytest.raises(NetworkMemberExists):
        await join(db, city.county_admin.actor, network, city.school, valid_from=begins)
    assert await names_in(db, city.county_admin.actor, network) == ["甲县第一小学"]


async def test_only_the_city_reaches_over_counties(db: Connection, city: City) -> None:
    actor, of_county = city.city_admin.actor, await make_network(db, city.county)
    for outside in (city.far_school, city.direct_school):
        with pytest.raises(NetworkOutsideBureau):
            await join(db, actor, of_county, outside)
    with pytest.raises(UnitNotFound):
        await join(db, city.county_admin.actor, of_county, city.far_school)
    with pytest.raises(NetworkMemberNoSchool):
        await join(db, actor, of_county, city.county)
    assert await names_in(db, actor, of_county) == []
    of_city = await make_network(db, city.city)
    for school in (city.far_school, city.direct_school, city.school):
        await join(db, actor, of_city, school)
    assert len(await names_in(db, actor, of_city)) == 3
    for person in (city.school_admin, city.other_county_admin):
        assert len(await names_in(db, person.actor, of_city)) == 3, "members know each other"
    with pytest.raises(NetworkNotFound):
        await names_in(db, city.other_county_admin.actor, of_county)


async def test_a_member_takes_nobody_in(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    coordinator = await coordinator_of(db, network)
    for person in (city.school_admin, coordinator, city.auditor, city.teacher_account):
        with pytest.raises(NotAllowed):
            await join(db, person.actor, network, city.school)
        with pytest.raises(NotAllowed):
            await leave(db, person.actor, network, city.school)
    friends = await make_network(db, city.school)
    with pytest.raises(UnitNotFound):
        await join(db, city.school_admin.actor, friends, city.sibling)
    await join(db, city.county_admin.actor, friends, city.sibling)
    assert await names_in(db, city.sibling_admin.actor, friends) == ["甲县第二小学"]


# Who acts for the network.


async def test_rights_follow_the_membership_at_once(db: Connection, city: City) -> None:
    network, actor = await make_network(db, city.county, city.school), city.county_admin.actor
    coordinator = await coordinator_of(db, network)
    assignment = await make_assignment(db, city.county, city.auditor, network_id=network["id"])
    adviser = await make_account(db, "adviser", Role.SCHOOL_ADVISER, assignment)
    other = await coordinator_of(db, await make_network(db, city.county, city.sibling))
    before = [await version_of(db, each) for each in (coordinator, adviser, other)]
    statements = db.statements
    await join(db, actor, network, city.sibling)
    assert db.statements - statements == 9
    after = [await version_of(db, each) for each in (coordinator, adviser, other)]
    assert after == [before[0] + 1, before[1] + 1, before[2]]
    schools = {city.school["id"], city.sibling["id"]}
    for person in (coordinator, adviser):
        now = await signed_in(db, person)
        assert set(now.scope(Permission.TEACHER_READ).values["school_id"]) == schools
        page = await list_teachers(db, now, page=PAGE)
        assert {row["name"] for row in page.items} == {"测试甲", "测试乙", "测试丙"}
    await leave(db, actor, network, city.school)
    assert await version_of(db, coordinator) == before[0] + 2
    page = await list_teachers(db, await signed_in(db, coordinator), page=PAGE)
    assert [row["name"] for row in page.items] == ["测试丙"]


async def test_a_school_that_left_the_county_is_no_longer_reached(
    db: Connection, city: City
) -> None:
    network = await make_network(db, city.other_county, city.far_school, city.school)
    of_city = await make_network(db, city.city, city.far_school, city.school)
    for row, schools in (
        (network, {city.far_school["id"]}),
        (of_city, {city.far_school["id"], city.school["id"]}),
    ):
        actor = await signed_in(db, await coordinator_of(db, row))
        assert set(actor.grants[0].schools) == schools


async def test_a_coordinator_only_reads_at_the_schools(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    actor = (await coordinator_of(db, network)).actor
    at_schools = {each for each in Permission if "school_id" in actor.scope(each).values}
    assert {each.value.partition(":")[2] for each in at_schools} == {"read"}
    assert Permission.CREDIT_READ not in at_schools
    assert actor.scope(Permission.ACTIVITY_WRITE).values == {"network_id": [network["id"]]}


async def test_nobody_grants_over_other_peoples_schools(db: Connection, city: City) -> None:
    of_school = await make_network(db, city.school, city.sibling)
    of_county = await make_network(db, city.county, city.school)
    account_id = city.teacher_account.actor.account_id
    new = NewGrant(role=Role.NETWORK_COORDINATOR, subject_id=of_school["id"])
    with pytest.raises(NotAllowed):
        await grant_role(db, city.school_admin.actor, account_id=account_id, new=new, now=NOW)
    above = NewGrant(role=Role.NETWORK_COORDINATOR, subject_id=of_county["id"])
    with pytest.raises(SubjectNotFound):
        await grant_role(db, city.school_admin.actor, account_id=account_id, new=above, now=NOW)
    for fits in (new, above):
        await grant_role(db, city.county_admin.actor, account_id=account_id, new=fits, now=NOW)
    actor = await signed_in(db, city.teacher_account)
    assert actor.scope(Permission.GROUP_READ).values.keys() == {"school_id", "teacher_id"}


async def test_no_more_schools_than_a_token_carries(
    db: Connection, city: City, resources: Resources
) -> None:
    schools = [
        await make_unit(db, f"第{number}小学", Level.SCHOOL, city.county)
        for number in range(MOST_SCHOOLS)
    ]
    network = await make_network(db, city.county, *schools)
    coordinator = await coordinator_of(db, network)
    before = await version_of(db, coordinator)
    with pytest.raises(TooManySchools):
        async with db.transaction():
            await join(db, city.county_admin.actor, network, city.school)
    assert await version_of(db, coordinator) == before
    full = await signed_in(db, coordinator)
    assert len(full.grants[0].schools) == MOST_SCHOOLS
    full = replace(full, security_version=10**6)
    claims = claims_of(full, security_version=10**6)
    assert resources.actors(resources.keyring.verify(resources.keyring.sign(claims))) == full
    unbounded = await make_network(db, city.county, *schools, city.school)
    new = NewGrant(role=Role.NETWORK_COORDINATOR, subject_id=unbounded["id"])
    with pytest.raises(TooManySchools):
        async with db.transaction():
            await grant_role(
                db, city.county_admin.actor, account_id=city.teacher_account.actor.account_id,
                new=new, now=NOW,
            )  # fmt: skip
    assert len(resources.keyring.sign(claims)) < LONGEST_TOKEN


async def test_two_who_take_a_school_in_at_once_do_it_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        network = await make_network(db, city.county)
        coordinator = await coordinator_of(db, network)

    async def take_in() -> Row:
        async with real_pool.transaction() as db:
            return await join(db, city.county_admin.actor, network, city.school)

    done = await asyncio.gather(*(take_in() for _ in range(4)), return_exceptions=True)
    assert len([each for each in done if isinstance(each, dict)]) == 1
    refused = [each for each in done if not isinstance(each, dict)]
    assert [type(each) for each in refused] == [NetworkMemberExists] * 3
    async with real_pool.connection() as db:
        assert await names_in(db, city.county_admin.actor, network) == ["甲县第一小学"]
        assert await version_of(db, coordinator) == 2


async def test_a_school_joins_while_it_moves(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        network = await make_network(db, city.city, city.sibling)
        coordinator = await coordinator_of(db, network)

    async def take_in(school: Row) -> None:
        async with real_pool.transaction() as db:
            await join(db, city.city_admin.actor, network, school)

    async def move(school: Row, bureau: Row) -> None:
        there = Move(bureau_id=bureau["id"])
        async with real_pool.transaction() as db:
            await move_school(db, city.city_admin.actor, unit_id=school["id"], move=there, now=NOW)

    await asyncio.gather(
        take_in(city.school), move(city.school, city.other_county),
        move(city.sibling, city.other_county), take_in(city.far_school),
    )  # fmt: skip
    async with real_pool.connection() as db:
        actor = await signed_in(db, coordinator)
        schools = {city.school["id"], city.sibling["id"], city.far_school["id"]}
        assert set(actor.grants[0].schools) == schools
        assert await version_of(db, coordinator) >= 3
