"""`make mutate`: a sample of wrong turns for each area, and what became of them.

python -m mutate [--area rules] [--count 50] [--seed 1] [--only 'grants.py:(255|281)']
"""

import argparse
import asyncio
import gc
import json
import os
import random
import re
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TypeVar

import asyncpg
import pytest

from app.database.embedded import EmbeddedServer
from app.database.migrations import migrate
from app.domain.access.walled import policy_of
from app.settings import get_settings
from mutate.areas import AREAS, POLICIES, Area
from mutate.operators import Mutant, mutants_of, mutated
from mutate.policies import PolicyMutant, mutants_of_policies, put_policy
from mutate.reached import Reached, tests_of, with_next

SLOWEST, SLOWER = 120, 10
"""Seconds after which the tests of a mutant are ended, and how many times as long as they took they
may at least take: it has been noticed then."""
T = TypeVar("T", Mutant, PolicyMutant)
KILLED, SURVIVED, ENDED, UNFIT = "killed", "survived", "timed out", "unfit"


def put_in_place(mutant: Mutant) -> bool:
    """Change the functions that are there; whether there were any."""
    # The common fixtures lay aside what was imported, and what is laid aside is no longer told of.
    gc.unfreeze()
    file = str(mutant.file.resolve())
    changed = {
        _key(code): code
        for code in _codes(compile(mutated(mutant), file, "exec"))
        if code.co_name != "<module>"
    }
    put = False
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == file:
            code = changed.get(_key(each.__code__))
            if code is not None and code != each.__code__:
                each.__code__ = code
                put = True
    return put


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


class Mutating:
    """Runs in place of the tests: once as they are, then for each mutant of the sample."""

    def __init__(self, area: Area, count: int, seed: int, only: str = "") -> None:
        self._files = sorted(each for path in area.code for each in _python(Path(path)))
        self._database = area.database
        self._only = re.compile(only)
        self._count = count
        self._chance = random.Random(seed)  # noqa: S311  # Nothing secret is drawn.
        self.outcomes: list[tuple[str, str]] = []
        self.all = self.beside = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The loop of pytest."""
        told = self._watched(session)
        every = [mutant for file in self._files for mutant in mutants_of(file)]
        reached = [mutant for mutant in every if tests_of(told, mutant)]
        self.all, self.beside = len(every), len(every) - len(reached)
        chosen = self._sample(reached)
        for mutant in sorted(chosen, key=lambda each: (each.file, each.line)):
            tests = tests_of(told, mutant)
            usual = sum(told["seconds"][test] for test in tests)
            became = self._try(session, mutant, tests, usual)
            if self._database:
                asyncio.run(_leave_nothing(os.environ["DATABASE_OWNER_URL"]))
            self._tried(became, mutant.name)
        return True

    def _sample(self, every: list[T]) -> list[T]:
        """So many of those whose names are wanted: of a sample that was tried, what had survived."""
        wanted = [each for each in every if self._only.search(each.name)]
        return self._chance.sample(wanted, min(self._count, len(wanted)))

    def _tried(self, became: str, name: str) -> None:
        self.outcomes.append((became, name))
        sys.stderr.write(f"{became:10} {name}\n")

    def _watched(self, session: pytest.Session) -> dict[str, Any]:
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
            if _apart(lambda: self._watch(session, Path(said.name)), limit=0) != 0:
                sys.exit("the tests fail as they are")
            content: dict[str, Any] = json.loads(said.read())
            return content

    def _watch(self, session: pytest.Session, said: Path) -> int:
        reached = Reached(self._files)
        reached.watch(session)
        said.write_text(reached.told(), "utf-8")
        return session.testsfailed

    def _try(
        self, session: pytest.Session, mutant: Mutant, tests: list[str], seconds: float
    ) -> str:
        by_name = {item.nodeid: item for item in session.items}

        def run() -> int:
            if not put_in_place(mutant):
                return 2
            return _run(session, [by_name[test] for test in tests])

        limit = max(SLOWEST, round(SLOWER * seconds))
        return {0: SURVIVED, 1: KILLED, 2: UNFIT}.get(_apart(run, limit=limit), ENDED)


class MutatingPolicies(Mutating):
    """The same for what the database itself compares; the rows of one table are as they were afterwards."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The loop of pytest."""
        if _apart(lambda: _run(session, session.items), limit=0) != 0:
            sys.exit("the tests fail as they are")
        every = [*mutants_of_policies()]
        self.all = len(every)
        for mutant in sorted(self._sample(every)):
            self._tried(self._try_policy(session, mutant), mutant.name)
        return True

    def _try_policy(self, session: pytest.Session, mutant: PolicyMutant) -> str:
        owner = os.environ["DATABASE_OWNER_URL"]
        asyncio.run(put_policy(owner, mutant.table, mutant.policy))
        try:
            ended = _apart(lambda: _run(session, session.items), limit=SLOWEST)
        finally:
            asyncio.run(put_policy(owner, mutant.table, policy_of(mutant.table)))
        return {0: SURVIVED, 1: KILLED}.get(ended, ENDED)


async def _leave_nothing(owner_url: str) -> None:
    """Empty the database where a mutant has committed what its tests would have rolled back."""
    from tests.conftest import empty  # noqa: PLC0415  It imports all there is.

    owner = await asyncpg.connect(owner_url)
    try:
        left = await owner.fetchval("SELECT EXISTS (SELECT FROM unit)")
    finally:
        await owner.close()
    if left:
        await empty(owner_url)


def _run(session: pytest.Session, items: list[pytest.Item]) -> int:
    """Run tests until the first of them fails; 1 if one does."""
    for item, following in with_next(items):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


def _python(path: Path) -> Iterator[Path]:
    yield from path.rglob("*.py") if path.is_dir() else [path]


def _apart(run: Any, *, limit: int) -> int:
    """What `run` returns in a process of its own, which starts as this one is now and leaves no trace."""
    child = os.fork()
    if child == 0:
        told = os.dup(2)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        signal.alarm(limit)
        code = 1
        try:
            code = min(int(run()), 3)
        except BaseException:  # noqa: BLE001  # Whatever it was, this copy ends here and says why.
            os.write(told, traceback.format_exc().encode())
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def report(area: str, mutating: Mutating) -> str:
    """How many of the sample were noticed, and which were not."""
    counts = Counter(became for became, _ in mutating.outcomes)
    tried = len(mutating.outcomes) - counts[UNFIT]
    noticed = counts[KILLED] + counts[ENDED]
    share = 100 * noticed / max(tried, 1)
    first = (
        f"{area}: {noticed} of {tried} noticed ({share:.0f} %), {counts[ENDED]} of them by time,"
        f" {counts[UNFIT]} not to be put in place; "
    )
    beside = (
        f"{mutating.all} possible, {mutating.beside} of them on lines that these tests never run"
    )
    lines = [first + beside]
    lines += [f"  survived {name}" for became, name in mutating.outcomes if became == SURVIVED]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Try the areas one after the other."""
    parser = argparse.ArgumentParser(prog="python -m mutate")
    parser.add_argument("--area", action="append", choices=[*AREAS, "policies"])
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="of the changes those whose names match alone")
    asked = parser.parse_args()
    for name in asked.area or [*AREAS, "policies"]:
        area, kind = (AREAS[name], Mutating) if name in AREAS else (POLICIES, MutatingPolicies)
        with _database(wanted=area.database):
            mutating = kind(area, asked.count, asked.seed, asked.only)
            # Without a database nothing of the common fixtures is used, which import all there is.
            apart = [] if area.database else ["--noconftest"]
            usual = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
            _in_its_own_process(name, mutating, [*usual, *apart, *area.tests])


@contextmanager
def _database(*, wanted: bool) -> Iterator[None]:
    """A server that the tests find in their environment."""
    if not wanted:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        binaries = get_settings().postgres_binaries
        with EmbeddedServer(Path(folder) / "server", binaries=binaries) as server:
            migrate(server.urls.owner, server.urls.application)
            os.environ["DATABASE_URL"] = server.urls.application
            os.environ["DATABASE_OWNER_URL"] = server.urls.owner
            yield


def _in_its_own_process(name: str, mutating: Mutating, arguments: list[str]) -> None:
    child = os.fork()
    if child == 0:
        pytest.main(arguments, plugins=[mutating])
        sys.stdout.write(report(name, mutating))
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
