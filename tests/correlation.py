"""What a select must not do: ask a table of its own where it means the row of a select further out.

SQLAlchemy lets a subquery mean the rows of the select around it, but not of one beyond that: there it adds
the table to the subquery's own FROM, without a word, and the condition is about all rows instead of one.
Whoever means the row further out says so (`correlate`, `correlate_except`).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import CTE, Join

_plain = SQLCompiler._setup_select_stack


def forbid_lost_rows() -> None:
    """From now on, have every statement refused that holds such a select."""
    SQLCompiler._setup_select_stack = _watched  # type: ignore[method-assign]


def _watched(self: Any, select: Any, *more: Any) -> Any:
    around = set(_parts(each for entry in self.stack for each in entry["correlate_froms"]))
    froms: list[Any] = _plain(self, select, *more)  # type: ignore[no-untyped-call]
    named = set(_parts(_named(select)))
    lost = [
        each
        for each in froms
        if not isinstance(each, Join | CTE) and each in around and each not in named
    ]
    if lost:
        raise AssertionError(
            f"A row of a select further out is meant here: {[each.description for each in lost]} in {select}"
        )
    return froms


def _named(select: Any) -> Iterator[Any]:
    """What a select takes its rows from by its own words; the rest follows from its conditions."""
    for column in select._raw_columns:
        yield from column._from_objects
    yield from select._from_obj
    for joined, *_ in select._setup_joins:
        yield joined


def _parts(froms: Iterable[Any]) -> Iterator[Any]:
    for each in froms:
        if isinstance(each, Join):
            yield from _parts((each.left, each.right))
        else:
            yield each
