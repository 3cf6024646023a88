"""`yanxun feed` and `yanxun webhooks`, and the documented receiver, against the application itself."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import msgspec
import pytest
from standardwebhooks import Webhook
from typer.testing import CliRunner

from app.cli import commands
from app.cli.login import ServerUnreachable
from app.cli.remote import NoCredentials, Server, ServerRefused
from app.cli.webhooks import SignatureWrong
from app.database.embedded import Urls
from app.domain.access.accounts import AccountKind
from app.domain.access.roles import Role
from app.request.secrets import new_secret_for
from app.security.personal_data import load_cipher
from app.settings import Settings
from app.sql import Connection, Row, prepare_connection
from tests.conftest import empty
from tests.make import City, make_account, make_city
from tests.make_webhooks import make_listener
from tests.oauth import SECRET
from tests.pages.test_pages import origin
from tests.ports import free_port

__all__ = ["origin"]

RECEIVER = Path(__file__).parents[2] / "docs" / "examples" / "receiver.py"
PATIENCE = 30.0


@pytest.fixture(scope="module")
def port() -> int:
    """A port at which nobody listens as yet."""
    return free_port()


@pytest.fixture
def settings(urls: Urls, tmp_path: Path, port: int) -> Settings:
    changed = {
        "database_url": urls.application, "webhook_plain": True, "webhook_ports": [port],
        "webhook_networks": ["127.0.0.0/8"],
    }  # fmt: skip
    return Settings(data_folder=tmp_path).model_copy(update=changed)


class Made:
    """A city with real commits, an application that reads its feed, an administrator's sign-in."""

    city: City
    client: Row
    name: str
    password: str


async def commit(settings: Settings) -> Made:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        db, made = Connection(driver), Made()
        made.city = await make_city(
            db, load_cipher(settings.data_folder / "personal_data_keys.json")
        )
        made.client = await make_listener(db, made.city.city)
        made.password, stored = await new_secret_for(AccountKind.PERSON)
        person = await make_account(db, "keeper", Role.CITY_ADMIN, made.city.city, secret=stored)
        made.name = person.name
        return made
    finally:
        await driver.close()


async def rename(settings: Settings, teacher: Row) -> None:
    driver = await asyncpg.connect(settings.database_url)
    await driver.execute("UPDATE teacher SET name = '改名' WHERE id = $1", teacher["id"])
    await driver.close()


@pytest.fixture
def made(settings: Settings, urls: Urls) -> Iterator[Made]:
    yield asyncio.run(commit(settings))
    asyncio.run(empty(urls.owner))


@pytest.fixture
def run(origin: str, made: Made, tmp_path: Path) -> Callable[..., list[Any]]:
    """Run a command as the application, or with a token; the lines that it wrote."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    known = {
        "YANXUN_CLIENT_ID": made.client["name"], "YANXUN_CLIENT_SECRET_FILE": str(secret)
    }  # fmt: skip

    def run(*words: str, **environment: str) -> list[Any]:
        result = CliRunner().invoke(
            commands, [*words, "--url", origin], env=environment or known, catch_exceptions=False
        )
        assert result.exit_code == 0, result.output
        return [msgspec.json.decode(line) for line in result.stdout.splitlines()]

    return run


def test_a_snapshot_and_what_follows_it_lose_nothing(
    run: Callable[..., list[Any]], made: Made, settings: Settings, tmp_path: Path
) -> None:
    cursor = tmp_path / "cursor"
    whole = run("feed", "snapshot", "--cursor", str(cursor))
    assert len(whole) == 13
    assert {line["kind"] for line in whole} == {"unit", "teacher"}
    follow = ("feed", "follow", "--once", "--cursor", str(cursor))
    assert run(*follow) == []
    asyncio.run(rename(settings, made.city.teacher))
    [line] = run(*follow)
    assert (line["kind"], line["teacher"]["name"]) == ("teacher", "改名")
    kept = cursor.read_text()
    assert run(*follow) == []
    cursor.write_text(kept)
    assert run(*follow) == []
    teachers = run("feed", "snapshot", "--cursor", str(cursor), "--kind", "teacher")
    assert len(teachers) == 5


def test_a_script_without_credentials_or_with_wrong_ones_is_told_why(
    origin: str, made: Made
) -> None:
    with Server(origin, environment={}) as asked, pytest.raises(NoCredentials):
        asked.ask("GET", "/changes")
    wrong = {"YANXUN_CLIENT_ID": made.client["name"], "YANXUN_CLIENT_SECRET": "wrong"}
    with Server(origin, environment=wrong) as asked, pytest.raises(ServerRefused) as refused:
        asked.ask("GET", "/changes")
    assert refused.value.details["refusal"] == "wrong_client"
    right = {"YANXUN_CLIENT_ID": made.client["name"], "YANXUN_CLIENT_SECRET": SECRET}
    with Server(origin, environment=right) as asked, pytest.raises(ServerRefused) as refused:
        asked.ask("GET", "/changes", params={"after": "nonsense"})
    assert refused.value.details["refusal"] == "bad_cursor"
    nobody = Server("http://127.0.0.1:1", "x")
    with nobody as asked, pytest.raises(ServerUnreachable):
        asked.ask("POST", "/webhooks")


def test_the_receiver_of_the_documentation_hears_of_a_change(
    run: Callable[..., list[Any]], made: Made, settings: Settings, origin: str, port: int
) -> None:
    form = {"grant_type": "password", "username": made.name, "password": made.password}
    token = httpx2.post(f"{origin}/oauth/token", data=form).json()["access_token"]
    address = f"http://127.0.0.1:{port}/"
    [added] = run(
        "webhooks", "add", str(made.client["id"]), address, "--kind", "teacher", YANXUN_TOKEN=token
    )
    [listed] = run("webhooks", "list", YANXUN_TOKEN=token)
    assert listed == {name: value for name, value in added.items() if name != "secret"}
    receiver = subprocess.Popen(
        [sys.executable, str(RECEIVER), str(port)],
        env=os.environ | {"YANXUN_WEBHOOK_SECRET": added["secret"]},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        _wait_for(port)
        forged = httpx2.post(address, content=b"{}", headers={"webhook-id": "x"})
        assert forged.status_code == 401
        asyncio.run(rename(settings, made.city.teacher))
        assert receiver.stdout is not None
        assert receiver.stdout.readline().split() == ["teacher", str(made.city.teacher["id"])]
        deadline = time.monotonic() + PATIENCE
        while True:
            [message] = run("webhooks", "list", "--messages", YANXUN_TOKEN=token)
            if message["state"] == "delivered":
                break
            assert time.monotonic() < deadline, message
            time.sleep(0.1)
        [replayed] = run("webhooks", "replay", message["id"], YANXUN_TOKEN=token)
        assert replayed["state"] == "waiting"
    finally:
        receiver.terminate()
        receiver.wait()
        assert receiver.stdout is not None
        receiver.stdout.close()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            httpx2.get(f"http://127.0.0.1:{port}/")
        except httpx2.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def test_a_message_that_was_kept_is_verified(tmp_path: Path) -> None:
    secret, body = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=", '{"type":"test"}'
    moment = datetime.now(UTC)
    signature = Webhook(secret).sign("one", moment, body)
    kept = tmp_path / "body.json"
    kept.write_text(body)
    said = ["webhooks", "verify", "--id", "one", "--timestamp", str(int(moment.timestamp()))]
    environment = {"YANXUN_WEBHOOK_SECRET": secret}
    right = CliRunner().invoke(
        commands, [*said, "--signature", signature, str(kept)], env=environment
    )
    assert right.exit_code == 0, right.output
    kept.write_text(body + " ")
    with pytest.raises(SignatureWrong):
        CliRunner().invoke(
            commands, [*said, "--signature", signature, str(kept)], env=environment,
            catch_exceptions=False,
        )  # fmt: skip
