"""`yanxun doctor`: what it looks at on this machine, and with what it exits."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.cli import examining
from app.cli.backups import LIST
from app.database.embedded import Urls
from app.settings import Settings


@pytest.fixture
def settings(urls: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    secret = tmp_path / "personal_data_keys.json"
    secret.write_text("{}")
    secret.chmod(0o600)
    made = Settings().model_copy(
        update={
            "data_folder": tmp_path,
            "database_url": urls.application,
            "database_owner_url": urls.owner,
        }
    )
    monkeypatch.setattr(examining, "get_settings", lambda: made)
    return made


def examine(capsys: pytest.CaptureFixture[str], backups: Path | None = None) -> tuple[Any, Any]:
    """The grades by check, and the code with which the command exits."""
    with pytest.raises(SystemExit) as ended:
        examining.examine(backups, as_json=True)
    told = json.loads(capsys.readouterr().out)
    return {each["check"]: each["grade"] for each in told}, ended.value.code


@pytest.mark.usefixtures("settings")
def test_sound_deployment_exits_with_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    grades, code = examine(capsys)

    assert {"data_disk", "secrets", "jobs", "clock", "migrations"} <= grades.keys()
    assert grades["migrations"] == grades["clock"] == "good"
    assert code == int("bad" in grades.values())


def test_secret_that_others_can_read_is_bad(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.data_folder / "personal_data_keys.json").chmod(0o644)
    grades, code = examine(capsys)
    assert (grades["secrets"], code) == ("bad", 1)

    (settings.data_folder / "personal_data_keys.json").unlink()
    grades, code = examine(capsys)
    assert (grades["personal_data_keys"], code) == ("bad", 1)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(("hours", "grade"), [(25, "good"), (27, "bad"), (None, "bad")])
def test_backup_grows_old(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    hours: int | None,
    grade: str,
) -> None:
    target = tmp_path / "backups"
    (target / "20260101T000000Z").mkdir(parents=True)
    if hours is not None:
        listed = target / "20260101T000000Z" / LIST
        listed.write_text("{}")
        made = listed.stat().st_mtime - hours * 3600
        os.utime(listed, (made, made))

    grades, _ = examine(capsys, target)

    assert grades["backup"] == grade


@pytest.mark.parametrize("url", ["postgresql://x@127.0.0.1:1/x", "postgresql://x:[y@/x"])
@pytest.mark.parametrize(
    ("name", "check"), [("database_url", "database"), ("database_owner_url", "migrations")]
)
def test_database_that_does_not_answer_is_a_finding(
    name: str,
    check: str,
    url: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = settings.model_copy(update={name: url})
    monkeypatch.setattr(examining, "get_settings", lambda: nowhere)

    grades, code = examine(capsys)

    assert (grades[check], code) == ("bad", 1)
