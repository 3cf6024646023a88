"""Starting PostgreSQL's programs, and ending them, also those that a killed predecessor left."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from pwd import struct_passwd
from typing import BinaryIO, TypedDict

LOCALE = "C.UTF-8"
"""Text is compared by code point, and case and letters are Unicode's, on every machine alike."""

# Nothing of our own environment is handed on: it holds secrets, and PG* variables would interfere.
_ENVIRONMENT = {"LC_ALL": LOCALE, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC"}


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def run(command: list[str | Path], account: struct_passwd | None = None) -> str:
    """Run a program to its end, under `account` where one is given, and return what it printed."""
    completed = subprocess.run(  # noqa: S603 (the commands are put together here, from paths)
        command,
        check=True,
        capture_output=True,
        text=True,
        cwd="/",
        env=_ENVIRONMENT,
        **_identity(account),
    )
    return completed.stdout


def spawn(
    command: list[str | Path], *, output: BinaryIO, account: struct_passwd | None
) -> subprocess.Popen[bytes]:
    """Start a server as our direct child, in a session of its own, and return at once.

    A Ctrl-C in the terminal therefore reaches us, not it. Where Linux's `setpriv` is at hand the
    server shuts down by itself when the thread that started it ends, however that ends; only the
    main thread may promise this, since any other may end long before the program does.
    """
    if threading.current_thread() is threading.main_thread():
        command = [*_ending_with_parent(), *command]
    return subprocess.Popen(  # noqa: S603 (the commands are put together here, from paths)
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=_ENVIRONMENT,
        start_new_session=True,
        **_identity(account),
    )


def end_all(data: Path) -> None:
    """End every PostgreSQL process at work in `data`, our child or not, within 80 seconds.

    The caller holds the lock of the folder, so what is found is ours, or was left behind by a
    supervisor or a server that was killed. A stale pid file is removed: its number may meanwhile
    belong to a process that has nothing to do with us.
    """
    pid_file = data / "postmaster.pid"
    for request, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        left = processes_in(data)
        if not left:
            break
        server = pid_in(pid_file)
        # A server that still lives ends its own children; without one, each is asked.
        for process in [server] if server in left else left:
            with suppress(ProcessLookupError):
                os.kill(process, request)
        deadline = time.monotonic() + seconds
        while processes_in(data) and time.monotonic() < deadline:
            time.sleep(0.02)
    pid_file.unlink(missing_ok=True)


def processes_in(data: Path) -> list[int]:
    """Return the process ids of PostgreSQL at work in `data`.

    Linux knows the working folder of each process, which is `data` for all that belong to a
    server. Elsewhere `ps` shows the command line, which only the server itself keeps.
    """
    if Path("/proc/self/cwd").exists():
        return [
            int(process.name) for process in Path("/proc").glob("[0-9]*") if _is_in(data, process)
        ]
    return processes_by_command(data)


def processes_by_command(data: Path) -> list[int]:
    """Return the process ids whose command line says that they serve `data`."""
    lines = run(["ps", "-axww", "-o", "pid=,command="]).splitlines()
    return [int(line.split()[0]) for line in lines if f"postgres -D {data} " in line]


def pid_in(pid_file: Path) -> int | None:
    """Return the process id that a server wrote down, or None where it wrote none."""
    with suppress(OSError, ValueError, IndexError):
        return int(pid_file.read_text().splitlines()[0])
    return None


def is_ready(data: Path, pid: int) -> bool:
    """Say whether the server with this process id has reported that it takes connections.

    It writes its state into the eighth line of its pid file, which is what `pg_ctl` waits for.
    """
    pid_file = data / "postmaster.pid"
    with suppress(OSError, IndexError):
        state = pid_file.read_text().splitlines()[7].strip()
        return state == "ready" and pid_in(pid_file) == pid
    return False


def _is_in(data: Path, process: Path) -> bool:
    # A process may end while it is looked at, and those of others do not show their folder.
    with suppress(OSError):
        name = (process / "comm").read_text().strip()
        return name == "postgres" and (process / "cwd").readlink() == data
    return False


def _identity(account: struct_passwd | None) -> _Identity:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _ending_with_parent() -> list[str | Path]:
    found = shutil.which("setpriv") if sys.platform == "linux" else None
    # BusyBox has a `setpriv` too, but without this option.
    if found is None or Path(found).resolve().name != "setpriv":
        return []
    return [found, "--pdeathsig", "INT"]
