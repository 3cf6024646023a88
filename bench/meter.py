"""The clocks beside a piece of work: that on the wall, and those of the processes that do it."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.database.embedded.process import processes_in


@dataclass(frozen=True)
class Spent:
    """What a piece of work has cost, in seconds."""

    passed: float
    python: float
    postgres: float
    """CPU time of every process of the server."""
    most_memory: float
    """Megabytes that this process held at most until then."""

    def __str__(self) -> str:
        return (
            f"{self.passed:7.1f} s   python {self.python:6.1f}   postgres {self.postgres:6.1f}"
            f"   most {self.most_memory:5.0f} MB"
        )

    def since(self, before: "Spent") -> "Spent":
        """What was spent between two readings."""
        return Spent(
            self.passed - before.passed, self.python - before.python,
            self.postgres - before.postgres, self.most_memory,
        )  # fmt: skip


class Meter:
    """Reads the clocks: that on the wall, that of this process and its children, that of the server."""

    def __init__(self, data: Path) -> None:
        self._data = data

    @contextmanager
    def measured(self, what: str) -> Iterator[None]:
        """Print what was spent on this."""
        before = self.read()
        yield
        print(f"{what:<44}{self.read().since(before)}", flush=True)

    def read(self) -> Spent:
        """What the clocks show now."""
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Spent(time.perf_counter(), _python(), self._postgres(), most)

    def _postgres(self) -> float:
        return sum(_seconds_of(process) for process in processes_in(self._data))


def ran(process: int) -> int:
    """For how many nanoseconds a process of this machine has run (0 where the system does not tell)."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
    except OSError:
        return 0


def ran_together(data: Path) -> int:
    """The same of all processes of the server whose data lie there."""
    return sum(map(ran, processes_in(data)))


def memory(process: int) -> float:
    """The megabytes that a process holds."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    [held] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(held) / 1024


def _python() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _seconds_of(process: int) -> float:
    """CPU time of a process and of those of its children that have ended."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, told.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
