"""`yanxun backup` and `yanxun restore`: everything goes into one folder, and out of it again."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.cli import backups, data, filing
from app.cli.backups import LIST, BackupNotFound, DatabaseOfAnother, KeysMissing, finished
from app.database.embedded import EmbeddedServer
from app.database.embedded.copies import CopyDamaged, DatabaseExists
from app.settings import Settings

CONTENT = b"a lesson plan"
STORED = "kept/ab/abcd"


def settings_of(folder: Path) -> Settings:
    return Settings().model_copy(
        update={
            "data_folder": folder,
            "database_url": None,
            "database_owner_url": None,
        }
    )


def use(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the commands work in this data folder."""
    for module in (backups, data, filing):
        monkeypatch.setattr(module, "get_settings", lambda: settings_of(folder))


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder as a year of use makes it: a migrated database, keys, a file."""
    folder = tmp_path_factory.mktemp("a year") / "data of 研训"
    with pytest.MonkeyPatch.context() as patch:
        use(patch, folder)
        data.migrate()
    (folder / "personal_data_keys.json").write_text("{}")
    stored = folder / "files" / STORED
    stored.parent.mkdir(parents=True)
    stored.write_bytes(CONTENT)
    (stored.parent / "cdef#1").write_bytes(b"unfinished")
    yield folder
    EmbeddedServer(folder).erase()


@pytest.fixture
def target(tmp_path: Path, used: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use(monkeypatch, used)
    return tmp_path / "backups of it"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """Where something is restored; root's database lies elsewhere and is removed."""
    folder = tmp_path / "restored"
    yield folder
    if folder.exists():
        EmbeddedServer(folder).erase()


def make(target: Path, keys: Path | None = None) -> Path:
    backups.backup(target, keys=keys, keep=None, database=True)
    return finished(target)[-1]


def test_what_was_backed_up_is_restored(
    target: Path, empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make(target)
    assert made.stat().st_mode & 0o777 == 0o700
    assert not list(made.rglob("*#*"))
    use(monkeypatch, empty)

    backups.restore(made, keys=None, log_archive=None, until=None)

    assert (empty / "files" / STORED).read_bytes() == CONTENT
    assert (empty / "personal_data_keys.json").read_text() == "{}"
    assert (empty / "personal_data_keys.json").stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    data.verify()
    assert "all is as it was written" in capsys.readouterr().out


def test_keys_are_kept_apart_and_asked_for(
    target: Path, tmp_path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(target, keys=tmp_path / "a safe")
    assert not (made / "keys").exists()
    use(monkeypatch, empty)

    with pytest.raises(KeysMissing):
        backups.restore(made, keys=None, log_archive=None, until=None)
    assert not empty.exists()

    apart = tmp_path / "a safe" / made.name
    backups.restore(made, keys=apart, log_archive=None, until=None)
    assert (empty / "personal_data_keys.json").exists()


def test_file_of_an_older_backup_takes_no_room_again(target: Path) -> None:
    first = make(target)
    older = first.rename(target / "20260101T000000Z")
    second = make(target)

    assert (older / "files" / STORED).samefile(second / "files" / STORED)

    backups._forget(settings_of(target), target, 1)
    assert finished(target) == [second]
    assert (second / "files" / STORED).read_bytes() == CONTENT


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_damaged_backup_is_refused_and_nothing_left(
    target: Path, empty: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    made = make(target)
    part = made / "database" / "base.tar.gz"
    if damage == "lost":
        part.unlink()
    else:
        part.write_bytes(part.read_bytes()[:-1])
    use(monkeypatch, empty)

    with pytest.raises(CopyDamaged):
        backups.restore(made, keys=None, log_archive=None, until=None)

    assert not empty.exists()


def test_nothing_is_restored_over_a_database(target: Path, used: Path) -> None:
    made = make(target)
    before = (used / "passwords.json").read_text()
    changed = made / "keys" / "passwords.json"
    changed.write_text(json.dumps({"postgres": "another"}))

    with pytest.raises(DatabaseExists):
        backups.restore(made, keys=None, log_archive=None, until=None)

    assert (used / "passwords.json").read_text() == before


def test_unfinished_backup_is_none(
    target: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(target)
    (made / LIST).unlink()
    use(monkeypatch, empty)

    assert finished(target) == []
    with pytest.raises(BackupNotFound):
        backups.restore(made, keys=None, log_archive=None, until=None)
    assert not empty.exists()


def test_failed_backup_leaves_nothing(
    target: Path, used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises(OSError, match="no space left"):
        backups.backup(target, keys=None, keep=None, database=True)

    assert not list(target.iterdir())
    assert (used / "files" / STORED).exists()


def test_database_of_another_is_copied_by_its_operator(
    target: Path, used: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = settings_of(used).model_copy(update={"database_url": "postgresql://elsewhere/yanxun"})
    monkeypatch.setattr(backups, "get_settings", lambda: theirs)

    with pytest.raises(DatabaseOfAnother):
        backups.backup(target, keys=None, keep=None, database=True)
    assert not target.exists()

    backups.backup(target, keys=None, keep=None, database=False)
    (made,) = finished(target)
    assert (made / "files" / STORED).read_bytes() == CONTENT
    assert not (made / "database").exists()
    assert "backed up" in capsys.readouterr().out


def test_moment_without_a_zone_is_shanghais() -> None:
    said = datetime(2026, 11, 23, 8, 0, 0)  # noqa: DTZ001  as the command line hands it on
    assert backups._in_shanghai(said).isoformat() == "2026-11-23T08:00:00+08:00"
