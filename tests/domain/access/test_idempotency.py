import asyncio

import pytest

from app.database.pool import Pool
from app.domain.access.idempotency import (
    UNKNOWN,
    Answer,
    AnswerUnknown,
    KeyInUse,
    KeyReused,
    find_answer,
    hash_of_key,
    keep_answer,
    settle_answer,
)
from app.request import Resources
from app.sql import Connection
from tests.make import City, make_city

KEY = "abcdefgh-1"
ANSWER = Answer(status=201, body=b'{"made":1}')


async def test_the_same_request_gets_the_same_answer(db: Connection, city: City) -> None:
    actor = city.county_admin.actor
    assert await find_answer(db, actor, key=KEY, fingerprint=b"one") is None
    await keep_answer(db, actor, key=KEY, fingerprint=b"one", answer=ANSWER)
    assert await find_answer(db, actor, key=KEY, fingerprint=b"one") == ANSWER
    with pytest.raises(KeyReused):
        await find_answer(db, actor, key=KEY, fingerprint=b"two")


async def test_a_key_is_the_accounts_own(db: Connection, city: City) -> None:
    mine, other = city.county_admin.actor, city.other_county_admin.actor
    await keep_answer(db, mine, key=KEY, fingerprint=b"one", answer=ANSWER)
    assert await find_answer(db, other, key=KEY, fingerprint=b"one") is None
    assert hash_of_key(mine, KEY) != hash_of_key(other, KEY)
    assert -(2**63) <= hash_of_key(mine, KEY) < 2**63


async def test_an_effect_without_its_answer_is_known_until_it_is_told(
    db: Connection, city: City
) -> None:
    actor = city.county_admin.actor
    await keep_answer(db, actor, key=KEY, fingerprint=b"one", answer=UNKNOWN)
    with pytest.raises(AnswerUnknown):
        await find_answer(db, actor, key=KEY, fingerprint=b"one")
    with pytest.raises(KeyReused):
        await find_answer(db, actor, key=KEY, fingerprint=b"two")
    await settle_answer(db, city.other_county_admin.actor, key=KEY, answer=ANSWER)
    with pytest.raises(AnswerUnknown):
        await find_answer(db, actor, key=KEY, fingerprint=b"one")
    await settle_answer(db, actor, key=KEY, answer=ANSWER)
    # What was told once stays.
    await settle_answer(db, actor, key=KEY, answer=Answer(status=200, body=b"another"))
    assert await find_answer(db, actor, key=KEY, fingerprint=b"one") == ANSWER


async def test_two_at_once_are_not_both_the_first(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    actor, began, ended = city.county_admin.actor, asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with real_pool.transaction() as db:
            assert await find_answer(db, actor, key=KEY, fingerprint=b"one") is None
            began.set()
            await ended.wait()
            await keep_answer(db, actor, key=KEY, fingerprint=b"one", answer=ANSWER)

    async def second() -> None:
        await began.wait()
        async with real_pool.transaction() as db:
            with pytest.raises(KeyInUse):
                await find_answer(db, actor, key=KEY, fingerprint=b"one")
        ended.set()

    await asyncio.gather(first(), second())
    async with real_pool.transaction() as db:
        assert await find_answer(db, actor, key=KEY, fingerprint=b"one") == ANSWER
