"""A position (位置): which transactions a reader has seen, and what changed after that."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, col

from app.domain.exchange.changes import ChangeEpoch
from app.domain.paging import BadCursor, decode_cursor, encode_cursor

_LONGEST = 8_192
_NUMBER = re.compile(r"[0-9]{1,19}")
_SNAPSHOT = re.compile(r"[0-9]{1,19}:[0-9]{1,19}:(?:[0-9]{1,19}(?:,[0-9]{1,19})*)?")
_MOST = 2**63 - 1


class LiveView(BaseModel):
    """What every read of what happens answers."""

    position: str = Field(description="位置，下次由此继续 / where to go on")
    afresh: bool = Field(
        description="须重新读取全部：此前的变更不再逐条列出 / whatever there is is to be read anew, for"
        " changes are not told one by one: at first, after a restoration, or where there were too many"
    )


@dataclass(frozen=True, slots=True)
class Position:
    """A snapshot of the database, as it writes it (`xmin:xmax:xip_list`), in an epoch."""

    epoch: int
    snapshot: str

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """What `cursor` made; None of nothing. Raises `BadCursor` for anything else."""
        if text is None:
            return None
        epoch, snapshot = decode_cursor(text, "live", [int, str], longest=_LONGEST)
        _bounds(snapshot)
        return cls(epoch, snapshot)

    def cursor(self) -> str:
        """The same, opaque."""
        return encode_cursor("live", [self.epoch, self.snapshot])

    @property
    def oldest(self) -> int:
        """The oldest transaction that it may not have seen."""
        return _bounds(self.snapshot)[0]

    def leads_to(self, present: Self) -> bool:
        """Whether this server came from here: not from a copy that was restored since."""
        is_past = _bounds(self.snapshot)[1] <= _bounds(present.snapshot)[1]
        return self.epoch == present.epoch and is_past


def _bounds(snapshot: str) -> tuple[int, int]:
    """The first transaction that a snapshot may not show, and the first that it cannot."""
    if not _SNAPSHOT.fullmatch(snapshot):
        raise BadCursor
    first, last, *running = map(int, _NUMBER.findall(snapshot))
    between = [first, *running, last]
    if between != sorted(between) or not 0 < first <= last <= _MOST:
        raise BadCursor
    if running and running[-1] >= last:
        raise BadCursor
    return first, last


# What may be asked.

PRESENT = (
    func.coalesce(
        select(func.max(col(ChangeEpoch.epoch))).scalar_subquery(), literal_column("0")
    ).label("_epoch"),
    literal_column("pg_current_snapshot()::text", Text).label("_snapshot"),
)
"""The columns of where a statement reads; `take_present` takes them out of its row."""


def take_present(row: dict[str, Any]) -> Position:
    """Where a statement with the columns `PRESENT` has read."""
    return Position(row.pop("_epoch"), row.pop("_snapshot"))


class _Transaction(UserDefinedType[Any]):
    """PostgreSQL's number of a transaction, which never comes again."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


class _Snapshot(UserDefinedType[Any]):
    """PostgreSQL's type of a snapshot."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "pg_snapshot"


def changed_between(version: Any) -> ColumnElement[bool]:
    """The predicate 'a row of this version was written after `seen`, and is seen by `present`'.

    Both, so that what is written between the two statements of one read is told by the next.
    """
    by = cast(cast(version, Text), _Transaction)

    def seen_in(name: str) -> Any:
        snapshot = cast(bindparam(name, type_=Text), _Snapshot)
        return func.pg_visible_in_snapshot(by, snapshot)

    changed: ColumnElement[bool] = (
        (version >= bindparam("oldest", type_=BigInteger)) & ~seen_in("seen") & seen_in("present")
    )
    return changed


def between(after: Position, present: Position) -> Mapping[str, Any]:
    """The arguments of `changed_between`."""
    return {"oldest": after.oldest, "seen": after.snapshot, "present": present.snapshot}
