"""Turns: how much of one thing somebody does at a time in this process, such as sending large files."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from app.domain.errors import TooMany

_RETRY_AFTER = 5
"""Seconds; nobody knows when somebody's own transfer will be over."""


class Turns:
    """At most `most` at a time for each; one more is refused, with `refusal`."""

    def __init__(self, most: int, refusal: type[TooMany]) -> None:
        self._most, self._refusal = most, refusal
        self._taken: Counter[Hashable] = Counter()

    @contextmanager
    def of(self, key: Hashable) -> Iterator[None]:
        """One turn of this key, given back at the end."""
        if self._taken[key] >= self._most:
            raise self._refusal(most=self._most, retry_after=_RETRY_AFTER)
        self._taken[key] += 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
