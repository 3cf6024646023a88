"""When two answers are the same."""

from typing import Any

import msgspec
from graphql import GraphQLError

from tests.graphql.execution.documents import Request


def same(ours: Any, theirs: Any, request: Request) -> None:
    """Fail unless both answers have the same data and tell the same errors.

    An error of a field that may be null is told by both with the same path and cause. Where an error
    takes things above it along, and several fields of them fail, which of these is told is up to the
    executor; that one of them is told, is not.
    """
    assert _encoded(ours.data) == _encoded(theirs.data), request
    ours_told, theirs_told = (told(each.errors or [], each.data) for each in (ours, theirs))
    assert ours_told.keys() == theirs_told.keys(), (request, ours_told, theirs_told)
    for place, causes in ours_told.items():
        assert causes & theirs_told[place] or not _here(causes, theirs_told[place], place), request


def told(errors: list[GraphQLError], data: Any) -> dict[tuple[Any, ...], set[Any]]:
    """What is told at each null of the answer: the path and the cause of each error."""
    found: dict[tuple[Any, ...], set[Any]] = {}
    for error in errors:
        path = error.path or []
        cause = getattr(error.original_error, "code", type(error.original_error).__name__)
        found.setdefault(null_above(path, data), set()).add((tuple(path), cause))
    return {
        place: causes
        for place, causes in found.items()
        if not any(place[:length] in found for length in range(len(place)))
    }


def null_above(path: list[Any], data: Any) -> tuple[Any, ...]:
    """The beginning of a path that ends at null in the data."""
    for length, part in enumerate(path):
        if data is None:
            return tuple(path[:length])
        data = data[part]
    return tuple(path)


def _here(ours: set[Any], theirs: set[Any], place: tuple[Any, ...]) -> bool:
    """Whether either tells an error of the very field that is null."""
    return any(path == place for path, _ in ours | theirs)


def _encoded(data: Any) -> bytes:
    return msgspec.json.encode(data)
