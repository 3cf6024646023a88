"""`yanxun export`: from the command to the file, through a server with its worker."""

import csv
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.cli.exporting import DownloadDamaged, export
from app.cli.remote import NoCredentials, ServerRefused
from tests.pages.test_pages import administrator, origin, settings

__all__ = ["administrator", "origin", "settings"]


@pytest.fixture
def token(origin: str, administrator: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    name, password = administrator
    form = {"grant_type": "password", "username": name, "password": password}
    given: str = httpx2.post(f"{origin}/oauth/token", data=form).json()["access_token"]
    monkeypatch.setenv("YANXUN_TOKEN", given)
    return given


def teachers(origin: str, token: str) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    items: list[dict[str, Any]] = httpx2.get(f"{origin}/api/v1/teachers", headers=headers).json()[
        "items"
    ]
    return items


def fetch(origin: str, out: Path, *filters: str, columns: str | None = "id") -> None:
    export("list_teachers", out, list(filters), columns, url=origin, as_json=True)


def test_a_list_becomes_a_file_and_what_broke_off_goes_on(
    origin: str, token: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "teachers.csv"
    fetch(origin, out)
    row = json.loads(capsys.readouterr().out)
    assert (row["state"], row["format"]) == ("done", "csv")
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [each["标识 id"] for each in csv.DictReader(file)] == [
            each["id"] for each in teachers(origin, token)
        ]
    assert list(tmp_path.glob("teachers*")) == [out]
    whole = out.read_bytes()
    asked = {
        "list": "list_teachers",
        "parameters": [],
        "columns": ["id"],
        "sort": None,
        "format": "csv",
    }
    out.with_name("teachers.csv.export").write_text(json.dumps({"id": row["id"], "asked": asked}))
    out.with_name("teachers.csv.part").write_bytes(whole[:20])
    out.unlink()
    fetch(origin, out)
    assert json.loads(capsys.readouterr().out)["id"] == row["id"], "nothing is made twice"
    assert out.read_bytes() == whole
    assert list(tmp_path.glob("teachers*")) == [out]


def test_what_came_wrong_is_thrown_away(origin: str, token: str, tmp_path: Path) -> None:
    out = tmp_path / "teachers.csv"
    fetch(origin, out)
    whole = out.read_bytes()
    headers = {"Authorization": f"Bearer {token}"}
    [row] = httpx2.get(f"{origin}/api/v1/exports", headers=headers).json()
    asked = {
        "list": "list_teachers",
        "parameters": [],
        "columns": ["id"],
        "sort": None,
        "format": "csv",
    }
    out.with_name("teachers.csv.export").write_text(json.dumps({"id": row["id"], "asked": asked}))
    out.with_name("teachers.csv.part").write_bytes(b"x" * len(whole))
    with pytest.raises(DownloadDamaged):
        fetch(origin, out)
    fetch(origin, out)
    assert out.read_bytes() == whole


def test_refusals_are_told_and_nothing_is_written(
    origin: str, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.csv"
    for filters, columns in ((("school=1",), None), ((), "salary")):
        with pytest.raises(ServerRefused):
            fetch(origin, out, *filters, columns=columns)
    monkeypatch.delenv("YANXUN_TOKEN")
    with pytest.raises(NoCredentials):
        fetch(origin, out)
    assert list(tmp_path.glob("x.csv*")) == []
