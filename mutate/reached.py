"""Which tests come by which lines: no others could notice that one of them is wrong."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from mutate.operators import Mutant


class Reached:
    """Which tests come by which lines of the code, and how long each of them takes."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = {str(file.resolve()): file for file in files}
        self._lines: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.seconds: dict[str, float] = {}

    def watch(self, session: pytest.Session) -> None:
        """Run the tests as they are."""
        for item, following in with_next(session.items):
            seen = self._lines[item.nodeid]
            began = time.perf_counter()
            sys.settrace(lambda frame, *_, seen=seen: self._trace(frame, seen))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.settrace(None)
            self.seconds[item.nodeid] = time.perf_counter() - began

    def _trace(self, frame: FrameType, seen: dict[str, set[int]]) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        lines = seen[frame.f_code.co_filename]

        def by_line(inner: FrameType, *_: Any) -> Any:
            lines.add(inner.f_lineno)
            return by_line

        return by_line(frame)

    def told(self) -> str:
        """The same as text, to be handed to another process."""
        lines = {
            test: {file: sorted(seen) for file, seen in files.items()}
            for test, files in self._lines.items()
        }
        return json.dumps({"lines": lines, "seconds": self.seconds})


def tests_of(told: dict[str, Any], mutant: Mutant) -> list[str]:
    """The tests that come by the place of a mutant, the quickest first."""
    file, lines = str(mutant.file.resolve()), range(mutant.line, mutant.last_line + 1)
    found = [
        test
        for test, files in told["lines"].items()
        if any(line in lines for line in files.get(file, ()))
    ]
    return sorted(found, key=lambda test: float(told["seconds"][test]))


def with_next(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test with the one that follows, as pytest wants to know."""
    return zip(items, [*items[1:], None], strict=True)
