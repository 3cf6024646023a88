import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.accounts import LOCKED_AFTER, LOCKED_FOR
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Role
from app.domain.access.sign_in import (
    actor_of_account,
    admit_account,
    find_account,
    may_sign_in,
    read_credentials,
    record_wrong_secret,
)
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_city


async def account_of(db: Connection, person: Person) -> Row:
    account = await find_account(db, name=person.name)
    assert account is not None
    return account


async def test_an_account_is_found_by_its_whole_name_only(db: Connection, city: City) -> None:
    account = await account_of(db, city.auditor)
    assert account["id"] == city.auditor.actor.account_id
    assert await read_credentials(db, account_id=account["id"]) == account
    for name in (city.auditor.name.upper(), city.auditor.name[:-1], "%", ""):
        assert await find_account(db, name=name) is None


async def test_the_tenth_wrong_secret_locks_for_a_quarter_of_an_hour(
    db: Connection, city: City
) -> None:
    account_id = city.auditor.actor.account_id
    for number in range(LOCKED_AFTER):
        account = await account_of(db, city.auditor)
        assert may_sign_in(account, now=NOW)
        assert account["wrong_secrets"] == number
        await record_wrong_secret(db, account_id=account_id, now=NOW)
    locked = await account_of(db, city.auditor)
    assert locked["locked_until"] == NOW + LOCKED_FOR == NOW + timedelta(minutes=15)
    assert locked["wrong_secrets"] == 0
    assert not may_sign_in(locked, now=NOW + LOCKED_FOR - timedelta(microseconds=1))
    assert may_sign_in(locked, now=NOW + LOCKED_FOR)
    await record_wrong_secret(db, account_id=account_id, now=NOW + timedelta(minutes=1))
    assert await account_of(db, city.auditor) == locked, "it neither counts nor locks for longer"


async def test_wrong_secrets_at_once_lock_exactly(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def wrong() -> None:
        async with real_pool.transaction() as db:
            await record_wrong_secret(db, account_id=city.auditor.actor.account_id, now=NOW)

    await asyncio.gather(*(wrong() for _ in range(LOCKED_AFTER - 1)))
    async with real_pool.connection() as db:
        account = await account_of(db, city.auditor)
        assert (account["wrong_secrets"], account["locked_until"]) == (LOCKED_AFTER - 1, None)
    await asyncio.gather(*(wrong() for _ in range(5)))
    async with real_pool.connection() as db:
        account = await account_of(db, city.auditor)
        assert (account["wrong_secrets"], account["locked_until"]) == (0, NOW + LOCKED_FOR)


async def test_a_right_secret_ends_the_count(db: Connection, city: City) -> None:
    account = await account_of(db, city.auditor)
    await record_wrong_secret(db, account_id=account["id"], now=NOW)
    admitted = await admit_account(db, account=account, now=NOW)
    assert admitted is not None
    assert await account_of(db, city.auditor) == account


@pytest.mark.parametrize(
    "meanwhile",
    ["suspended_at = now()", "locked_until = '2026-11-20T02:00:01Z'", "secret = 'another'"],
)
async def test_what_happened_while_the_secret_was_checked_counts(
    db: Connection, driver: asyncpg.Connection, city: City, meanwhile: str
) -> None:
    person = await make_account(db, "admitted", Role.AUDITOR, city.county, secret=b"hash")
    account = await account_of(db, person)
    assert await admit_account(db, account=account, now=NOW) == account
    await driver.execute(f"UPDATE account SET {meanwhile} WHERE id = $1", account["id"])  # noqa: S608
    assert await admit_account(db, account=account, now=NOW) is None


async def test_an_actor_is_what_was_granted_with_its_present_place(
    db: Connection, city: City
) -> None:
    for person in (
        city.city_admin, city.county_admin, city.school_admin, city.teacher_account,
    ):  # fmt: skip
        account = await account_of(db, person)
        assert await actor_of_account(db, account=account, now=NOW) == person.actor


MIDNIGHT = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
"""The moment at which 20 November begins in China."""


@pytest.mark.parametrize(
    ("period", "eve", "morning"),
    [
        ({"valid_from": date(2026, 11, 20)}, False, True),
        ({"valid_from": date(2026, 11, 21)}, False, False),
        ({"valid_to": date(2026, 11, 20)}, True, False),
        ({"valid_to": date(2026, 11, 21)}, True, True),
        ({"superseded_at": MIDNIGHT}, False, False),
    ],
)
async def test_a_day_begins_at_midnight_in_china(
    db: Connection, city: City, period: dict[str, Any], eve: bool, morning: bool
) -> None:
    person = await make_account(db, "dated", Role.AUDITOR, city.county)
    row = {
        "id": new_id(), "account_id": person.actor.account_id, "role": Role.SCHOOL_ADMIN,
        "subject": "unit", "subject_id": city.school["id"], "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    await db.insert(RoleGrant, row | period)
    account = await account_of(db, person)

    async def has_it(now: datetime) -> bool:
        actor = await actor_of_account(db, account=account, now=now)
        return Role.SCHOOL_ADMIN in {grant.role for grant in actor.grants}

    assert await has_it(MIDNIGHT - timedelta(microseconds=1)) is eve
    assert await has_it(MIDNIGHT) is morning


async def test_without_grants_one_signs_in_and_is_nobody(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    account = await account_of(db, city.school_admin)
    await driver.execute(
        "UPDATE role_grant SET superseded_at = now() WHERE account_id = $1", account["id"]
    )
    actor = await actor_of_account(db, account=account, now=NOW)
    assert (actor.grants, actor.reach.shape) == ((), ())
