import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.administration import suspend_account
from app.domain.access.administrators import ADMINISTERING, LastAdministrator
from app.domain.access.grants import NewGrant, RoleGrant, grant_role, list_grants, revoke_grant
from app.domain.access.roles import Role
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_account, make_city


async def only_grant(db: Connection, person: Person) -> Row:
    (held,) = await db._driver.fetch(
        "SELECT id, subject_id FROM role_grant WHERE account_id = $1", person.actor.account_id
    )
    return dict(held)


async def revoke(db: Connection, by: Person, whose: Person) -> Row:
    held = await only_grant(db, whose)
    return await revoke_grant(db, by.actor, grant_id=held["id"], now=NOW)


async def suspend(db: Connection, by: Person, whom: Person) -> Row:
    return await suspend_account(db, by.actor, account_id=whom.actor.account_id, now=NOW)


ENDINGS = [revoke, suspend]


async def state(driver: asyncpg.Connection) -> list[Any]:
    return [
        await driver.fetch("SELECT id, suspended_at, security_version FROM account ORDER BY id"),
        await driver.fetch("SELECT id, valid_to, superseded_at FROM role_grant ORDER BY id"),
    ]


def test_these_administer() -> None:
    assert set(ADMINISTERING) == {Role.CITY_ADMIN, Role.COUNTY_ADMIN, Role.SCHOOL_ADMIN}


@pytest.mark.parametrize("end", ENDINGS)
@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("city_admin", "city_admin"),
        ("city_admin", "county_admin"),
        ("county_admin", "school_admin"),
    ],
)
async def test_the_last_administrator_stays(
    driver: asyncpg.Connection, db: Connection, city: City, end: Any, who: str, whom: str
) -> None:
    before = await state(driver)
    with pytest.raises(LastAdministrator):
        async with driver.transaction():
            await end(db, getattr(city, who), getattr(city, whom))
    assert await state(driver) == before


@pytest.mark.parametrize("end", ENDINGS)
async def test_whoever_has_a_deputy_goes(db: Connection, city: City, end: Any) -> None:
    deputy = await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)
    await end(db, city.county_admin, city.school_admin)
    with pytest.raises(LastAdministrator):
        await end(db, city.county_admin, deputy)


async def make_deputy(db: Connection, unit: Row, account: dict[str, Any], **grant: Any) -> Person:
    """Somebody who has this grant over a unit beside one that administers nothing."""
    deputy = await make_account(db, "deputy", Role.EXPERT, unit, **account)
    fields = {
        "account_id": deputy.actor.account_id, "role": Role.SCHOOL_ADMIN, "subject": "unit",
        "subject_id": unit["id"], "valid_from": date(2020, 1, 1),
    }  # fmt: skip
    await db.insert(RoleGrant, {"id": new_id(), **fields, **grant})
    return deputy


@pytest.mark.parametrize("end", ENDINGS)
@pytest.mark.parametrize(
    ("account", "grant"),
    [
        ({"suspended_at": NOW}, {}),
        ({"kind": "client"}, {}),
        ({}, {"valid_to": date(2026, 12, 31)}),
        ({}, {"valid_from": date(2026, 11, 21)}),
        ({}, {"role": Role.AUDITOR}),
        ({}, {"superseded_at": NOW}),
    ],
)
async def test_a_deputy_is_a_person_in_office_for_as_long(
    db: Connection, city: City, end: Any, account: dict[str, Any], grant: dict[str, Any]
) -> None:
    await make_deputy(db, city.school, account, **grant)
    with pytest.raises(LastAdministrator):
        await end(db, city.county_admin, city.school_admin)


@pytest.mark.parametrize("end", ENDINGS)
async def test_a_superior_is_no_administrator_of_the_school_itself(
    db: Connection, city: City, end: Any
) -> None:
    assert city.school["county_id"] == city.county["id"]
    with pytest.raises(LastAdministrator):
        await end(db, city.county_admin, city.school_admin)


async def test_a_substitute_goes_before_the_day_that_was_agreed(db: Connection, city: City) -> None:
    substitute = await make_deputy(db, city.school, {}, valid_to=date(2026, 12, 31))
    await suspend(db, city.county_admin, substitute)


async def test_one_who_administers_in_two_roles_may_lose_one_and_not_both(
    db: Connection, city: City
) -> None:
    account_id = city.county_admin.actor.account_id
    new = NewGrant(role=Role.SCHOOL_ADMIN, subject_id=city.county["id"])
    await grant_role(db, city.city_admin.actor, account_id=account_id, new=new, now=NOW)
    with pytest.raises(LastAdministrator):
        await suspend(db, city.city_admin, city.county_admin)
    first, second = await list_grants(db, city.city_admin.actor, account_id=account_id)
    assert {first["role"], second["role"]} == {"county_admin", "school_admin"}
    ended = await revoke_grant(db, city.city_admin.actor, grant_id=second["id"], now=NOW)
    assert ended["valid_to"] == TODAY
    with pytest.raises(LastAdministrator):
        await revoke_grant(db, city.city_admin.actor, grant_id=first["id"], now=NOW)


async def test_others_cost_no_more_than_a_look(db: Connection, city: City) -> None:
    deputy = await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)
    before = db.statements
    await suspend(db, city.school_admin, city.teacher_account)
    as_a_teacher, before = db.statements - before, db.statements
    await suspend(db, city.school_admin, deputy)
    assert db.statements - before == as_a_teacher + 1


@pytest.mark.parametrize("end", ENDINGS)
async def test_of_two_who_end_each_others_one_remains(
    real_pool: Pool, resources: Resources, end: Any
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        deputy = await make_account(db, "deputy", Role.SCHOOL_ADMIN, city.school)

    async def do(by: Person, whom: Person) -> None:
        async with real_pool.transaction() as db:
            await end(db, by, whom)
            await asyncio.sleep(0.1)

    done = await asyncio.gather(
        do(city.school_admin, deputy), do(deputy, city.school_admin), return_exceptions=True
    )
    assert [type(each) for each in done if each is not None] == [LastAdministrator]
    async with real_pool.connection() as db:
        left = await db._driver.fetchval(
            "SELECT count(*) FROM role_grant JOIN account ON account.id = account_id"
            " WHERE subject_id = $1 AND superseded_at IS NULL AND valid_to IS NULL"
            " AND suspended_at IS NULL",
            city.school["id"],
        )
    assert left == 1
