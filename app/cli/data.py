"""The commands that look after the data: `migrate`, `demo load`, `restored`, `verify`."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec

from app.cli.accounts import show_new_accounts
from app.cli.auditing import record_operation
from app.cli.database import OwnerUnknown, available, bring_up_to_date, pool_of_one
from app.cli.output import console, progress_bar
from app.demo.listed import Account
from app.demo.loading import load_demo
from app.demo.scales import DEMO, SCALES, Scale
from app.domain.credits.verification import Verification, verify_ledger
from app.domain.errors import Conflict
from app.domain.exchange.changes import raise_change_epoch
from app.security.personal_data import CipherName, load_cipher
from app.security.tokens import open_signed
from app.settings import Settings, get_settings
from app.sql import Connection, prepare_connection


class LedgerNotAsWritten(Conflict):
    """Something was changed by other ways than ours; the first such row is named."""

    code = "ledger_not_as_written"
    zh = "核验发现不一致：{table}（{key}）：{reason_zh}"
    en = "The ledger is not as it was written: {table} ({key}): {reason}"


def migrate() -> None:
    """Bring the database to the newest revision; nothing happens where it is there."""
    with available(get_settings()) as settings:
        bring_up_to_date(settings)
    console.print("数据库已是最新版本 / the database is up to date")


def load(scale: str) -> None:
    """Load the demo city, unless the database has any unit."""
    with available(get_settings()) as settings:
        bring_up_to_date(settings)
        made = load_once(settings, SCALES[scale])
        if not made:
            console.print("数据库已有数据，未作改动 / the database has data: nothing was changed")
        show_new_accounts(made)


def load_once(settings: Settings, scale: Scale = DEMO) -> list[Account]:
    """Load the demo city unless there is any unit; the accounts that have passwords, if it was."""
    keys = settings.personal_data_keys
    cipher = load_cipher(
        settings.data_folder / "personal_data_keys.json",
        None if keys is None else keys.get_secret_value(),
        cipher=CipherName(settings.personal_data_cipher),
    )
    with progress_bar("载入演示市 / loading the demo city") as advance:
        return asyncio.run(load_demo(settings, scale, cipher=cipher, advance=advance))


def restored() -> None:
    """Let those who follow the feed begin anew, after the database was restored from a copy."""
    with available(get_settings()) as settings:
        if not settings.database_owner_url:
            raise OwnerUnknown
        epoch = asyncio.run(raise_epoch(settings.database_owner_url))
        asyncio.run(record_operation(settings, "restored"))
    console.print(
        f"变更流已进入第 {epoch} 期，旧游标失效；请再执行 yanxun verify。\n"
        f"The change feed is in epoch {epoch}: cursors from before are refused. Run `yanxun verify` next."
    )


async def raise_epoch(owner_url: str) -> int:
    """Begin a new epoch of the feed, as the owner; returns its number."""
    driver = await asyncpg.connect(owner_url)
    try:
        await prepare_connection(driver)
        return await raise_change_epoch(Connection(driver))
    finally:
        await driver.close()


def verify(kept: str | None = None, *, as_json: bool = False) -> None:
    """Rebuild every chain, head, standing and sum of the ledger, and compare."""
    with available(get_settings()) as settings:
        if as_json:
            found = asyncio.run(_verify(settings, kept, lambda _: None))
        else:
            with progress_bar("核验台账 / verifying the ledger") as advance:
                found = asyncio.run(_verify(settings, kept, advance))
    if as_json:
        console.print(msgspec.json.encode(_told(found)).decode(), markup=False)
        sys.exit(0 if found.finding is None else 1)
    console.print(
        f"教师 / people {found.people}  记录 / entries {found.entries}  "
        f"学分状况 / standings {found.standings}  日签 / signed heads {found.heads}"
    )
    if found.finding is not None:
        raise LedgerNotAsWritten(
            table=found.finding.table,
            key=", ".join(f"{name} {value}" for name, value in found.finding.key.items()),
            reason_zh=found.finding.zh,
            reason=found.finding.en,
        )
    for head in found.last_heads:
        console.print(f"末次日签，请留存 / the last head, to be kept outside: {head}", markup=False)
    console.print("全部一致 / all is as it was written")


def _told(found: Verification) -> dict[str, Any]:
    """What `--json` prints."""
    finding = found.finding
    return {
        name: getattr(found, name)
        for name in ("people", "entries", "standings", "heads", "last_heads")
    } | {"finding": None if finding is None else finding._asdict()}


async def _verify(
    settings: Settings, kept: str | None, advance: Callable[[float], None]
) -> Verification:
    async with pool_of_one(settings) as pool, pool.transaction(read_only=True) as db:
        return await verify_ledger(db, opens=open_signed, kept=kept, advance=advance)
