"""A deployment in a folder: PostgreSQL, the application as `yanxun serve`, and a worker, each a process.

What is killed is started again, as a supervisor would. Everything is plain and synchronous: an event loop
calls it in a thread. The processes are forked from one that has read the program (`prove.nursery`).
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.database.embedded import EmbeddedServer, Urls
from app.database.migrations import migrate
from app.settings import Settings, get_settings
from prove.nursery import LONGEST, ROOT, Nursery
from tests.ports import free_port, is_ready

VICTIMS = ("application", "worker", "postgres")
STALE_AFTER = 3.0
"""Seconds after which a worker takes over what another gives no sign of doing; thirty in earnest."""


@dataclass
class House:
    """The deployment; `part` is how many lines an import takes in one transaction of the worker."""

    folder: Path
    part: int = 2_000
    port: int = field(default_factory=free_port)
    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VICTIMS, 0))
    stale_after: float = STALE_AFTER
    _running: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._nursery = Nursery()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.server = EmbeddedServer(self.folder, binaries=get_settings().postgres_binaries)
        self.urls: Urls = self.server.start()
        migrate(self.urls.owner, self.urls.application)

    @property
    def has_clock(self) -> bool:
        """Whether the clock of a process can be set."""
        return self._nursery.has_clock

    @property
    def settings(self) -> Settings:
        """The settings with which the processes of the house run."""
        return Settings(
            data_folder=self.folder,
            database_url=self.urls.application,
            database_owner_url=self.urls.owner,
        )

    @property
    def cluster(self) -> Path:
        """Where the data of PostgreSQL lie."""
        return (self.folder / "cluster").resolve() / "data"

    def variables(self, more: dict[str, str]) -> dict[str, str]:
        """The environment of a process of the house."""
        return (
            os.environ
            | {
                "DATABASE_URL": self.urls.application,
                "DATABASE_OWNER_URL": self.urls.owner,
                "YANXUN_DATA_FOLDER": str(self.folder),
                "YANXUN_WORKER": "false",
                # What is proved is that it holds, not how fast anybody may ask.
                "YANXUN_REQUESTS_PER_SECOND": "0",
                "PORT": str(self.port),
                "PYTHONPATH": str(ROOT),
            }
            | more
        )

    def start(self, name: str, **more: str) -> None:
        """Start the application (or one more of it: `application-…`) or a worker, which is not waited for."""
        words = ["serve"]
        if name.startswith("worker"):
            words = ["worker", str(self.part), str(self.stale_after)]
        log = self.folder / f"{name}.log"
        self._running[name] = self._nursery.start(words, self.variables(more), log)

    @contextmanager
    def serving(self, name: str, port: int, **more: str) -> Iterator[None]:
        """Meanwhile one more of the application serves at a port."""
        self.start(name, PORT=str(port), **more)
        try:
            self.wait_ready(port)
            yield
        finally:
            self.end(name)

    def process(self, name: str) -> int:
        """The number of a process."""
        return self._running[name]

    def wait_ready(self, port: int | None = None) -> float:
        """Wait until the application can serve; how many seconds that took."""
        began = time.monotonic()
        where = port or self.port
        while not is_ready(where):
            over = [
                name
                for name, each in self._running.items()
                if self._nursery.ended(each) is not None
            ]
            if over or time.monotonic() - began > LONGEST:
                raise TimeoutError(f"nothing serves at port {where}\n{self.logs()}")
            time.sleep(0.05)
        return time.monotonic() - began

    def kill(self, name: str) -> None:
        """Kill one of them (SIGKILL), and start it again."""
        if name == "postgres":
            self.kill_database()
            self.server.start()
        else:
            self.kill_for_good(name)
            self.start(name)
        self.kills[name] += 1

    def kill_for_good(self, name: str) -> None:
        """Kill a process, which is not started again."""
        os.kill(self._running[name], signal.SIGKILL)
        self._nursery.wait(self._running.pop(name))

    def supervise(self) -> None:
        """Start again what has ended by itself, as a supervisor does: a start needs the database."""
        for name, process in list(self._running.items()):
            if self._nursery.ended(process) is not None:
                self.start(name)

    def kill_database(self) -> None:
        """Kill PostgreSQL's first process, and wait until it is gone."""
        postmaster = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(postmaster, signal.SIGKILL)
        while self.server.alive:
            time.sleep(0.01)

    def ask_to_end(self, name: str) -> None:
        """Ask a process to end (SIGTERM)."""
        os.kill(self._running[name], signal.SIGTERM)

    def end(self, name: str, *, within: float = 120) -> int:
        """Ask a process to end, wait for it, and tell its exit status."""
        self.ask_to_end(name)
        return self.wait(name, within=within)

    def wait(self, name: str, *, within: float = 120) -> int:
        """Wait until a process has ended, and tell its exit status."""
        return self._nursery.wait(self._running.pop(name), within)

    def yanxun(self, *words: str, **more: str) -> tuple[int, str]:
        """The exit status of a command of `yanxun` on this house, and what it printed."""
        log = self.folder / f"command {time.monotonic_ns()}.txt"
        status = self._nursery.wait(self._nursery.start(words, self.variables(more), log), 1200)
        return status, log.read_text(errors="replace")

    def logs(self) -> str:
        """The last words of every process."""
        return "\n".join(
            f"{log.name}:\n{log.read_text(errors='replace')[-3000:]}"
            for log in sorted(self.folder.glob("*.log"))
        )

    def erase(self) -> None:
        """End all of them, and remove the database."""
        self.close()
        self.server.erase()

    def close(self) -> None:
        """End all of them; the database stays."""
        self._nursery.close()
        self.server.stop()
