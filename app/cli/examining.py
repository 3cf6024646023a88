"""`yanxun doctor`: what is the matter with a deployment, from the disk to the jobs that wait.

What to do about each finding stands in docs/operation.md under the name of its check.
"""

import asyncio
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
from rich.table import Table

from app.cli.backups import LIST, finished
from app.cli.database import existing
from app.cli.output import console
from app.database.checkup import SKEW, Grade, Symptom, check_database
from app.database.migrations import newest
from app.settings import Settings, get_settings
from app.sql import LOST

_PATIENCE = 10
_LEAST_ROOM = 2_000_000_000
"""Bytes that should be free on each disk."""
_OLDEST_BACKUP = timedelta(hours=26)
_UNREACHED = (*LOST, ValueError)
"""What connecting ends with where nothing answers; the last of it where the address is malformed."""
_STYLES = {Grade.GOOD: "green", Grade.WATCHED: "yellow", Grade.BAD: "red"}


def examine(backups: Path | None, *, as_json: bool) -> None:
    """Check everything, print it, and exit with 1 where something is bad."""
    settings = existing(get_settings())
    found = [
        *_disks(settings),
        *_secrets(settings),
        *([] if backups is None else [_newest_backup(backups)]),
        *asyncio.run(_database(settings)),
    ]
    if as_json:
        told = [each._asdict() for each in found]
        console.print(msgspec.json.encode(told).decode(), markup=False)
    else:
        table = Table("", "检查 / check", "发现 / finding")
        for each in found:
            table.add_row(f"[{_STYLES[each.grade]}]●[/]", each.check, f"{each.zh}\n{each.en}")
        console.print(table)
    sys.exit(1 if any(each.grade is Grade.BAD for each in found) else 0)


def _disks(settings: Settings) -> Iterator[Symptom]:
    """How much room is left where something is written."""
    cluster = settings.data_folder / "cluster"
    places = {"data_disk": settings.data_folder, "log_archive_disk": settings.log_archive}
    if cluster.exists():
        places["database_disk"] = cluster.resolve()
    for name, folder in places.items():
        if folder is None or not folder.exists():
            continue
        usage = shutil.disk_usage(folder)
        share = usage.free / usage.total
        little = usage.free < _LEAST_ROOM
        grade = Grade.BAD if little else Grade.WATCHED if share < 0.1 else Grade.GOOD
        free = usage.free // 1_000_000
        yield Symptom(
            name, grade, f"剩余 {free} MB（{share:.0%}）", f"{free} MB are free ({share:.0%})"
        )


def _secrets(settings: Settings) -> Iterator[Symptom]:
    """Whether nobody but their owner can read the secrets."""
    open_to_others = [
        each.name
        for each in settings.data_folder.glob("*")
        if each.is_file() and stat.S_IMODE(each.stat().st_mode) & 0o077
    ]
    names = ", ".join(open_to_others) or "-"
    grade = Grade.BAD if open_to_others else Grade.GOOD
    yield Symptom(
        "secrets", grade, f"他人可读的文件：{names}", f"files that others can read: {names}"
    )
    missing = (
        settings.personal_data_keys is None
        and not (settings.data_folder / "personal_data_keys.json").exists()
    )
    if missing:
        yield Symptom(
            "personal_data_keys", Grade.BAD,
            "缺少个人信息密钥", "the keys of personal data are missing",
        )  # fmt: skip


def _newest_backup(target: Path) -> Symptom:
    """When the newest finished backup in a folder was made."""
    there = finished(target)
    if not there:
        return Symptom("backup", Grade.BAD, "没有备份", "there is no backup")
    made = datetime.fromtimestamp((there[-1] / LIST).stat().st_mtime, UTC)
    hours = round((datetime.now(UTC) - made) / timedelta(hours=1))
    grade = Grade.GOOD if datetime.now(UTC) - made < _OLDEST_BACKUP else Grade.BAD
    return Symptom(
        "backup", grade, f"最近的备份在 {hours} 小时前", f"the newest backup is {hours} hours old"
    )


async def _database(settings: Settings) -> list[Symptom]:
    """What the database says of itself, whether its clock is ours, and whether it is migrated."""
    try:
        connection = await asyncpg.connect(settings.session_url, timeout=_PATIENCE)
    except _UNREACHED as error:
        return [_unreached("database", error)]
    try:
        found = await check_database(connection)
        before = datetime.now(UTC)
        theirs = await connection.fetchval("SELECT clock_timestamp()")
        ours = before + (datetime.now(UTC) - before) / 2
        apart = abs((theirs - ours).total_seconds())
    finally:
        await connection.close()
    found.append(
        Symptom(
            "clock",
            Grade.GOOD if apart < SKEW else Grade.BAD,
            f"与数据库时钟相差 {apart:.1f} 秒",
            f"the database's clock is {apart:.1f} seconds from ours",
        )
    )
    if settings.database_owner_url:
        found.append(await _migrated(settings.database_owner_url))
    return found


def _unreached(check: str, error: Exception) -> Symptom:
    said = type(error).__name__
    return Symptom(check, Grade.BAD, f"无法连接：{said}", f"it does not answer: {said}")


async def _migrated(owner_url: str) -> Symptom:
    """Whether the database has the newest revision: the owner alone can see which it has."""
    try:
        connection = await asyncpg.connect(owner_url, timeout=_PATIENCE)
    except _UNREACHED as error:
        return _unreached("migrations", error)
    try:
        there = await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()
    wanted = newest()
    grade = Grade.GOOD if there == wanted else Grade.BAD
    return Symptom(
        "migrations", grade, f"版本 {there}，应为 {wanted}", f"at {there}; the newest is {wanted}"
    )
