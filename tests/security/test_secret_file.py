import os
import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest

from app.security import secret_file
from app.security.secret_file import UnusableSecret


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_missing_secret_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path, umask: int
) -> None:
    path = tmp_path / "a folder" / "keys.json"
    before = os.umask(umask)
    try:
        assert secret_file.read_or_create(path, lambda: "first") == "first"
    finally:
        os.umask(before)
    assert secret_file.read_or_create(path, lambda: "second") == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [found.name for found in path.parent.iterdir()] == ["keys.json"]


def test_when_many_start_at_once_all_get_one_secret(tmp_path: Path) -> None:
    path, numbers, together = tmp_path / "keys.json", count(), Barrier(8)

    def make() -> str:
        # Everyone has found the file missing before anyone writes it.
        together.wait(timeout=10)
        return f"secret {next(numbers)}"

    with ThreadPoolExecutor(8) as threads:
        secrets = list(threads.map(lambda _: secret_file.read_or_create(path, make), range(8)))
    assert next(numbers) == 8
    assert len(set(secrets)) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o601])
def test_a_secret_that_others_reach_is_refused_without_being_quoted(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "keys.json"
    secret_file.read_or_create(path, lambda: "hidden")
    path.chmod(mode)
    with pytest.raises(UnusableSecret, match="chmod 600") as refused:
        secret_file.read_or_create(path, lambda: "other")
    assert "hidden" not in str(refused.value)


def test_a_rewrite_replaces_the_whole_secret_and_keeps_it_private(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    secret_file.read_or_create(path, lambda: "old")
    secret_file.rewrite(path, lambda text: f"{text} and new")
    assert secret_file.read_or_create(path, lambda: "other") == "old and new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_rewrite_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    secret_file.read_or_create(path, lambda: "old")
    with pytest.raises(ZeroDivisionError):
        secret_file.rewrite(path, lambda text: text * (1 // 0))
    assert secret_file.read_or_create(path, lambda: "other") == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["keys.json"]


def test_there_is_nothing_to_rewrite_where_there_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        secret_file.rewrite(tmp_path / "keys.json", str.upper)
