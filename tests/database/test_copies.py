"""A copy of a database that is written to, and any moment after it, from the archived log."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.database.embedded import EmbeddedServer, LogArchiveOutOfReach
from app.database.embedded.copies import (
    BASE,
    MANIFEST,
    CopyDamaged,
    DatabaseExists,
    DatabaseNotCopied,
    MomentNotReached,
    copy_database,
    restore_database,
)
from app.database.embedded.log_archive import first_needed
from app.database.embedded.place import settle
from tests.database.test_embedded import PROGRAMS, ask

UNMADE = "0" * 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("it's 研训 100%")


@pytest.fixture(scope="module")
def log() -> Iterator[Path]:
    """Where the log is kept: a folder that root's server, which runs as another, can get to."""
    path = Path(tempfile.mkdtemp(prefix="the log's 100% "))
    path.chmod(0o755)
    yield path / "archive"
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def moments(folder: Path, log: Path) -> Iterator[list[datetime]]:
    """A server copied after its first row; a moment after each of three rows; then it is killed."""
    server = EmbeddedServer(folder / "data", binaries=PROGRAMS, log_archive=log)
    urls = server.start()
    passed: list[datetime] = []
    ask(urls.owner, "CREATE TABLE noted (number int)", "SELECT 1")
    for number in (1, 2, 3):
        insert = f"INSERT INTO noted VALUES ({number})"  # noqa: S608 (a number of our own)
        moment = ask(urls.owner, insert, "SELECT clock_timestamp()")
        assert isinstance(moment, datetime)
        passed.append(moment)
        if number == 1:
            copy_database(folder / "data", folder / "copy", binaries=PROGRAMS)
    # What a minute would do by itself: the piece of the log that is being written is archived.
    last = ask(server.url("postgres"), "SELECT pg_walfile_name(pg_switch_wal())")
    server.stop()
    assert (log / str(last)).exists()
    yield passed
    server.erase()


@pytest.fixture
def restored(folder: Path, moments: list[datetime]) -> Iterator[Path]:
    """A folder for a restored database, with the passwords."""
    path = folder / "restored"
    path.mkdir()
    shutil.copy(folder / "data" / "passwords.json", path)
    yield path
    EmbeddedServer(path, binaries=PROGRAMS).erase()
    shutil.rmtree(path)


def count(folder: Path) -> object:
    """How many rows a restored database has; it is started anew for that, and can be written to."""
    with EmbeddedServer(folder, binaries=PROGRAMS) as server:
        return ask(
            server.urls.owner,
            "CREATE TABLE written_afterwards ()",
            "SELECT count(*) FROM noted",
        )


def test_copy_alone_is_the_database_as_it_was(folder: Path, restored: Path) -> None:
    restore_database(restored, folder / "copy", binaries=PROGRAMS)

    assert count(restored) == 1


@pytest.mark.parametrize("rows", [2, 3])
def test_archived_log_leads_to_any_moment(
    folder: Path, log: Path, restored: Path, moments: list[datetime], rows: int
) -> None:
    restore_database(
        restored,
        folder / "copy",
        log_archive=log,
        until=moments[rows - 1] if rows < len(moments) else None,
        binaries=PROGRAMS,
    )

    assert count(restored) == rows


def test_moment_beyond_the_log_is_refused_and_nothing_left(
    folder: Path, log: Path, restored: Path
) -> None:
    with pytest.raises(MomentNotReached, match="target was reached"):
        restore_database(
            restored,
            folder / "copy",
            log_archive=log,
            until=datetime.now(UTC) + timedelta(days=1),
            binaries=PROGRAMS,
        )

    assert not settle(restored).data.exists()
    restore_database(restored, folder / "copy", binaries=PROGRAMS)
    assert count(restored) == 1


def test_nothing_is_restored_over_a_database(folder: Path, restored: Path) -> None:
    restore_database(restored, folder / "copy", binaries=PROGRAMS)

    with pytest.raises(DatabaseExists):
        restore_database(restored, folder / "copy", binaries=PROGRAMS)

    assert count(restored) == 1


def test_damaged_copy_is_refused_and_nothing_left(folder: Path, restored: Path) -> None:
    damaged = folder / "damaged"
    shutil.copytree(folder / "copy", damaged)
    manifest = damaged / MANIFEST
    text = manifest.read_text()
    manifest.write_text(text.replace('"Size": 8192', '"Size": 8191', 1))

    with pytest.raises(CopyDamaged):
        restore_database(restored, damaged, binaries=PROGRAMS)

    (damaged / BASE).write_bytes((folder / "copy" / BASE).read_bytes()[:5000])
    with pytest.raises(CopyDamaged):
        restore_database(restored, damaged, binaries=PROGRAMS)
    assert not settle(restored).data.exists()
    assert not list(settle(restored).cluster.glob("unfinished-*"))
    shutil.rmtree(damaged)


def test_first_needed_piece_is_in_the_archive(
    folder: Path, log: Path, moments: list[datetime]
) -> None:
    assert moments
    first = first_needed(folder / "copy" / MANIFEST)

    pieces = sorted(each.name for each in log.iterdir() if len(each.name) == 24)
    assert UNMADE < first <= pieces[-1]
    assert first in pieces


def test_stopped_server_cannot_be_copied(folder: Path, moments: list[datetime]) -> None:
    assert moments

    with pytest.raises(DatabaseNotCopied):
        copy_database(folder / "data", folder / "no copy", binaries=PROGRAMS)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs under another account")
def test_log_is_not_kept_where_the_server_cannot_get(folder: Path) -> None:
    inside = folder / "closed"
    inside.mkdir(mode=0o700)
    server = EmbeddedServer(folder / "unmade", binaries=PROGRAMS, log_archive=inside / "log")

    with pytest.raises(LogArchiveOutOfReach):
        server.start()

    server.erase()
