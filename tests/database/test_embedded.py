import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.database import roles
from app.database.embedded import (
    SUPERUSER,
    EmbeddedServer,
    PasswordsMissing,
    ServerNotStarted,
    running,
)
from app.database.embedded.installation import ClusterOfAnotherVersion, ProgramsMissing
from app.database.embedded.place import ClusterMissing, FolderInUse, FolderOfAnother, Place, settle
from app.database.embedded.process import processes_by_command, processes_in

BINARIES = os.environ.get("YANXUN_POSTGRES_BINARIES")
PROGRAMS = Path(BINARIES) if BINARIES else None
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
NOBODY = 65534
CHECKOUT = Path(__file__).parents[2]

SUPERVISOR = """
import sys, threading, time
from pathlib import Path
from app.database.embedded import EmbeddedServer

folder, programs, thread = sys.argv[1:]
server = EmbeddedServer(Path(folder), binaries=Path(programs) if programs else None)
if thread:
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
else:
    server.start()
print("ready", flush=True)
time.sleep(600)
"""


AS_A_USER = """
import asyncio, sys
from pathlib import Path
import asyncpg
from app.database.embedded import EmbeddedServer, running

folder, programs = sys.argv[1:]
with EmbeddedServer(Path(folder), binaries=Path(programs) if programs else None) as server:
    async def ask():
        connection = await asyncpg.connect(server.urls.application)
        print(await connection.fetchval("SELECT current_user"))
        await connection.close()
    asyncio.run(ask())
print(running(Path(folder)))
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server for the tests that neither stop nor kill it."""
    started = EmbeddedServer(tmp_path_factory.mktemp("shared data"), binaries=PROGRAMS)
    started.start()
    yield started
    started.erase()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "data of 研训"
    yield path
    # Root's database lies outside the folder for temporary files.
    EmbeddedServer(path).erase()


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(folder, binaries=PROGRAMS) as started:
        yield started


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    made = EmbeddedServer(tmp_path_factory.mktemp("stopped data"), binaries=PROGRAMS)
    made.start()
    yield made
    made.erase()


@pytest.fixture
def stopped(made_once: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """A server that is not running; a test that breaks its files mends them again."""
    made_once.stop()
    yield made_once
    made_once.stop()


@pytest.fixture
def supervise(folder: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started = []

    def start(*, in_a_thread: bool = False) -> subprocess.Popen[str]:
        arguments = [str(folder), BINARIES or "", "thread" if in_a_thread else ""]
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, *arguments],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def data_of(folder: Path) -> Path:
    return settle(folder).data


def wait_until(is_so: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def ask(url: str, *statements: str) -> object:
    """Run the statements on one connection and return the first value of the last."""

    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(run())


def postmaster_of(folder: Path) -> int:
    return int((data_of(folder) / "postmaster.pid").read_text().split()[0])


def test_a_server_is_made_on_first_use_and_keeps_its_content(folder: Path) -> None:
    server = EmbeddedServer(folder, binaries=PROGRAMS)
    assert running(folder) is None
    urls = server.start()
    assert server.start() == urls, "starting what is started does nothing"
    assert running(folder) == urls
    for file in ("database.json", "passwords.json"):
        assert (folder / file).stat().st_mode & 0o777 == 0o600
    assert ask(urls.application, "SELECT current_user") == roles.APPLICATION
    ask(urls.owner, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")

    server.stop()
    server.stop()
    assert not server.alive
    assert running(folder) is None
    assert processes_in(data_of(folder)) == []
    assert not (folder / "database.json").exists()

    assert server.start() == urls
    assert ask(urls.owner, "SELECT answer FROM kept") == 42
    server.stop()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("SHOW listen_addresses", ""),
        ("SHOW data_checksums", "on"),
        ("SHOW synchronous_commit", "on"),
        ("SHOW fsync", "on"),
        ("SHOW jit", "off"),
        ("SHOW timezone", "UTC"),
        ("SHOW server_encoding", "UTF8"),
        ("SELECT lower('É')", "é"),
        ("SELECT 'a' < 'B'", False),
        ("SELECT '研' ~ '[[:alpha:]]'", True),
        ("SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules", "scram-sha-256"),
    ],
)
def test_the_server_is_set_up(shared: EmbeddedServer, question: str, answer: object) -> None:
    assert ask(shared.url(SUPERUSER), question) == answer


def test_a_wrong_password_is_refused_even_on_the_socket(shared: EmbeddedServer) -> None:
    password = json.loads((shared.folder / "passwords.json").read_text())[roles.APPLICATION]
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(shared.urls.application.replace(password, "guessed"), "SELECT 1")


def test_a_terminal_cannot_interrupt_the_server(shared: EmbeddedServer) -> None:
    assert os.getsid(postmaster_of(shared.folder)) == postmaster_of(shared.folder)


def test_its_processes_are_also_found_by_their_command(shared: EmbeddedServer) -> None:
    server = postmaster_of(shared.folder)
    assert processes_by_command(data_of(shared.folder)) == [server]
    assert server in processes_in(data_of(shared.folder))


def test_a_second_start_in_the_same_folder_is_refused(shared: EmbeddedServer) -> None:
    second = EmbeddedServer(shared.folder, binaries=PROGRAMS)
    with pytest.raises(FolderInUse, match=f"in use by process {os.getpid()}"):
        second.start()
    second.stop()
    assert shared.alive
    assert running(shared.folder) == shared.urls


def test_two_servers_run_at_once(shared: EmbeddedServer, server: EmbeddedServer) -> None:
    for one in (shared, server):
        ask(one.urls.owner, f"CREATE TABLE mine AS SELECT '{one.folder}' AS folder", "SELECT 1")
    for one in (shared, server):
        assert ask(one.urls.owner, "SELECT folder FROM mine") == str(one.folder)


def test_a_killed_server_recovers_at_the_next_start(server: EmbeddedServer, folder: Path) -> None:
    ask(server.urls.owner, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")

    def sleep() -> None:
        with pytest.raises((OSError, asyncpg.PostgresError)):
            ask(server.urls.owner, "SELECT pg_sleep(60)")

    busy = threading.Thread(target=sleep)
    busy.start()
    wait_until(
        lambda: (
            ask(
                server.url(SUPERUSER),
                "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'sleep.60'",
            )
            == 2
        )  # the one that sleeps, and the one that asks
    )
    os.kill(postmaster_of(folder), signal.SIGKILL)
    wait_until(lambda: not server.alive)
    assert running(folder) is None

    server.start()
    assert ask(server.urls.owner, "SELECT answer FROM kept") == 42
    busy.join()


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="only Linux's setpriv can arrange this")
def test_the_server_ends_when_its_supervisor_is_killed(
    folder: Path, supervise: Callable[..., subprocess.Popen[str]]
) -> None:
    supervisor = supervise()
    assert supervisor.stdout
    assert supervisor.stdout.readline() == "ready\n"
    assert processes_in(data_of(folder))
    supervisor.kill()
    wait_until(lambda: not processes_in(data_of(folder)))
    assert running(folder) is None
    with EmbeddedServer(folder, binaries=PROGRAMS) as server:
        assert ask(server.urls.application, "SELECT 1") == 1


def test_a_server_that_outlived_its_supervisor_is_replaced(
    folder: Path, supervise: Callable[..., subprocess.Popen[str]]
) -> None:
    # Started by another thread than the main one, it is not told of its supervisor's end.
    supervisor = supervise(in_a_thread=True)
    assert supervisor.stdout
    assert supervisor.stdout.readline() == "ready\n"
    urls = running(folder)
    assert urls
    ask(urls.owner, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")
    orphan = postmaster_of(folder)
    supervisor.kill()
    supervisor.wait()
    assert running(folder) == urls, "it still answers"

    with EmbeddedServer(folder, binaries=PROGRAMS) as server:
        assert postmaster_of(folder) != orphan
        assert orphan not in processes_in(data_of(folder))
        assert ask(server.urls.owner, "SELECT answer FROM kept") == 42


def test_a_start_that_is_killed_half_way_is_begun_again(
    folder: Path, supervise: Callable[..., subprocess.Popen[str]]
) -> None:
    cluster = folder / "cluster"
    supervisor = supervise()
    wait_until(lambda: list(cluster.glob("unfinished-*/data/base")))
    supervisor.kill()
    supervisor.wait()
    assert not (cluster / "data").exists()
    with EmbeddedServer(folder, binaries=PROGRAMS) as server:
        assert ask(server.urls.application, "SELECT 1") == 1
    assert not list(cluster.glob("unfinished-*/data/base"))


def test_a_stale_pid_file_may_name_an_innocent_process(stopped: EmbeddedServer) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    file = data_of(stopped.folder) / "postmaster.pid"
    file.write_text(f"{bystander.pid}\n{data_of(stopped.folder)}\n0\n5432\n/tmp\n\n0 0\nready\n")
    try:
        stopped.start()
        assert ask(stopped.urls.application, "SELECT 1") == 1
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_server_that_cannot_start_says_why_and_lets_go(stopped: EmbeddedServer) -> None:
    configuration = data_of(stopped.folder) / "postgresql.conf"
    sound = configuration.read_text()
    configuration.write_text(sound + "no_such_setting = on\n")
    with pytest.raises(ServerNotStarted, match="no_such_setting"):
        stopped.start()
    configuration.write_text(sound)
    with EmbeddedServer(stopped.folder, binaries=PROGRAMS) as another:
        assert another.alive


def test_files_of_another_version_are_refused(stopped: EmbeddedServer) -> None:
    file = data_of(stopped.folder) / "PG_VERSION"
    version = file.read_text()
    file.write_text("14\n")
    with pytest.raises(ClusterOfAnotherVersion, match="made by PostgreSQL 14"):
        stopped.start()
    file.write_text(version)
    stopped.start()


def test_a_database_without_its_passwords_is_refused(stopped: EmbeddedServer) -> None:
    (stopped.folder / "passwords.json").rename(stopped.folder / "elsewhere")
    with pytest.raises(PasswordsMissing, match=r"passwords\.json"):
        stopped.start()
    (stopped.folder / "elsewhere").rename(stopped.folder / "passwords.json")
    stopped.start()


def test_programs_that_are_not_there_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ProgramsMissing, match=f"{tmp_path}"):
        EmbeddedServer(folder, binaries=tmp_path).start()


def test_an_erased_database_begins_anew(server: EmbeddedServer, folder: Path) -> None:
    ask(server.urls.owner, "CREATE TABLE forgotten (id int)", "SELECT 1")
    before, cluster = server.urls, data_of(folder).parent
    server.erase()
    assert not cluster.exists()
    assert server.start() != before
    assert ask(server.urls.owner, "SELECT to_regclass('forgotten')") is None


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path, None)
    (tmp_path / "taken").symlink_to(tmp_path)
    (tmp_path / "file").touch()
    for name in ("taken", "file"):
        with pytest.raises(FolderOfAnother):
            place.own_folder(tmp_path / name)
    (tmp_path / "open").mkdir(mode=0o777)
    assert place.own_folder(tmp_path / "open").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another account")
def test_a_folder_that_another_account_made_first_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    os.chown(tmp_path / "taken", NOBODY, NOBODY)
    with pytest.raises(FolderOfAnother):
        Place(tmp_path, tmp_path, None).own_folder(tmp_path / "taken")
    (tmp_path / "cluster").mkdir()
    with pytest.raises(FolderOfAnother):
        settle(tmp_path)


def test_the_socket_lies_in_a_short_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("long " * 30)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    one, other = (Place(tmp_path / name, tmp_path, None).socket_folder() for name in "ab")
    assert one != other
    assert len(os.fsencode(one / ".s.PGSQL.5432")) <= 107


def test_a_leftover_address_is_not_taken_for_a_server(tmp_path: Path) -> None:
    content = dict.fromkeys(("application_url", "owner_url"), f"postgresql:///x?host={tmp_path}")
    (tmp_path / "database.json").write_text(json.dumps(content))
    assert running(tmp_path) is None


def as_nobody(
    home: str, python: str, script: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    # Its packages may lie where only root can look; the system's Python can, if it is the same.
    path = f"{CHECKOUT}:{Path(asyncpg.__file__).parents[1]}"
    return subprocess.run(
        ["/usr/bin/env", python, "-c", script, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=home,
        env={"PATH": os.defpath, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests already run as an ordinary user")
def test_it_works_as_an_ordinary_user() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        os.chown(home, NOBODY, NOBODY)
        pythons = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")
        usable = [
            one for one in pythons if as_nobody(home, one, "import app, asyncpg").returncode == 0
        ]
        if not usable:
            pytest.skip("an ordinary user can reach neither this Python nor one like it")
        data = Path(home, "data of 研训")
        completed = as_nobody(home, usable[0], AS_A_USER, str(data), BINARIES or "")
        assert completed.stdout == "yanxun_app\nNone\n", completed.stderr
        assert processes_in(data / "cluster" / "data") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's database lies outside its folder")
def test_the_database_of_root_follows_its_folder(server: EmbeddedServer, folder: Path) -> None:
    ask(server.urls.owner, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")
    copied = folder.with_name("copied")
    shutil.copytree(folder, copied, symlinks=True)
    with pytest.raises(FolderInUse):
        EmbeddedServer(copied, binaries=PROGRAMS).start()
    server.stop()
    with EmbeddedServer(copied, binaries=PROGRAMS) as moved:
        assert ask(moved.urls.owner, "SELECT answer FROM kept") == 42

    dangling = folder.with_name("dangling")
    dangling.mkdir()
    (dangling / "cluster").symlink_to("/nowhere/at/all")
    with pytest.raises(ClusterMissing, match="/nowhere/at/all"):
        settle(dangling)


@pytest.mark.skipif(not DEBIAN_15.exists(), reason=f"PostgreSQL 15 is not in {DEBIAN_15}")
def test_it_works_with_postgresql_15(folder: Path) -> None:
    with EmbeddedServer(folder, binaries=DEBIAN_15) as server:
        assert str(ask(server.urls.application, "SHOW server_version")).startswith("15.")
        assert ask(server.url(SUPERUSER), "SHOW data_checksums") == "on"
        assert ask(server.urls.application, "SELECT lower('É')") == "é"
