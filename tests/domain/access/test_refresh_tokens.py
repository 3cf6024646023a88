import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.administration import restore_account, suspend_account
from app.domain.access.refresh_tokens import find_sign_in, issue_refresh_token
from app.domain.access.sign_ins import stop_sign_ins
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_city, make_sign_in, use_token
from tests.oauth import make_client


async def use_and_issue(db: Connection, token: bytes, successor: bytes) -> Row | None:
    used = await use_token(db, token)
    if used is not None:
        await issue_refresh_token(db, sign_in_id=used["sign_in_id"], token_hash=successor, now=NOW)
    return used


@pytest.fixture
async def first(db: Connection, city: City) -> bytes:
    await make_sign_in(db, city.auditor.actor.account_id, b"first")
    return b"first"


async def test_each_is_used_once_and_issues_the_next(
    db: Connection, city: City, first: bytes
) -> None:
    sign_ins = set()
    for token, successor in ((first, b"second"), (b"second", b"third")):
        used = await use_and_issue(db, token, successor)
        assert used is not None
        assert used["account"]["id"] == city.auditor.actor.account_id
        sign_ins.add(used["sign_in_id"])
    assert len(sign_ins) == 1


async def test_use_again_ends_the_sign_in_and_nothing_else(
    db: Connection, city: City, first: bytes
) -> None:
    await make_sign_in(db, city.auditor.actor.account_id, b"other")
    assert await use_and_issue(db, first, b"second") is not None
    assert await use_and_issue(db, first, b"stolen") is None
    assert await use_and_issue(db, b"second", b"third") is None
    assert await use_and_issue(db, b"other", b"other 2") is not None


async def test_a_token_in_the_hands_of_another_application_ends_the_sign_in(
    db: Connection, city: City, first: bytes
) -> None:
    mine, other = [await make_client(db, city.city) for _ in range(2)]
    account_id = city.auditor.actor.account_id
    await make_sign_in(db, account_id, b"through", client_id=mine["id"], scopes=["unit:read"])
    assert await use_token(db, b"through", client_id=other["id"]) is None
    assert await use_token(db, b"through", client_id=mine["id"]) is None, "it has ended"
    assert await use_token(db, first, client_id=mine["id"]) is None, "it is our own tools'"
    assert await use_token(db, first) is None


async def test_what_an_application_was_allowed_is_told(db: Connection, city: City) -> None:
    client = await make_client(db, city.city)
    account_id = city.auditor.actor.account_id
    sign_in_id = await make_sign_in(
        db, account_id, b"through", client_id=client["id"], scopes=["unit:read"]
    )
    used = await use_token(db, b"through", client_id=client["id"])
    assert used is not None
    del used["account"]
    assert used == await find_sign_in(db, token_hash=b"through") == {
        "sign_in_id": sign_in_id, "account_id": account_id, "client_id": client["id"],
        "scopes": ["unit:read"],
    }  # fmt: skip


async def test_a_token_lives_a_fortnight(db: Connection, first: bytes) -> None:
    assert await use_token(db, first, now=NOW + timedelta(days=14)) is None


async def test_it_lives_to_the_last_moment(db: Connection, first: bytes) -> None:
    last = NOW + timedelta(days=14) - timedelta(microseconds=1)
    assert await use_token(db, first, now=last) is not None


async def test_an_unknown_one_is_refused(db: Connection, first: bytes) -> None:
    assert await use_token(db, b"unknown") is None
    assert await use_token(db, first) is not None


async def test_who_is_suspended_may_not_stay(
    db: Connection, driver: asyncpg.Connection, first: bytes
) -> None:
    await driver.execute("UPDATE account SET suspended_at = now()")
    assert await use_token(db, first) is None


async def test_what_others_have_tried_throws_nobody_out(
    db: Connection, driver: asyncpg.Connection, first: bytes
) -> None:
    await driver.execute("UPDATE account SET locked_until = '2027-01-01Z'")
    assert await use_token(db, first) is not None


async def test_all_of_an_account_can_be_ended(db: Connection, city: City, first: bytes) -> None:
    await make_sign_in(db, city.county_admin.actor.account_id, b"another's")
    await stop_sign_ins(db, account_id=city.auditor.actor.account_id, now=NOW)
    assert await use_token(db, first) is None
    assert await use_token(db, b"another's") is not None


async def test_used_twice_at_once_exactly_one_wins_and_the_sign_in_ends(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_sign_in(db, city.auditor.actor.account_id, b"first")

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
        account_id = city.teacher_account.actor.account_id
        await make_sign_in(db, account_id, b"first")
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
        assert await use_token(db, b"second") is None
