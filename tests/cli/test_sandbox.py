"""`yanxun sandbox`: a process of its own, its scenarios, and requests that say what time it is."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from app.cli import commands
from app.cli.sandbox.scenarios import SCENARIOS
from app.cli.sandbox.serving import FolderNotSandbox, SandboxNeedsOwnDatabase, _own
from app.database.embedded import EmbeddedServer
from app.settings import Settings, get_settings
from tests.architecture.source import ROOT
from tests.cli.test_run import environment
from tests.ports import free_port

PATIENCE = 150
NEW_YEAR = {"X-Yanxun-Now": "2031-01-01T00:30:00+08:00"}


class Sandbox:
    """A sandbox that serves, asked as the accounts of its city."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        kept = json.loads((folder / "accounts.json").read_text())
        self._secrets = {each["name"]: each["secret"] for each in kept}
        self._tokens: dict[str, str] = {}
        self.made: dict[str, dict[str, Any]] = json.loads((folder / "scenarios.json").read_text())

    def ask(
        self, name: str, method: str, path: str, said: Any = None, **headers: str
    ) -> httpx2.Response:
        if name not in self._tokens:
            form = {"grant_type": "password", "username": name, "password": self._secrets[name]}
            answer = httpx2.post(f"{self.url}/oauth/token", data=form)
            self._tokens[name] = answer.json()["access_token"]
        bearer = {"Authorization": f"Bearer {self._tokens[name]}"}
        return httpx2.request(
            method, f"{self.url}{path}", json=said, headers=bearer | headers, timeout=30
        )

    def get(self, name: str, path: str, **headers: str) -> Any:
        answer = self.ask(name, "GET", f"/api/v1{path}", **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder, port = tmp_path_factory.mktemp("sandboxes") / "one", free_port()
    code = "import sys; from app.cli import main; sys.argv[0] = 'yanxun'; main()"
    command = [sys.executable, "-c", code, "sandbox", "--folder", str(folder), "--scenario", "all"]
    said = folder.with_name("said.txt")
    with said.open("wb") as written:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(port), stdout=written, stderr=subprocess.STDOUT
        )
    try:
        began = time.monotonic()
        while "Ctrl-C" not in said.read_text():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() - began < PATIENCE, said.read_text()
            time.sleep(0.1)
        yield Sandbox(folder, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        EmbeddedServer(folder).erase()


def test_every_scenario_was_made(sandbox: Sandbox) -> None:
    assert list(sandbox.made) == list(SCENARIOS)


def test_a_teacher_is_one_credit_short(sandbox: Sandbox) -> None:
    made = sandbox.made["one-credit-short"]
    standing = sandbox.get("teacher.two", f"/teachers/{made['teacher_id']}/standing")
    lacking = {
        each["id"].removesuffix("-senior"): each["missing"]
        for each in standing["requirements"]
        if each["applies"] and each["governed_by"] is None
    }
    assert (lacking["total"], lacking["ethics"], lacking["county-or-above"]) == (
        "1.00", "0.00", "0.00",
    )  # fmt: skip


def test_a_claim_waits_at_each_step(sandbox: Sandbox) -> None:
    made = dict(sandbox.made["claims-at-each-step"])
    del made["account"]
    claims = {step: sandbox.get("teacher.one", f"/claims/{key}") for step, key in made.items()}
    assert {step: (each["state"], each["stage"]) for step, each in claims.items()} == {
        "draft": ("draft", None), "school": ("submitted", "school"),
        "county": ("submitted", "county"), "city": ("submitted", "city"),
        "returned": ("returned", "school"), "rejected": ("rejected", "school"),
        "entered": ("entered", "city"),
    }  # fmt: skip


def test_an_import_waits_that_is_mostly_wrong(sandbox: Sandbox) -> None:
    made = sandbox.made["import-of-a-bad-file"]
    run = sandbox.get("school.admin", f"/imports/{made['import_id']}")
    assert (run["stage"], run["creates"], run["rejects"]) == ("checked", 1, 5)


def test_time_is_moved_for_the_process_and_the_database_at_once(sandbox: Sandbox) -> None:
    made = sandbox.made["year-about-to-close"]
    closing = {
        "unit_id": made["unit_id"], "school_year": made["school_year"], "reason": "学年结束",
    }  # fmt: skip
    answer = sandbox.ask(
        "pingjiang.admin", "POST", "/api/v1/school-year-closings", closing,
        **{"X-Yanxun-Now": "2026-12-20T08:00:00+08:00"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    # What the process writes is of that moment.
    assert answer.json()["closed_at"] == "2026-12-20T00:00:00Z"
    # What the database says of today, too: by then the cycle is over, and no pack is in force.
    path = f"/teachers/{sandbox.made['one-credit-short']['teacher_id']}/standing"
    assert sandbox.get("teacher.two", path)["verdict"] == "open"
    then = sandbox.ask("teacher.two", "GET", f"/api/v1{path}", **NEW_YEAR)
    assert (then.status_code, then.json()["code"]) == (404, "no_rule_pack_in_force")
    before = {"X-Yanxun-Now": "2030-12-31T23:30:00+08:00"}
    assert sandbox.get("teacher.two", path, **before)["as_of"] == "2030-12-31"


def test_a_moment_without_an_offset_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.ask("teacher.two", "GET", "/api/v1/me", **{"X-Yanxun-Now": "2030-12-31"})
    assert (answer.status_code, answer.json()["code"]) == (422, "moment_unreadable")


def test_a_real_database_and_another_folder_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> None:
        get_settings.cache_clear()
        try:
            CliRunner().invoke(commands, ["sandbox", *words], catch_exceptions=False)
        finally:
            get_settings.cache_clear()

    monkeypatch.setenv("PORT", str(free_port()))
    for name in list(os.environ):
        if name.startswith("DATABASE_"):
            monkeypatch.delenv(name)
    (tmp_path / "accounts.json").write_text("[]")
    with pytest.raises(FolderNotSandbox):
        run("--folder", str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == ["accounts.json"]
    monkeypatch.setenv("DATABASE_URL", "postgresql://real.example/yanxun")
    with pytest.raises(SandboxNeedsOwnDatabase):
        run("--folder", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_it_takes_nothing_that_is_another_deployments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above all no bucket: whatever lies there and is not in its database would be tidied away."""
    for name in list(os.environ):
        if name.startswith("DATABASE_"):
            monkeypatch.delenv(name)
    plain = Settings()
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@real.example/yanxun")
    monkeypatch.setenv("YANXUN_HOST", "127.0.0.2")
    for name, each in Settings.model_fields.items():
        if "SecretStr" in str(each.annotation) or name in {"public_url", "province_url"}:
            monkeypatch.setenv(f"YANXUN_{name.upper()}", "real")
    monkeypatch.setenv("YANXUN_FILE_BUCKET", "real")
    real, folder = Settings(), tmp_path / "new"
    assert (real.file_bucket, real.public_url) == ("real", "real")
    own = {"data_folder": folder, "host": "127.0.0.2"}
    assert _own(real, folder) == plain.model_copy(update=own)


def test_scenarios_are_listed_and_chosen_by_name() -> None:
    listed = CliRunner().invoke(commands, ["sandbox", "--list"])
    assert all(f"{name}\n" in listed.output for name in SCENARIOS)
    wrong = CliRunner().invoke(commands, ["sandbox", "--scenario", "nonsense"])
    assert wrong.exit_code == 2
