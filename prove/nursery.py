"""A process that has read all of the program, and becomes a server, a worker or a command by forking.

Reading the program takes most of a start, and proofs start hundreds of times. What is forked is a process as
any other: it opens its own connections, answers on its own port and is killed for itself.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prove.clock import FILE, build_clock, follow_clock

ROOT = Path(__file__).parent.parent
LONGEST = 300
"""Seconds after which a process that does not come or go is broken, on however busy a machine."""


class Nursery:
    """The way to that process: it is told what to start, and asked what has become of it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        clock = build_clock(Path(self._folder.name))
        self.has_clock = clock is not None
        preloaded = {} if clock is None else {"LD_PRELOAD": str(clock)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "prove.nursery"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | preloaded,
        )  # fmt: skip

    def start(self, words: Sequence[str], variables: Mapping[str, str], log: Path) -> int:
        """Start `yanxun` with these words (or a worker of ours), and tell the number of its process."""
        told = self._told({"start": list(words), "variables": dict(variables), "log": str(log)})
        return int(told)

    def wait(self, process: int, within: float = 60) -> int:
        """Wait until a process has ended, and tell its exit status; a signal's number is negative."""
        until = time.monotonic() + within
        while (status := self.ended(process)) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"process {process} has not ended within {within:.0f} s")
            time.sleep(0.02)
        return status

    def ended(self, process: int) -> int | None:
        """The exit status of a process that has ended; None as long as it runs."""
        status: int | None = self._told({"ended": process})
        return status

    def close(self) -> None:
        """End it with all that it has started."""
        self._process.communicate(timeout=LONGEST)
        self._folder.cleanup()

    def _told(self, asked: dict[str, Any]) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: PT018, S101  both are pipes
        stdin.write(json.dumps(asked).encode() + b"\n")
        stdin.flush()
        return json.loads(stdout.readline())


def _serve() -> None:
    """Read the program, then do what is asked, line by line; at the end everything started is ended."""
    _read_program()
    children: dict[int, int | None] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        told: int | None
        if "start" in asked:
            told = _fork(asked)
            children[told] = None
        else:
            child = asked["ended"]
            told = children[child] = _ended(child) if children[child] is None else children[child]
        print(json.dumps(told), flush=True)
    for child, status in children.items():
        if status is None:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _read_program() -> None:
    """What every process of the house would read by itself."""
    import app.cli.keeping  # noqa: PLC0415  only this process pays for it
    import app.cli.serving  # noqa: PLC0415, F401
    import prove.worker  # noqa: PLC0415, F401

    gc.collect()
    gc.freeze()


def _fork(asked: dict[str, Any]) -> int:
    if child := os.fork():
        return child
    code = 1
    try:
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.clear()
        os.environ.update(asked["variables"])
        if FILE in os.environ:
            follow_clock(os.environ[FILE])
        code = _become(asked["start"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  a process that ends so says why, in its log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become(words: list[str]) -> int:
    """Be a worker of ours, or the command that the words say."""
    from app.cli import main  # noqa: PLC0415  see `_read_program`
    from prove.worker import do_parts_until_ended  # noqa: PLC0415

    if words[0] == "worker":
        do_parts_until_ended(int(words[1]), float(words[2]))
        return 0
    sys.argv = ["yanxun", *words]
    main()
    return 0


def _ended(process: int) -> int | None:
    """The exit status of a process that has ended; None as long as it runs."""
    found, status = os.waitpid(process, os.WNOHANG)
    return None if found == 0 else os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    _serve()
