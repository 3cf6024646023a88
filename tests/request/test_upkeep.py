import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.attempts import count_attempt
from app.domain.access.sign_ins import end_sign_in
from app.domain.training.files import get_file
from app.main import open_resources
from app.request import Resources, now, upkeep
from app.request.actors import RevokedToken, claims_of
from app.request.upkeep import duties, forgetting, hearing, keys_file
from app.security import signing_keys
from app.security.tokens import InvalidToken
from app.settings import Settings
from tests.domain.credits.making import make_pack, make_recognised
from tests.domain.credits.packs.test_publishing import refine
from tests.domain.credits.test_credit_loans import lend, lending
from tests.domain.training.test_files import PNG, everything, hand_in
from tests.make import NOW, City, make_city, make_sign_in


@pytest.fixture
def settings(urls: Urls, tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path).model_copy(update={"database_url": urls.application})


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[tuple[Resources, Resources]]:
    """Two processes with one data folder, as far as they can be told apart."""
    async with AsyncExitStack() as stack:
        held = [await stack.enter_async_context(open_resources(settings)) for _ in range(2)]
        await asyncio.sleep(0.3)
        yield held[0], held[1]


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until a condition holds; a failure where it does not in time."""
    for _ in range(round(seconds * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about in time")


def names(held: Resources) -> list[str]:
    return [key["kid"] for key in held.keyring.jwks()["keys"]]


def accepts(held: Resources, token: str) -> bool:
    try:
        held.tokens.read(token)
    except (InvalidToken, RevokedToken):
        return False
    return True


async def test_running_processes_follow_a_rotation(
    two: tuple[Resources, Resources], settings: Settings, city: City
) -> None:
    first, second = two
    claims = claims_of(city.auditor.actor, security_version=1)
    token, path = first.keyring.sign(claims), keys_file(settings.data_folder)
    assert accepts(second, token)
    current, following = names(first)
    signing_keys.rotate(path)
    between = first.keyring.sign(claims)
    await until(lambda: len(names(first)) == len(names(second)) == 3)
    assert names(first) == names(second)
    assert [names(first)[0], names(first)[2]] == [following, current]
    for held in two:
        assert accepts(held, token), "a retiring key is accepted until it retires"
        assert accepts(held, between)
        assert accepts(held, second.keyring.sign(claims))
    signing_keys.rotate(path)
    await until(lambda: current not in names(first) + names(second))
    for held in two:
        assert not accepts(held, token), "known before, and of a key that has retired"


async def test_a_bad_file_of_keys_changes_nothing(
    two: tuple[Resources, Resources], settings: Settings, city: City,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    held, path = two[0], keys_file(settings.data_folder)
    token = held.keyring.sign(claims_of(city.auditor.actor, security_version=1))
    good, known = path.read_text(), names(held)
    for bad, mode in ((b"hidden", 0o644), (good.encode(), 0o644), (b"\xff\xfe hidden", 0o600)):
        path.write_bytes(bad)
        path.chmod(mode)
        await until(lambda: "not usable" in caplog.text)
        caplog.clear()
        assert names(held) == known
        assert accepts(held, token)
    assert "hidden" not in caplog.text
    path.unlink()
    await asyncio.sleep(1.2)
    assert names(held) == known
    assert accepts(held, token)


async def test_a_sign_in_that_has_ended_ends_in_every_process(
    two: tuple[Resources, Resources], real_pool: Pool, settings: Settings
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, two[0].cipher)
        actor = city.auditor.actor
        ended, other = [await make_sign_in(db, actor.account_id, each) for each in (b"1", b"2")]
    tokens = [
        two[0].keyring.sign(claims_of(actor, security_version=1, sign_in_id=each))
        for each in (ended, other)
    ]
    assert all(accepts(held, token) for held in two for token in tokens)
    async with real_pool.transaction() as db:
        await end_sign_in(db, actor, sign_in_id=ended, now=now())
    for held in two:
        await until(partial(lambda each: not accepts(each, tokens[0]), held))
        assert accepts(held, tokens[1])
    async with open_resources(settings) as started_later:
        await until(lambda: not accepts(started_later, tokens[0]))
        assert accepts(started_later, tokens[1])
        with pytest.raises(RevokedToken):
            started_later.tokens.read(tokens[0])


async def test_what_has_run_out_is_forgotten_at_the_start(
    real_pool: Pool, settings: Settings
) -> None:
    async with real_pool.connection() as db:
        past = now() - timedelta(days=2)
        await count_attempt(db, key=b"old", at_once=1, every=timedelta(seconds=1), now=past)

    async def kept() -> int:
        async with real_pool.connection() as db:
            return int(await db._driver.fetchval("SELECT count(*) FROM attempt"))

    assert await kept() == 1
    async with open_resources(settings):
        for _ in range(200):
            if await kept() == 0:
                break
            await asyncio.sleep(0.02)
    assert await kept() == 0


async def test_whatever_fails_what_was_revoked_is_heard(
    real_pool: Pool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect in one duty of a process must not leave it deaf: it would accept what has ended."""

    async def fail(_db: object, **_arguments: object) -> int:
        raise KeyError("a defect")

    monkeypatch.setattr(duties, "seal_trail", fail)
    monkeypatch.setattr(forgetting, "FORGETTING", (fail,))
    async with open_resources(settings) as held:
        async with real_pool.transaction() as db:
            actor = (await make_city(db, held.cipher)).auditor.actor
            sign_in_id = await make_sign_in(db, actor.account_id, b"1")
        claims = claims_of(actor, security_version=1, sign_in_id=sign_in_id)
        token = held.keyring.sign(claims)
        await asyncio.sleep(0.5)
        assert accepts(held, token)
        async with real_pool.transaction() as db:
            await end_sign_in(db, actor, sign_in_id=sign_in_id, now=now())
        await until(lambda: not accepts(held, token))


async def test_a_connection_that_was_cut_without_a_word_is_found_out(
    real_pool: Pool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, opened = asyncpg.connect, []

    async def remember(*arguments: Any, **more: Any) -> asyncpg.Connection:
        driver = await connect(*arguments, **more)
        if "server_settings" not in more:  # those of the pool have settings, what listens has none
            opened.append(driver)
        return driver

    monkeypatch.setattr(asyncpg, "connect", remember)
    monkeypatch.setattr(hearing, "_PROVED_EVERY", 0.2)
    async with open_resources(settings) as held:
        async with real_pool.transaction() as db:
            actor = (await make_city(db, held.cipher)).auditor.actor
            sign_in_id = await make_sign_in(db, actor.account_id, b"1")
        claims = claims_of(actor, security_version=1, sign_in_id=sign_in_id)
        token = held.keyring.sign(claims)
        await until(lambda: len(opened) == 1)
        await asyncio.sleep(0.5)
        assert accepts(held, token)
        assert len(opened) == 1, "a connection that answers is kept"
        opened[0]._transport.pause_reading()
        async with real_pool.transaction() as db:
            await end_sign_in(db, actor, sign_in_id=sign_in_id, now=now())
        await until(lambda: not accepts(held, token))
        assert len(opened) == 2


async def test_files_that_are_attached_to_nothing_are_forgotten(
    real_pool: Pool, resources: Resources
) -> None:
    held = replace(resources, pool=real_pool)
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        fresh = await hand_in(db, city.teacher_account, held.archive, PNG + b"fresh")
    kept = await everything(held.archive)
    await upkeep.tidy_files(held)
    # What came within a day is not touched, whatever refers to it.
    assert await everything(held.archive) == kept
    async with real_pool.transaction() as db:
        assert (await get_file(db, city.teacher_account.actor, file_id=fresh["id"])) == fresh


async def test_loans_that_fall_due_and_standings_that_grow_stale_are_seen_to(
    real_pool: Pool, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A county's numbers, published after the entries, are counted; what was lent is taken back."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city, lending())
        await make_recognised(db, city.county, city.city_admin, [city.teacher], hours="40.00")
        await lend(db, city)
        await refine(db, city, {"caps.county-each-year.maximum": "30.00"})
    monkeypatch.setattr(duties, "now", lambda: NOW + timedelta(days=366))
    held = replace(resources, pool=real_pool)

    async def counted() -> Any:
        async with real_pool.transaction(read_only=True) as db:
            return await db._driver.fetchval("SELECT counted_credits FROM standing")

    assert await counted() == 55
    work = [
        asyncio.create_task(each(held)) for each in (duties.collect_loans, duties.count_standings)
    ]
    try:
        for _ in range(400):
            if await counted() == 30:
                break
            await asyncio.sleep(0.05)
        assert await counted() == 30
    finally:
        for each in work:
            each.cancel()
        await asyncio.gather(*work, return_exceptions=True)
