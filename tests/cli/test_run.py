"""The command itself, as people start it: processes, signals, ports, and what is left of them."""

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

from app.database.embedded import EmbeddedServer
from app.database.embedded.process import processes_in
from tests.ports import free_port

YANXUN = str(Path(sys.executable).parent / "yanxun")
PATIENCE = 90


def environment(port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    ours.pop("YANXUN_DATA_FOLDER", None)
    return ours | {"PORT": str(port), "PYTHONUNBUFFERED": "1"}


def command(
    folder: Path, variables: dict[str, str], *arguments: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [YANXUN, *arguments],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Running:
    """A `yanxun run` in a folder of its own, with what it has printed."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.output = folder / f"output {time.monotonic_ns()}.txt"
        with self.output.open("wb") as written:
            self.process = subprocess.Popen(
                [YANXUN, "run"],
                cwd=folder,
                env=environment(port),
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return (self.folder / ".yanxun" / "cluster" / "data").resolve()

    def wait_until_ready(self) -> float:
        """Wait until it serves; the seconds that it took."""
        began = time.monotonic()
        while "Ctrl-C" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() - began < PATIENCE, self.output.read_text()
            time.sleep(0.05)
        return time.monotonic() - began

    def end(self, request: signal.Signals) -> tuple[int, float]:
        """Ask it to end; its exit status, and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(request)
        return self.process.wait(PATIENCE), time.monotonic() - began

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another command in the same folder."""
        return command(self.folder, environment(self.port), *arguments)

    def accounts(self) -> dict[str, str]:
        """The secrets of the demo accounts, by their names."""
        kept = json.loads((self.folder / ".yanxun/accounts.json").read_text())
        return {account["name"]: account["secret"] for account in kept}

    def who_is(self, name: str) -> Any:
        """Sign in with the password, and let the server say who that is."""
        secret = self.accounts()[name]
        form = {"grant_type": "password", "username": name, "password": secret}
        if name == "province":
            form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
        token = httpx2.post(f"{self.url}/oauth/token", data=form).json()["access_token"]
        return self.who_has(token)["name"]

    def who_has(self, token: str) -> dict[str, Any]:
        """Whose token the server says that this is."""
        headers = {"Authorization": f"Bearer {token}"}
        profile: dict[str, Any] = httpx2.get(f"{self.url}/api/v1/me", headers=headers).json()
        return profile


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("a folder with spaces")
    yield made
    EmbeddedServer(made / ".yanxun").erase()


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[Running]:
    """The first start in the folder: it makes the database and loads the demo city."""
    running = Running(folder, free_port())
    running.wait_until_ready()
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def test_the_first_start_says_where_and_how(first: Running) -> None:
    printed = first.output.read_text()
    for path in ("/docs", "/graphql", "/healthz"):
        assert f"{first.url}{path}\n" in printed
    assert len(first.accounts()) == 16
    assert all(secret in printed for secret in first.accounts().values())
    assert (first.folder / ".yanxun/accounts.json").stat().st_mode & 0o777 == 0o600
    assert httpx2.get(f"{first.url}/healthz").json() == {"status": "ok"}
    assert httpx2.get(f"{first.url}/readyz").json() == {"status": "ready"}


def test_a_token_is_made_on_the_host_for_whoever_has_an_account(first: Running) -> None:
    # This one has no password; and nothing but the token is printed.
    token = first.command("token", "teacher.00042").stdout.removesuffix("\n")
    assert first.who_has(token)["name"] == "teacher.00042"
    unknown = first.command("token", "nobody")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "没有名为 nobody 的账号。" in unknown.stderr


def test_every_listed_account_can_sign_in(first: Running) -> None:
    assert [first.who_is(name) for name in first.accounts()] == list(first.accounts())
    leader = first.who_has(first.command("token", "group.leader").stdout.strip())
    assert sorted(grant["role"] for grant in leader["grants"]) == ["group_leader", "teacher"]


def test_the_accounts_are_listed_without_their_passwords(first: Running) -> None:
    listed = json.loads(first.command("accounts", "--json").stdout)
    assert [account["name"] for account in listed][:4] == [
        "city.admin",
        "auditor",
        "expert",
        "province",
    ]
    assert set(listed[0]) == {"name", "kind", "role", "unit"}
    assert listed[0]["unit"] == "岳阳市教育局"
    table = first.command("accounts").stdout
    assert not any(secret in table for secret in first.accounts().values())


def test_after_a_restore_the_readers_of_the_feed_begin_anew(first: Running) -> None:
    token = first.command("token", "province").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    changes = f"{first.url}/api/v1/changes"
    cursor = httpx2.get(changes, params={"limit": 1}, headers=headers).json()["next"]
    told = first.command("restored")
    assert (told.returncode, told.stderr) == (0, "")
    assert "epoch 1" in told.stdout
    answer = httpx2.get(changes, params={"after": cursor}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "change_epoch_raised")
    assert httpx2.get(changes, headers=headers).status_code == 200


def test_a_port_that_is_taken_is_told_before_anything_is_begun(
    first: Running, tmp_path: Path
) -> None:
    second = Running(tmp_path, first.port)
    assert second.process.wait(PATIENCE) == 1
    printed = second.output.read_text()
    assert f"端口 {first.port} 已被占用" in printed
    assert f"Port {first.port} is taken" in printed
    assert "PostgreSQL" not in printed
    assert not (tmp_path / ".yanxun").exists()


def test_serving_without_a_database_is_refused_with_words(tmp_path: Path) -> None:
    variables = environment(free_port())
    without = command(tmp_path, variables, "serve")
    assert (without.returncode, without.stdout) == (1, "")
    assert "There is no database: set DATABASE_URL" in without.stderr
    url = f"postgresql://yanxun_app:a-secret@127.0.0.1:{free_port()}/yanxun"
    unreachable = command(tmp_path, variables | {"DATABASE_URL": url}, "serve")
    assert unreachable.returncode == 1
    assert "The database cannot be reached (DATABASE_URL)" in unreachable.stderr
    assert "a-secret" not in unreachable.stderr
    assert "Traceback" not in without.stderr + unreachable.stderr


def test_a_folder_that_is_in_use_is_told(first: Running) -> None:
    second = Running(first.folder, free_port())
    assert second.process.wait(PATIENCE) == 1
    assert "正由进程" in second.output.read_text()
    assert first.who_is("city.admin") == "city.admin"


def test_the_tour_goes_as_it_should_again_and_again(first: Running) -> None:
    # The third act makes a school of its own each time and takes the longest: it is played once here.
    for acts in ([], ["--act", "1"], ["--act", "2"]):
        played = first.command("tour", *acts)
        assert played.returncode == 0, played.stdout + played.stderr
        assert "everything went as it should" in played.stdout
    verified = first.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "教师 / people 3005" in verified.stdout
    assert "the audit trail is as it was sealed" in verified.stdout


def test_the_audit_trail_is_verified_against_a_head_kept_outside(first: Running) -> None:
    assert first.command("audit", "seal").returncode == 0
    head = first.command("audit", "head").stdout.strip()
    position, _, digest = head.partition(":")
    assert int(position) > 0
    assert first.command("verify", "audit", "--head", head).returncode == 0
    other = first.command("verify", "audit", "--head", f"{position}:{digest[::-1]}")
    assert other.returncode == 1
    assert "It is not the head that was noted outside" in other.stderr
    malformed = first.command("verify", "audit", "--head", "yesterday's")
    assert malformed.returncode == 1
    assert "64 hexadecimal digits" in malformed.stderr
    assert "Traceback" not in other.stderr + malformed.stderr


def test_the_keys_are_listed_and_rotated_by_the_command(first: Running) -> None:
    listed = first.command("keys", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    current, following = listed.stdout.splitlines()
    assert current.endswith("签发 / current")
    rotated = first.command("keys", "rotate")
    assert rotated.returncode == 0
    assert rotated.stdout.startswith(following.split()[0])
    sealed = first.command("keys", "personal-data", "list").stdout.split()
    assert sealed[:2] == ["1", "aes-256-gcm"]
    # Each tour adds three people; how many were played before depends on how the tests are shared out.
    assert int(sealed[2]) in {3000, 3003, 3006}


def test_a_tour_that_is_surprised_says_so_by_its_status(first: Running, tmp_path: Path) -> None:
    accounts = json.loads((first.folder / ".yanxun/accounts.json").read_text())
    swapped = {"teacher.one": "teacher.three", "teacher.three": "teacher.one"}
    secrets = {account["name"]: account["secret"] for account in accounts}
    for account in accounts:
        account["secret"] = secrets[swapped.get(account["name"], account["name"])]
    (tmp_path / "wrong.json").write_text(json.dumps(accounts))
    played = first.command("tour", "--accounts", str(tmp_path / "wrong.json"))
    assert played.returncode == 1
    assert "unexpected: POST /oauth/token: 400, not 200" in played.stderr
    nobody = first.command("tour", "--url", f"http://127.0.0.1:{free_port()}")
    assert nobody.returncode == 1
    assert "Nothing answers at" in nobody.stderr


def test_it_ends_when_asked_and_recovers_from_whatever_else(first: Running) -> None:
    data = first.data
    status, seconds = first.end(signal.SIGINT)
    assert status == 0, first.output.read_text()
    assert seconds < 10
    assert processes_in(data) == []

    again = Running(first.folder, first.port)
    again.wait_until_ready()
    assert "密码" not in again.output.read_text()
    assert again.who_is("teacher.one") == "teacher.one"
    again.end(signal.SIGKILL)

    after_kill = Running(first.folder, first.port)
    after_kill.wait_until_ready()
    assert after_kill.who_is("teacher.one") == "teacher.one"
    server = int((data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(server, signal.SIGKILL)
    assert after_kill.process.wait(PATIENCE) == 1
    assert "数据库服务器意外退出" in after_kill.output.read_text()

    after_crash = Running(first.folder, first.port)
    after_crash.wait_until_ready()
    assert after_crash.who_is("teacher.one") == "teacher.one"
    assert after_crash.end(signal.SIGTERM)[0] == 0
    assert processes_in(data) == []
