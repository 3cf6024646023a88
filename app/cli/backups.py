"""`yanxun backup` and `yanxun restore`: all that a deployment cannot do without, in one folder and back.

A backup is a folder named after its moment:

    backup.json      what is in it; written last, so that a folder without it is an unfinished one
    database/        a physical copy, with the log that makes it whole
    keys/            the secrets of the data folder, unless they are kept apart
    files/           what was handed in

Files never change and are named by their digest, so a file that an older backup beside it holds is
linked to that one and takes no room again.
"""

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.markup import escape

from app.cli.auditing import record_operation
from app.cli.data import raise_epoch
from app.cli.database import available, embedded_server, reached
from app.cli.output import console
from app.database.embedded.copies import (
    MANIFEST,
    CopyDamaged,
    DatabaseExists,
    copy_database,
    restore_database,
)
from app.database.embedded.log_archive import first_needed
from app.domain.base import SHANGHAI
from app.domain.errors import Conflict, Invalid, NotFound
from app.settings import Settings, get_settings

LIST = "backup.json"
_NOT_KEYS = {"database.json"}
_UNNAMED = "unfinished-"


class DatabaseOfAnother(Conflict):
    """The database is not one that Yanxun runs: its operator copies it, and we copy the rest."""

    code = "database_of_another"
    zh = "数据库不由本系统运行：请用 pg_basebackup 备份；文件和密钥用 yanxun backup --no-database 备份。"
    en = (
        "The database is not run by Yanxun: copy it by pg_basebackup, and the files and keys by "
        "`yanxun backup --no-database`."
    )


class BackupNotFound(NotFound):
    """There is no finished backup in the folder."""

    code = "backup_not_found"
    zh = "{folder} 中没有完整的备份。"
    en = "There is no finished backup in {folder}."


class KeysMissing(Invalid):
    """The keys of a backup are kept apart, and were not named."""

    code = "backup_keys_missing"
    zh = "该备份的密钥另行保存：请用 --keys 指明其文件夹。"
    en = "The keys of this backup are kept apart: name their folder by --keys."


def backup(target: Path, *, keys: Path | None, keep: int | None, database: bool) -> None:
    """Copy the database, the keys and the files into a new folder in `target`."""
    settings = get_settings()
    if database and settings.database_url:
        raise DatabaseOfAnother
    begun = datetime.now(UTC)
    name = begun.strftime("%Y%m%dT%H%M%SZ")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = target / f"{_UNNAMED}{name}"
    unfinished.mkdir(mode=0o700)
    try:
        if database:
            with available(settings):
                copy_database(
                    settings.data_folder,
                    unfinished / "database",
                    binaries=settings.postgres_binaries,
                )
        copied = _copy_keys(settings, (unfinished if keys is None else keys / name) / "keys")
        files, room = _copy_files(settings, unfinished / "files", finished(target))
        parts = sorted(each for each in unfinished.glob("database/*"))
        content = {
            "begun_at": begun.isoformat(),
            "ended_at": datetime.now(UTC).isoformat(),
            "database": {each.name: _digest(each) for each in parts},
            "keys": copied if keys is None else None,
            "files": files,
            "file_bytes": room,
        }
        (unfinished / LIST).write_text(json.dumps(content, indent=2) + "\n")
        _sync(unfinished)
        unfinished.rename(target / name)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    if settings.file_bucket is not None:
        console.print(
            "文件在对象存储中，不在备份内 / files lie in a bucket and are not in the backup"
        )
    _forget(settings, target, keep)
    console.print(f"备份完成 / backed up: {target / name}", markup=False)


def restore(
    source: Path,
    *,
    keys: Path | None,
    log_archive: Path | None,
    until: datetime | None,
) -> None:
    """Make a data folder out of a backup; the folder of the settings must not have a database."""
    settings = get_settings()
    if settings.database_url:
        raise DatabaseOfAnother
    folder = settings.data_folder
    if (folder / "cluster").exists():
        raise DatabaseExists(folder=folder)
    parts = _checked_parts(source)
    _put_back(source, folder, source / "keys" if keys is None else _found_apart(keys))
    if not parts:
        console.print(
            "仅恢复了密钥与文件 / only keys and files were restored: there is no database in it"
        )
        return
    restore_database(
        folder,
        source / "database",
        log_archive=log_archive,
        until=None if until is None else _in_shanghai(until),
        binaries=settings.postgres_binaries,
    )
    with embedded_server(settings) as server:
        there = reached(settings, server.urls)
        asyncio.run(raise_epoch(server.urls.owner))
        asyncio.run(record_operation(there, "restored"))
    console.print(
        f"已恢复到 / restored into {escape(str(folder))}。\n"
        "请执行 yanxun verify all 核验，再启动 / run `yanxun verify all`, then start."
    )


def _checked_parts(source: Path) -> list[str]:
    """The parts of the database in a backup, each with the digest that it had; none without a database."""
    parts: dict[str, str] = _content(source)["database"]
    for name, digest in parts.items():
        if not (source / "database" / name).exists():
            raise CopyDamaged(folder=source, reason=f"{name} is missing")
        if _digest(source / "database" / name) != digest:
            raise CopyDamaged(folder=source, reason=f"{name} has another digest")
    return list(parts)


def _put_back(source: Path, folder: Path, keys: Path) -> None:
    """Put the keys and the files where a deployment has them."""
    if not keys.exists():
        raise KeysMissing
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in keys.iterdir():
        _copy_private(each, folder / each.name)
    if (source / "files").exists():
        shutil.copytree(source / "files", folder / "files", dirs_exist_ok=True)


def _in_shanghai(moment: datetime) -> datetime:
    """A moment as it is told on the command line: in Shanghai's time unless it says otherwise."""
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def finished(target: Path) -> list[Path]:
    """The finished backups in a folder, the oldest first."""
    return sorted(each.parent for each in target.glob(f"[0-9]*/{LIST}"))


def _found_apart(keys: Path) -> Path:
    """The folder of the keys themselves: what `--keys` names, or the one in it."""
    return keys / "keys" if (keys / "keys").exists() else keys


def _content(source: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((source / LIST).read_text())
    except (OSError, ValueError) as error:
        raise BackupNotFound(folder=source) from error
    return content


def _copy_keys(settings: Settings, target: Path) -> list[str]:
    """Copy the secrets: every file that lies in the data folder itself."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.mkdir(mode=0o700)
    secrets = sorted(
        each
        for each in settings.data_folder.iterdir()
        if each.is_file() and each.name not in _NOT_KEYS and not each.name.startswith(".")
    )
    for each in secrets:
        _copy_private(each, target / each.name)
    return [each.name for each in secrets]


def _copy_private(source: Path, target: Path) -> None:
    """Copy a file that nobody but its owner may read, from its first moment on."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        written.write(source.read_bytes())


def _copy_files(settings: Settings, target: Path, older: list[Path]) -> tuple[int, int]:
    """Copy what was handed in, or link it to the newest backup; how many files, and their bytes."""
    source = settings.data_folder / "files"
    count = room = 0
    for path in _kept(source):
        name = path.relative_to(source)
        placed = target / name
        placed.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # It may be forgotten while we look: whoever was allowed to erase it has erased it.
        with suppress(FileNotFoundError):
            size = path.stat().st_size
            before = older[-1] / "files" / name if older else None
            if before is not None and before.exists() and before.stat().st_size == size:
                os.link(before, placed)
            else:
                shutil.copyfile(path, placed)
            count, room = count + 1, room + size
    return count, room


def _kept(folder: Path) -> Iterator[Path]:
    """The files of the store; what is still being written has a number after its name."""
    return (each for each in folder.rglob("*") if each.is_file() and "#" not in each.name)


def _forget(settings: Settings, target: Path, keep: int | None) -> None:
    """Remove all but the newest backups, and the pieces of the log that no backup needs any more."""
    if keep is None:
        return
    there = finished(target)
    for each in there[:-keep]:
        # The list goes first: what is half removed is no backup.
        (each / LIST).unlink()
        shutil.rmtree(each)
    manifest = there[-keep:][0] / "database" / MANIFEST
    if settings.log_archive is None or not manifest.exists():
        return
    first = first_needed(manifest)
    for piece in settings.log_archive.glob("[0-9A-F]*"):
        # Beyond the timeline, which a restore changes, the names are in the order of the log.
        if piece.name[8:24] < first[8:]:
            piece.unlink()


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    """See that all of it is on the disk before it gets its name."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
