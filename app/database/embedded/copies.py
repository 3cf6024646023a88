"""Copies of an embedded server's database: taken while it runs, and made into a database again.

A copy is physical (`pg_basebackup`): the files as they are, with the write-ahead log that makes them
whole. With the pieces of that log which were archived since (`EmbeddedServer`'s `log_archive`) the
database can be brought to any moment after the copy.
"""

import asyncio
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from app.database.embedded import SUPERUSER, EmbeddedServer, passwords_of, process
from app.database.embedded.addresses import PORT
from app.database.embedded.installation import find_installation
from app.database.embedded.log_archive import following
from app.database.embedded.place import Place, hold, settle
from app.domain.errors import Conflict, Invalid, Unavailable

BASE, LOG, MANIFEST = "base.tar.gz", "pg_wal.tar.gz", "backup_manifest"
"""The parts of a copy: the files, the log that was written meanwhile, and what both must be."""


class DatabaseNotCopied(Unavailable):
    """PostgreSQL's `pg_basebackup` failed; `reason` is what it said last."""

    code = "database_not_copied"
    zh = "数据库未能备份：{reason}"
    en = "The database could not be copied: {reason}"


class DatabaseExists(Conflict):
    """Nothing is restored over a database that is there."""

    code = "database_exists"
    zh = "{folder} 中已有数据库。请另选数据文件夹，或先将其移走。"
    en = "There is a database in {folder}. Choose another data folder, or move that one away first."


class CopyDamaged(Invalid):
    """A copy is not what it was when it was taken; `reason` is what was found."""

    code = "database_copy_damaged"
    zh = "备份 {folder} 已损坏，未恢复任何内容：{reason}"
    en = "The copy in {folder} is damaged, and nothing was restored: {reason}"


class MomentNotReached(Invalid):
    """The archived log does not lead to the moment that is asked for; `reason` is PostgreSQL's."""

    code = "restore_moment_not_reached"
    zh = "无法恢复到 {until}：{reason}"
    en = "The database cannot be brought to {until}: {reason}"


def copy_database(folder: Path, target: Path, *, binaries: Path | None = None) -> None:
    """Copy the database of the server that runs in `folder` into `target`, which is made.

    It goes on serving meanwhile. What was committed before this returns from its last step is in it.
    """
    place = settle(folder)
    installation = find_installation(place, binaries)
    with _password_file(folder) as file:
        where = {
            "host": str(place.socket_folder()),
            "port": PORT,
            "user": SUPERUSER,
            "passfile": str(file),
        }
        try:
            process.run(
                [
                    installation.programs / "pg_basebackup",
                    "--dbname="
                    + " ".join(f"{name}={_quoted(each)}" for name, each in where.items()),
                    f"--pgdata={target.absolute()}",
                    *("--format=tar", "--gzip", "--wal-method=stream", "--checkpoint=fast"),
                    *("--manifest-checksums=SHA256", "--no-password"),
                ]
            )
        except subprocess.CalledProcessError as error:
            raise DatabaseNotCopied(reason=_last_line(error.stderr)) from error


def restore_database(
    folder: Path,
    copy: Path,
    *,
    log_archive: Path | None = None,
    until: datetime | None = None,
    binaries: Path | None = None,
) -> None:
    """Make the database of `folder` out of a copy, with the archived log as far as it goes, or `until`.

    The passwords of its roles must lie in `folder`. All or nothing: what cannot be brought to its
    moment is removed again. Restoring that is killed is gone on with by the next start of the server.
    """
    place = settle(folder)
    lock = hold(place)
    try:
        if place.data.exists():
            raise DatabaseExists(folder=folder)
        recovery = {} if log_archive is None else following(log_archive.absolute(), until)
        _unpack(place, copy, recovery, binaries)
    finally:
        os.close(lock)
    server = EmbeddedServer(folder, binaries=binaries)
    try:
        server.start()
        asyncio.run(_forget_settings(server.url(SUPERUSER, "postgres")))
    except Unavailable as refusal:
        reason = _fatal_line(place) or refusal.message("en")
        shutil.rmtree(place.data)
        raise MomentNotReached(until="-" if until is None else until, reason=reason) from refusal
    finally:
        server.stop()


def _unpack(place: Place, copy: Path, recovery: dict[str, str], binaries: Path | None) -> None:
    """Unpack a copy, see that it is what its manifest says, and give it its name.

    With the settings of a recovery it then waits for the start that recovers it, whoever starts it.
    """
    installation = find_installation(place, binaries)
    unfinished = place.unfinished()
    data = place.own_folder(unfinished / "data")
    try:
        for name, target in ((BASE, data), (LOG, data / "pg_wal")):
            with tarfile.open(copy / name) as packed:
                # As the documentation has it for Pythons before 3.11.4, which know no filters.
                packed.extraction_filter = getattr(tarfile, "tar_filter", None)
                packed.extractall(target)  # noqa: S202  what is in it is held against its manifest
        shutil.copy(copy / MANIFEST, data / MANIFEST)
        process.run([installation.programs / "pg_verifybackup", "--quiet", data])
    except (OSError, EOFError, tarfile.TarError, subprocess.CalledProcessError) as error:
        shutil.rmtree(unfinished)
        reason = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise CopyDamaged(folder=copy, reason=_last_line(reason)) from error
    if recovery:
        with (data / "postgresql.auto.conf").open("a") as file:
            for name, text in recovery.items():
                in_file = text.replace("'", "''")
                file.write(f"{name} = '{in_file}'\n")
        (data / "recovery.signal").touch(0o600)
    place.own_all(data)
    data.rename(place.data)
    unfinished.rmdir()


async def _forget_settings(url: str) -> None:
    """Let go of what only recovery needed; a server that never recovered has none of it."""
    connection = await asyncpg.connect(url)
    try:
        for name in following(Path(), datetime.now(UTC)):
            await connection.execute(f"ALTER SYSTEM RESET {name}")
    finally:
        await connection.close()


@contextmanager
def _password_file(folder: Path) -> Iterator[Path]:
    """A file from which PostgreSQL's programs read the password: arguments can be seen by others."""
    descriptor, name = tempfile.mkstemp(prefix="yanxun-")
    try:
        with os.fdopen(descriptor, "w") as written:
            written.write(f"*:*:*:{SUPERUSER}:{passwords_of(folder)[SUPERUSER]}\n")
        yield Path(name)
    finally:
        Path(name).unlink()


def _quoted(text: str) -> str:
    """A value between quotes, as connection strings take it."""
    return "'" + text.replace("\\", r"\\").replace("'", r"\'") + "'"


def _fatal_line(place: Place) -> str:
    """Why the server ended, as the newest of its logs says."""
    logs = sorted((place.data / "log").glob("*.log"), key=lambda each: each.stat().st_mtime)
    lines = logs[-1].read_text(errors="replace").splitlines() if logs else []
    return next(
        (line.partition("FATAL:")[2].strip() for line in lines[::-1] if "FATAL:" in line), ""
    )


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "-"
