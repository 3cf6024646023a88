import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.device_codes import (
    DEVICE_CODE_LIVES,
    POLLED_EVERY,
    DeviceAnswer,
    answer_device_code,
    find_device_code,
    poll_device_code,
    start_device_code,
    tidy_device_codes,
)
from app.domain.access.roles import Permission
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_city
from tests.oauth import make_client


async def start(db: Connection, client: Row) -> None:
    await start_device_code(
        db, code_hash=b"long", user_code="WDJB-MJHT", client_id=client["id"],
        scopes=[Permission.UNIT_READ], now=NOW,
    )  # fmt: skip


@pytest.fixture
async def client(db: Connection, city: City) -> Row:
    made = await make_client(db, city.city)
    await start(db, made)
    return made


async def poll(db: Connection, client: Row, now: datetime = NOW) -> DeviceAnswer:
    return (await poll_device_code(db, code_hash=b"long", client_id=client["id"], now=now)).answer


async def answer(db: Connection, city: City | None, now: datetime = NOW) -> bool:
    found = await find_device_code(db, user_code="WDJB-MJHT", now=NOW)
    assert found is not None
    account = {"id": city.auditor.actor.account_id, "security_version": 1} if city else None
    return await answer_device_code(db, request_id=found["id"], account=account, now=now)


async def test_a_device_waits_is_allowed_and_is_told_so_once(
    db: Connection, city: City, client: Row
) -> None:
    assert await poll(db, client) is DeviceAnswer.PENDING
    assert await answer(db, city)
    assert await find_device_code(db, user_code="WDJB-MJHT", now=NOW) is None
    polled = await poll_device_code(db, code_hash=b"long", client_id=client["id"], now=NOW)
    assert polled.answer is DeviceAnswer.ALLOWED
    assert polled.request is not None
    assert polled.request["account_id"] == city.auditor.actor.account_id
    assert polled.request["scopes"] == ["unit:read"]
    assert await poll(db, client) is DeviceAnswer.EXPIRED


async def test_a_device_that_is_denied_is_told_so(db: Connection, client: Row) -> None:
    assert await answer(db, None)
    assert await poll(db, client) is DeviceAnswer.DENIED


async def test_a_device_that_asks_too_fast_is_told_so(db: Connection, client: Row) -> None:
    assert await poll(db, client) is DeviceAnswer.PENDING
    soon = NOW + POLLED_EVERY - timedelta(milliseconds=1)
    assert await poll(db, client, soon) is DeviceAnswer.TOO_FAST
    assert await poll(db, client, soon + POLLED_EVERY) is DeviceAnswer.PENDING


async def test_a_request_is_answered_once(db: Connection, city: City, client: Row) -> None:
    found = await find_device_code(db, user_code="WDJB-MJHT", now=NOW)
    assert found is not None
    assert await answer(db, None)
    assert not await answer_device_code(
        db, request_id=found["id"], now=NOW,
        account={"id": city.auditor.actor.account_id, "security_version": 1},
    )  # fmt: skip
    assert await poll(db, client) is DeviceAnswer.DENIED


async def test_its_time_is_over_for_everybody(db: Connection, city: City, client: Row) -> None:
    over = NOW + DEVICE_CODE_LIVES
    assert await find_device_code(db, user_code="WDJB-MJHT", now=over) is None
    assert not await answer(db, city, over)
    assert await poll(db, client, over) is DeviceAnswer.EXPIRED


async def test_the_code_of_another_application_is_none(
    db: Connection, city: City, client: Row
) -> None:
    other = await make_client(db, city.city, "other")
    assert await poll(db, other) is DeviceAnswer.EXPIRED
    assert await poll(db, client) is DeviceAnswer.PENDING


async def test_asked_twice_at_once_one_is_told_allowed(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        client = await make_client(db, city.city)
        await start(db, client)
        await answer(db, city)

    async def ask() -> DeviceAnswer:
        async with real_pool.transaction() as db:
            return await poll(db, client)

    answers = await asyncio.gather(*(ask() for _ in range(4)))
    assert sorted(answers) == [DeviceAnswer.ALLOWED] + [DeviceAnswer.EXPIRED] * 3


async def test_requests_are_forgotten_when_their_time_is_over(
    db: Connection, driver: asyncpg.Connection, client: Row
) -> None:
    await tidy_device_codes(db, now=NOW + DEVICE_CODE_LIVES)
    assert await driver.fetchval("SELECT count(*) FROM device_code") == 1
    await tidy_device_codes(db, now=NOW + DEVICE_CODE_LIVES + timedelta(seconds=1))
    assert await driver.fetchval("SELECT count(*) FROM device_code") == 0
