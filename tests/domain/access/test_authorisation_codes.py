import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.authorisation_codes import (
    CODE_LIVES,
    bind_authorisation_code,
    issue_authorisation_code,
    tidy_authorisation_codes,
    use_authorisation_code,
)
from app.domain.access.consents import give_consent
from app.domain.access.roles import Permission
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_city, make_sign_in, use_token
from tests.oauth import BACK, CHALLENGE, make_client

SCOPES = [Permission.UNIT_READ]


async def issue(db: Connection, city: City, client: Row) -> None:
    account_id = city.auditor.actor.account_id
    await give_consent(db, account_id=account_id, client_id=client["id"], scopes=SCOPES, now=NOW)
    await issue_authorisation_code(
        db, code_hash=b"code", client_id=client["id"], account_id=account_id,
        security_version=1, redirect_uri=BACK, challenge=CHALLENGE, scopes=SCOPES, now=NOW,
    )  # fmt: skip


async def use(db: Connection, client: Row, **more: Any) -> Row | None:
    fields = {
        "code_hash": b"code", "client_id": client["id"], "redirect_uri": BACK,
        "challenge": CHALLENGE, "now": NOW,
    }  # fmt: skip
    return await use_authorisation_code(db, **(fields | more))


@pytest.fixture
async def client(db: Connection, city: City) -> Row:
    made = await make_client(db, city.city)
    await issue(db, city, made)
    return made


async def test_a_code_is_good_once(db: Connection, city: City, client: Row) -> None:
    used = await use(db, client)
    assert used is not None
    assert (used["account_id"], used["scopes"]) == (city.auditor.actor.account_id, ["unit:read"])
    assert await use(db, client) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_hash": b"another"},
        {"redirect_uri": BACK + "/"},
        {"challenge": CHALLENGE[::-1]},
        {"now": NOW + CODE_LIVES},
    ],
)
async def test_it_is_good_for_nothing_else_and_not_spoilt_by_it(
    db: Connection, client: Row, wrong: dict[str, Any]
) -> None:
    assert await use(db, client, **wrong) is None
    last = NOW + CODE_LIVES - timedelta(microseconds=1)
    assert await use(db, client, now=last) is not None


async def test_it_is_no_good_to_another_application(
    db: Connection, city: City, client: Row
) -> None:
    other = await make_client(db, city.city, "other")
    assert await use(db, other) is None
    assert await use(db, client) is not None


async def test_used_again_it_ends_what_it_brought(db: Connection, city: City, client: Row) -> None:
    used = await use(db, client)
    assert used is not None
    account_id = city.auditor.actor.account_id
    sign_in_id = await make_sign_in(
        db, account_id, b"brought", client_id=client["id"], scopes=SCOPES
    )
    await bind_authorisation_code(db, code_id=used["id"], sign_in_id=sign_in_id)
    other = await make_client(db, city.city, "other")
    assert await use(db, other) is None
    assert await use_token(db, b"brought", client_id=client["id"]), "a stranger ends nothing"
    assert await use(db, client, challenge="wrong") is None
    assert await use_token(db, b"brought", client_id=client["id"]) is None


async def test_twice_at_once_exactly_one_wins_and_its_sign_in_ends(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        client = await make_client(db, city.city)
        await issue(db, city, client)
    account_id = city.auditor.actor.account_id

    async def exchange(token: bytes) -> bytes | None:
        async with real_pool.transaction() as db:
            used = await use(db, client)
            if used is None:
                return None
            await asyncio.sleep(0.1)
            sign_in_id = await make_sign_in(
                db, account_id, token, client_id=client["id"], scopes=SCOPES
            )
            await bind_authorisation_code(db, code_id=used["id"], sign_in_id=sign_in_id)
            return token

    won = [each for each in await asyncio.gather(exchange(b"a"), exchange(b"b")) if each]
    assert len(won) == 1
    async with real_pool.transaction() as db:
        assert await use_token(db, won[0], client_id=client["id"]) is None


async def test_codes_are_forgotten_a_day_later(
    db: Connection, driver: asyncpg.Connection, client: Row
) -> None:
    await tidy_authorisation_codes(db, now=NOW + CODE_LIVES + timedelta(days=1))
    assert await driver.fetchval("SELECT count(*) FROM authorisation_code") == 1
    await tidy_authorisation_codes(db, now=NOW + CODE_LIVES + timedelta(days=1, seconds=1))
    assert await driver.fetchval("SELECT count(*) FROM authorisation_code") == 0
