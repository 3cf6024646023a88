"""Where the rows of a level stand in the answer, and which of them cannot be shown."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from graphql import GraphQLError, located_error

from app.graphql.execution.plan import Field

NULLED: Any = object()
"""Stands for a thing that cannot be shown, since a field of it that must be there is not."""

Place = tuple[int, int | None]
"""Below which row of the level above a row stands, and where in its list."""


class Level:
    """The rows of one level: their places, worked out only for errors, and those that `failed`."""

    __slots__ = ("_above", "_key", "_place", "failed")

    def __init__(
        self,
        above: "Level | None" = None,
        key: str = "",
        place: Callable[[int], Place] = lambda index: (index, None),
    ) -> None:
        self._above = above
        self._key = key
        self._place = place
        self.failed: set[int] = set()

    def path(self, index: int) -> list[str | int]:
        """The path of a row in the answer."""
        if self._above is None:
            return []
        owner, position = self._place(index)
        return [*self._above.path(owner), self._key, *([] if position is None else [position])]

    def part(self, indices: Sequence[int]) -> "Level":
        """Some rows of this level."""
        return Level(self._above, self._key, lambda index: self._place(indices[index]))

    def singles(self, key: str, owners: Sequence[int]) -> "Level":
        """The level below of one row for each of these."""
        return Level(self, key, lambda index: (owners[index], None))

    def lists(self, key: str, sizes: Sequence[int]) -> "Level":
        """The level below of as many rows for each as its list is long."""
        ends = list(accumulate(sizes))

        def place(index: int) -> Place:
            owner = bisect_right(ends, index)
            return owner, index - (ends[owner] - sizes[owner])

        return Level(self, key, place)


class Errors:
    """The errors of one run."""

    def __init__(self) -> None:
        self.found: list[GraphQLError] = []

    def add(self, field: Field, error: Exception, path: list[str | int]) -> None:
        """Record an error at a place."""
        self.found.append(located_error(error, field.nodes, path))

    def fail(self, field: Field, error: Exception, index: int, level: Level) -> None:
        """Record an error of a field at a row, which cannot be shown if it needs that field."""
        if index not in level.failed:
            self.add(field, error, [*level.path(index), field.key])
            if field.required:
                level.failed.add(index)

    def visible(self, data: Any) -> list[GraphQLError]:
        """The errors of which the data show a trace: the first for each null that they led to."""
        if len(self.found) < 2:
            return self.found
        by_null: dict[tuple[str | int, ...], GraphQLError] = {}
        for error in self.found:
            by_null.setdefault(_null_above(error.path or [], data), error)
        return list(by_null.values())


def _null_above(path: Sequence[str | int], data: Any) -> tuple[str | int, ...]:
    """The beginning of a path that ends at null in the data."""
    for length, part in enumerate(path):
        if data is None:
            return tuple(path[:length])
        data = data[part]
    return tuple(path)
