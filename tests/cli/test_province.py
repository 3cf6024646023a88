"""`yanxun province …` against the application itself, which hands over to a simulator of its own process."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest
from pydantic import SecretStr

from app.cli import main
from app.cli.province_admission import NotACityAtAll, admit_client
from app.cli.remote import Server
from app.cli.signing import NoSuchAccount, sign_token
from app.database.embedded import Urls
from app.domain.access.accounts import RoleNotForPeople
from app.domain.access.grants import GrantExists
from app.domain.organisation.units import Level
from app.security.personal_data import load_cipher
from app.settings import Settings
from app.sql import Connection, Row, prepare_connection
from tests.conftest import empty
from tests.make import City, make_city, make_unit
from tests.make_province import Simulator, make_codes, make_province, running_simulator
from tests.pages.test_pages import origin
from tests.ports import free_port

__all__ = ["origin"]

Run = Callable[..., tuple[int, str]]
province = import_module("app.cli.province")  # the package has the command under this name


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    with running_simulator(tmp_path / "province", free_port()) as started:
        yield started


@pytest.fixture
def settings(urls: Urls, tmp_path: Path, simulator: Simulator) -> Settings:
    chosen = {
        "database_url": urls.application,
        "province_url": simulator.url,
        "province_secret": SecretStr(simulator.secret),
        "province_loopback": True,
    }
    return Settings(data_folder=tmp_path).model_copy(update=chosen)


async def _committed(settings: Settings) -> tuple[City, str, str, Row]:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        db = Connection(driver)
        city = await make_city(db, load_cipher(settings.data_folder / "personal_data_keys.json"))
        await make_codes(db, city)
        province = await make_province(db, city)
        other = await make_unit(db, "乙市教育局", Level.CITY)
    finally:
        await driver.close()
    return city, city.city_admin.name, province.name, other


@pytest.fixture
def committed(settings: Settings, urls: Urls) -> Iterator[tuple[City, str, str, Row]]:
    yield asyncio.run(_committed(settings))
    asyncio.run(empty(urls.owner))


@pytest.fixture
def run(
    settings: Settings,
    origin: str,
    committed: tuple[City, str, str, Row],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    """The command, as the city's administrator: its exit code and what it printed."""
    path = tmp_path / "token"
    path.touch(mode=0o600)
    path.write_text(asyncio.run(sign_token(settings, committed[1])))
    monkeypatch.setenv("YANXUN_TOKEN_FILE", str(path))
    monkeypatch.delenv("YANXUN_TOKEN", raising=False)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["yanxun", "province", *arguments, "--url", origin])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return run


def test_a_script_hands_over_and_compares(run: Run, simulator: Simulator) -> None:
    code, said = run("send", "roster", "--wait", "60", "--json")
    row = json.loads(said)
    assert (code, row["state"], row["waiting"], row["rejected"]) == (0, "settled", 0, 0)
    assert row["accepted"] == row["records"] == len(simulator.effects()) > 0
    assert set(simulator.effects().values()) == {1}
    code, said = run("send", "roster")
    assert (code, said) == (1, "")
    code, said = run("receipts", row["id"], "--json")
    receipts = [json.loads(line) for line in said.splitlines()]
    assert (code, {each["state"] for each in receipts}) == (0, {"accepted"})
    assert run("receipts", row["id"], "--state", "rejected") == (0, "")
    code, said = run("status", "--json")
    assert [json.loads(line)["id"] for line in said.splitlines()] == [row["id"]]
    assert run("status", row["id"])[0] == 0
    assert run("resend", row["id"])[0] == 1
    code, said = run("reconcile", "--wait", "60", "--json")
    compared = json.loads(said)
    assert (code, compared["agreeing"], compared["differing"]) == (0, row["records"], 0)
    lost = {"city_id": row["city_id"], "key": receipts[0]["key"]}
    simulator.control("POST", "/forget", lost)
    code, said = run("reconcile", "--wait", "60", "--json")
    found = [json.loads(line) for line in said.splitlines()][1:]
    assert (code, [each["kind"] for each in found]) == (3, ["missing_there"])


def test_what_is_wrong_is_said_by_the_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("send", "everything")[0] == 2
    monkeypatch.delenv("YANXUN_TOKEN_FILE")
    assert run("status")[0] == 1
    monkeypatch.setenv("YANXUN_TOKEN", "no token")
    assert run("status")[0] == 1


async def test_the_operator_admits_the_province_to_a_further_city(
    settings: Settings, urls: Urls
) -> None:
    city, person, province, other = await _committed(settings)
    now = datetime.now(UTC)
    try:
        await admit_client(settings, province, other["id"], now)
        with pytest.raises(GrantExists):
            await admit_client(settings, province, other["id"], now)
        with pytest.raises(NotACityAtAll):
            await admit_client(settings, province, city.county["id"], now)
        with pytest.raises(RoleNotForPeople):
            await admit_client(settings, person, other["id"], now)
        with pytest.raises(NoSuchAccount):
            await admit_client(settings, "nobody", other["id"], now)
    finally:
        await empty(urls.owner)


class Gathering:
    """A server whose submission is further each time that it is asked about."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows, self.asked = list(rows), list[str]()

    def ask(self, method: str, path: str) -> dict[str, Any]:
        """The next state of it."""
        self.asked.append(f"{method} {path}")
        return self.rows.pop(0)


def gathered(records: int, **more: Any) -> dict[str, Any]:
    """A submission of which so many records are gathered."""
    row = {"id": "1", "state": "gathering", "records": records, "expected": 9}
    return row | {"failure": None, "gaps": []} | more


def test_the_bar_shows_how_much_is_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[float] = []
    monkeypatch.setattr(province, "progress_bar", lambda _: nullcontext(shown.append))
    monkeypatch.setattr(province.time, "sleep", lambda _: None)
    server = Gathering(gathered(6), gathered(9, state="waiting", expected=None))
    row = province._gathered(cast("Server", server), gathered(3))
    assert (row["state"], shown) == ("waiting", [3 / 9, 6 / 9])
    assert server.asked == ["GET /province/submissions/1"] * 2


def test_where_gathering_stopped_the_gaps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(province.time, "sleep", lambda _: None)
    stopped = gathered(6, failure="province_codes_missing", gaps=["rank=senior"])
    server = Gathering(stopped)
    with pytest.raises(province.GatheringStopped) as told:
        province._gathered(cast("Server", server), gathered(3))
    assert "rank=senior" in told.value.message("zh")
    assert "yanxun province hasten 1" in told.value.message("en")
