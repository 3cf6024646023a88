"""`yanxun keys personal-data`: the keys that seal personal data; `yanxun retention`: what is kept too long."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from app.cli.auditing import record_operation
from app.cli.database import migrated, pool_of_one
from app.cli.output import console
from app.database.migrations import all_tables
from app.domain.errors import Unavailable
from app.domain.people.personal_data import FIRST, count_seals, reseal_batch, sealed_columns
from app.domain.people.retention import PHONE_MONTHS, count_overdue, erase_overdue
from app.security import personal_data
from app.security.personal_data import CipherName, PersonalDataKeys, SealingCipher, load_cipher
from app.settings import Settings, get_settings

_AT_ONCE = 500
"""Values that one transaction seals anew: requests that write the same rows wait for it."""


class PersonalDataKeysElsewhere(Unavailable):
    """The keys come from the environment, and only whoever sets it can add one."""

    code = "personal_data_keys_elsewhere"
    zh = (
        "个人信息密钥来自环境变量 YANXUN_PERSONAL_DATA_KEYS：请在那里新增版本并设为 current，"
        "重启全部进程后执行 yanxun keys personal-data reseal。"
    )
    en = (
        "The keys come from YANXUN_PERSONAL_DATA_KEYS: add a version there, make it current, restart "
        "every process, then run `yanxun keys personal-data reseal`."
    )


class NoPersonalDataKeys(Unavailable):
    """Nothing has been started with this data folder yet."""

    code = "no_personal_data_keys"
    zh = "{folder} 中尚无个人信息密钥：首次启动时生成。"
    en = "There are no keys of personal data in {folder} yet: the first start makes them."


def list_keys() -> None:
    """Print each version of the key, its cipher, and how many values are sealed with it."""
    keys = _keys(get_settings())
    with migrated(get_settings()) as settings:
        counts = asyncio.run(_count(settings))
    for version, cipher in sorted(keys.ciphers.items()):
        current = "  当前 / current" if version == keys.current else ""
        console.print(f"{version}  {cipher}  {counts.pop(version, 0)}{current}", markup=False)
    for version, values in sorted(counts.items()):
        console.print(f"{version}  缺失 / MISSING  {values}", markup=False)


def rotate() -> None:
    """Add a key, which seals from now on, and seal anew what the older ones have sealed.

    Processes that serve follow by themselves. The older keys stay, for what is in copies of the database.
    """
    settings = get_settings()
    if settings.personal_data_keys is not None:
        raise PersonalDataKeysElsewhere
    with migrated(settings) as reached:
        try:
            personal_data.rotate(keys_file(settings), CipherName(settings.personal_data_cipher))
        except FileNotFoundError:
            raise NoPersonalDataKeys(folder=settings.data_folder) from None
        asyncio.run(record_operation(reached, "rotate_personal_data_key"))
        _reseal(reached)


def reseal() -> None:
    """Go on sealing anew what older keys have sealed; nothing happens where nothing is left."""
    _keys(get_settings())
    with migrated(get_settings()) as settings:
        _reseal(settings)


def retain(*, dry_run: bool) -> None:
    """Erase what is kept longer than it may be; with `dry_run` only say how much that is."""
    with migrated(get_settings()) as settings:
        overdue = asyncio.run(_erase(settings, dry_run=dry_run))
        if overdue and not dry_run:
            asyncio.run(record_operation(settings, "erase_overdue"))
    done = "应删除 / overdue" if dry_run else "已删除 / erased"
    console.print(
        f"退休或调离满 {PHONE_MONTHS} 个月者的手机号 / telephone numbers: {done} {overdue}"
    )


def keys_file(settings: Settings) -> Path:
    """Where the keys of personal data lie."""
    return settings.data_folder / "personal_data_keys.json"


def _keys(settings: Settings) -> PersonalDataKeys:
    given = settings.personal_data_keys
    path = keys_file(settings)
    if given is None and not path.exists():
        raise NoPersonalDataKeys(folder=settings.data_folder)
    text = path.read_text(encoding="utf-8") if given is None else given.get_secret_value()
    return personal_data.parse_keys(text)


def _cipher(settings: Settings) -> SealingCipher:
    given = settings.personal_data_keys
    return load_cipher(keys_file(settings), None if given is None else given.get_secret_value())


def _reseal(settings: Settings) -> None:
    cipher = _cipher(settings)
    all_tables()
    asyncio.run(_reseal_all(settings, cipher))
    console.print(
        f"全部已用第 {cipher.current} 版密钥封存 / all is sealed with key {cipher.current}"
    )


async def _reseal_all(settings: Settings, cipher: SealingCipher) -> None:
    async with pool_of_one(settings) as pool:
        for sealed in sealed_columns():
            last: UUID | None = FIRST
            while last is not None:
                async with pool.transaction() as db:
                    last = await reseal_batch(
                        db, sealed=sealed, after=last, at_most=_AT_ONCE, cipher=cipher
                    )


async def _count(settings: Settings) -> dict[int, int]:
    all_tables()
    async with pool_of_one(settings) as pool, pool.transaction(read_only=True) as db:
        return await count_seals(db)


async def _erase(settings: Settings, *, dry_run: bool) -> int:
    async with pool_of_one(settings) as pool, pool.transaction() as db:
        act = count_overdue if dry_run else erase_overdue
        return await act(db, now=datetime.now(UTC))
