"""`yanxun keys personal-data` and `yanxun retention`, on a database whose commits are real."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.cli.personal_data import (
    NoPersonalDataKeys,
    PersonalDataKeysElsewhere,
    keys_file,
    list_keys,
    reseal,
    retain,
    rotate,
)
from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.people.facts.engagement import STATE, ServiceState
from app.security.personal_data import SealingCipher, load_cipher
from app.settings import get_settings
from app.sql import Connection
from tests.conftest import empty
from tests.make import City, make_city, make_fact
from tests.make_personal import make_phone

T = TypeVar("T")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, urls: Urls) -> Iterator[Path]:
    monkeypatch.setenv("YANXUN_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", urls.application)
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()
    asyncio.run(empty(urls.owner))


@pytest.fixture
def cipher(folder: Path) -> SealingCipher:
    return load_cipher(keys_file(get_settings()))


def on_database(urls: Urls, act: Callable[[Connection], Coroutine[Any, Any, T]]) -> T:
    async def run() -> T:
        pool = await Pool.open(urls.application, size=1, patience=10, statement_timeout=30)
        try:
            async with pool.transaction() as db:
                return await act(db)
        finally:
            await pool.close()

    return asyncio.run(run())


@pytest.fixture
def city(urls: Urls, cipher: SealingCipher) -> City:
    async def make(db: Connection) -> City:
        made = await make_city(db, cipher)
        await make_phone(db, cipher, made.teacher_account, made.teacher)
        retired = date(datetime.now(UTC).year - 2, 1, 1)
        await make_fact(db, made.teacher, STATE, retired, state=ServiceState.RETIRED)
        return made

    return on_database(urls, make)


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_rotation_seals_everything_anew_and_is_recorded(
    urls: Urls, city: City, cipher: SealingCipher, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    list_keys()
    assert shown(capsys) == ["1  aes-256-gcm  6  当前 / current"]
    monkeypatch.setenv("YANXUN_PERSONAL_DATA_CIPHER", "sm4-gcm")
    get_settings.cache_clear()
    rotate()
    list_keys()
    assert shown(capsys)[1:] == ["1  aes-256-gcm  0", "2  sm4-gcm  6  当前 / current"]
    assert cipher.current == 2, "a process that runs has followed"

    async def look(db: Connection) -> tuple[bytes, list[str]]:
        sealed = await db._driver.fetchval(
            "SELECT id_number_sealed FROM teacher WHERE id = $1", city.teacher["id"]
        )
        acts = await db._driver.fetch("SELECT operation FROM audit_act WHERE account_id IS NULL")
        return bytes(sealed), [row["operation"] for row in acts]

    sealed, acts = on_database(urls, look)
    context = f"teacher|id_number|{city.teacher['id']}"
    assert cipher.open(sealed, context=context) == cipher.open(
        city.teacher["id_number_sealed"], context=context
    )
    assert acts == ["rotate_personal_data_key"]
    reseal()
    assert shown(capsys) == ["全部已用第 2 版密钥封存 / all is sealed with key 2"]


def test_keys_of_the_environment_are_rotated_there(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = keys_file(get_settings())
    before = path.read_text()
    monkeypatch.setenv("YANXUN_PERSONAL_DATA_KEYS", before)
    get_settings.cache_clear()
    with pytest.raises(PersonalDataKeysElsewhere):
        rotate()
    assert path.read_text() == before


def test_there_is_nothing_to_rotate_before_the_first_start(folder: Path) -> None:
    for act in (list_keys, rotate, reseal):
        with pytest.raises(NoPersonalDataKeys):
            act()
    assert list(folder.iterdir()) == []


def test_what_is_kept_too_long_is_counted_and_erased(
    urls: Urls, city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    async def numbers(db: Connection) -> int:
        return int(await db._driver.fetchval("SELECT count(*) FROM teacher_phone"))

    for dry_run, said, left in (
        (True, "overdue 1", 1),
        (False, "erased 1", 0),
        (False, "erased 0", 0),
    ):
        retain(dry_run=dry_run)
        [line] = shown(capsys)
        assert line.endswith(said)
        assert on_database(urls, numbers) == left
