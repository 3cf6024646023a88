import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.administration import restore_account, suspend_account
from app.domain.access.refresh_tokens import (
    issue_refresh_token,
    revoke_refresh_tokens,
    use_refresh_token,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_city


async def use_and_issue(db: Connection, token: bytes, successor: bytes) -> Row | None:
    used = await use_refresh_token(db, token_hash=token, now=NOW)
    if used is not None:
        await issue_refresh_token(
            db, account_id=used["account"]["id"], token_hash=successor, now=NOW,
            family_id=used["family_id"],
        )  # fmt: skip
    return used


@pytest.fixture
async def first(db: Connection, city: City) -> bytes:
    account_id = city.auditor.actor.account_id
    await issue_refresh_token(db, account_id=account_id, token_hash=b"first", now=NOW)
    return b"first"


async def test_each_is_used_once_and_issues_the_next(
    db: Connection, city: City, first: bytes
) -> None:
    families = set()
    for token, successor in ((first, b"second"), (b"second", b"third")):
        used = await use_and_issue(db, token, successor)
        assert used is not None
        assert used["account"]["id"] == city.auditor.actor.account_id
        families.add(used["family_id"])
    assert len(families) == 1


async def test_use_again_revokes_the_family_and_nothing_else(
    db: Connection, city: City, first: bytes
) -> None:
    account_id = city.auditor.actor.account_id
    await issue_refresh_token(db, account_id=account_id, token_hash=b"other", now=NOW)
    assert await use_and_issue(db, first, b"second") is not None
    assert await use_and_issue(db, first, b"stolen") is None
    assert await use_and_issue(db, b"second", b"third") is None
    assert await use_and_issue(db, b"other", b"other 2") is not None


async def test_a_token_lives_a_fortnight(db: Connection, first: bytes) -> None:
    assert await use_refresh_token(db, token_hash=first, now=NOW + timedelta(days=14)) is None


async def test_it_lives_to_the_last_moment(db: Connection, first: bytes) -> None:
    last = NOW + timedelta(days=14) - timedelta(microseconds=1)
    assert await use_refresh_token(db, token_hash=first, now=last) is not None


async def test_an_unknown_one_is_refused(db: Connection, first: bytes) -> None:
    assert await use_refresh_token(db, token_hash=b"unknown", now=NOW) is None
    assert await use_refresh_token(db, token_hash=first, now=NOW) is not None


@pytest.mark.parametrize("state", ["suspended_at = now()", "locked_until = '2027-01-01Z'"])
async def test_who_may_not_sign_in_may_not_stay(
    db: Connection, driver: asyncpg.Connection, first: bytes, state: str
) -> None:
    await driver.execute(f"UPDATE account SET {state}")  # noqa: S608
    assert await use_refresh_token(db, token_hash=first, now=NOW) is None


async def test_all_of_an_account_can_be_ended(db: Connection, city: City, first: bytes) -> None:
    other = city.county_admin.actor.account_id
    await issue_refresh_token(db, account_id=other, token_hash=b"another's", now=NOW)
    await revoke_refresh_tokens(db, account_id=city.auditor.actor.account_id, now=NOW)
    assert await use_refresh_token(db, token_hash=first, now=NOW) is None
    assert await use_refresh_token(db, token_hash=b"another's", now=NOW) is not None


async def test_used_twice_at_once_exactly_one_wins_and_the_family_ends(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        account_id = city.auditor.actor.account_id
        await issue_refresh_token(db, account_id=account_id, token_hash=b"first", now=NOW)

    async def use(successor: bytes) -> bytes | None:
        async with real_pool.transaction() as db:
            return successor if await use_and_issue(db, b"first", successor) else None

    won = [each for each in await asyncio.gather(use(b"a"), use(b"b"), use(b"c")) if each]
    assert len(won) == 1
    async with real_pool.transaction() as db:
        assert await use_and_issue(db, won[0], b"next") is None


async def test_none_is_renewed_past_a_suspension(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        account_id = city.school_admin.actor.account_id
        await issue_refresh_token(db, account_id=account_id, token_hash=b"first", now=NOW)
    used, issue = asyncio.Event(), asyncio.Event()

    async def renew() -> None:
        async with real_pool.transaction() as db:
            assert await use_and_issue(db, b"first", b"second") is not None
            used.set()
            await issue.wait()

    async def suspend() -> None:
        await used.wait()
        async with real_pool.transaction() as db:
            asyncio.get_running_loop().call_later(0.1, issue.set)
            await suspend_account(db, city.city_admin.actor, account_id=account_id, now=NOW)

    await asyncio.gather(renew(), suspend())
    async with real_pool.transaction() as db:
        await restore_account(db, city.city_admin.actor, account_id=account_id, now=NOW)
        assert await use_refresh_token(db, token_hash=b"second", now=NOW) is None
