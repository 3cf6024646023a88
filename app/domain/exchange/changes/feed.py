"""Reading the feed: a part of it after a position, below the oldest transaction still running."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, bindparam, tuple_

from app.domain.access.actors import Actor, Scope, Shape, within
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.credits.entries import CreditEntryView
from app.domain.exchange.changes.departures import departures
from app.domain.exchange.changes.epochs import HORIZON, EpochRaised
from app.domain.exchange.changes.sources import SOURCES, ChangeKind
from app.domain.organisation.units import UnitView
from app.domain.paging import BadCursor, decode_cursor, encode_cursor
from app.domain.people.teachers import TeacherView
from app.domain.training.activities.activity import (
    ActivityView,
)
from app.sql import Connection, Row, Statement

LONGEST_READ = 500
"""Changes that one read answers with at most."""

_MOST = 2**63 - 1  # PostgreSQL's bigint


class ChangeView(BaseModel):
    """A change: the thing as it is now, under the name of its kind."""

    kind: ChangeKind = Field(description="类别 / kind of thing")
    id: UUID = Field(description="标识 / key of the thing")
    change: str = Field(description="此变更之后的游标 / cursor after this change")
    gone: bool = Field(
        description="已离开读取者的范围，连同其全部内容 / it has left the reader's scope, with all that is its"
    )
    unit: UnitView | None = Field(default=None, description="单位 / unit")
    teacher: TeacherView | None = Field(default=None, description="教师（脱敏） / teacher, masked")
    activity: ActivityView | None = Field(default=None, description="活动 / activity")
    credit_entry: CreditEntryView | None = Field(
        default=None, description="台账记录，含冲销 / entry of the ledger, reversals included"
    )


class ChangesView(BaseModel):
    """What a read of the feed answers."""

    items: list[ChangeView] = Field(description="变更，按先后 / changes in their order")
    next: str = Field(description="下次从此处继续 / where to go on, now or later; never null")
    more: bool = Field(description="是否还有 / whether more can be read at once")


# What may be asked.


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the feed: after this sequence of this transaction, in this epoch."""

    epoch: int
    transaction: int = 0
    sequence: int = 0

    def cursor(self) -> str:
        """The same, opaque."""
        return encode_cursor("changes", [self.epoch, self.transaction, self.sequence])


async def list_changes(
    db: Connection,
    actor: Actor,
    *,
    after: str | None = None,
    limit: int = 100,
    kinds: Sequence[ChangeKind] | None = None,
) -> Row:
    """The changes after a cursor that the actor may see, the oldest first (`ChangesView`).

    All kinds are read below one horizon, taken first; what commits meanwhile comes with the next
    read. A page that is not full leaves the cursor at the horizon.
    """
    scope = actor.require(Permission.CHANGE_READ)
    [now] = await db.all(HORIZON)
    start = _position(after, now["epoch"])
    limit = min(max(limit, 1), LONGEST_READ)
    found = await _found(db, scope, start, now["horizon"], limit + 1, set(kinds or ChangeKind))
    found.sort(key=lambda each: each[:2])
    items = [_change(now["epoch"], *each) for each in found[:limit]]
    if len(found) > limit:
        return {"items": items, "next": items[-1]["change"], "more": True}
    end = Position(now["epoch"], max(now["horizon"], start.transaction), 0)
    caught_up = (end.transaction, 0) > (start.transaction, start.sequence)
    return {"items": items, "next": (end if caught_up else start).cursor(), "more": False}


async def _found(
    db: Connection,
    scope: Scope,
    start: Position,
    horizon: int,
    limit: int,
    kinds: set[ChangeKind],
) -> list[tuple[int, int, ChangeKind, Row]]:
    """What changed and what left, by kind: the transaction, the sequence, the kind and the thing."""
    part = {
        "transaction": start.transaction,
        "sequence": start.sequence,
        "horizon": horizon,
        "limit": limit,
    }
    found: list[tuple[int, int, ChangeKind, Row]] = []
    for kind in (each for each in ChangeKind if each in kinds):
        known = SOURCES[kind].placed()
        places = {f"scope_{name}": ids for name, ids in scope.values.items() if name in known}
        rows = await db.all(_changes(kind, scope.shape), **part, **places)
        found += [(row.pop("_transaction"), row.pop("_sequence"), kind, row) for row in rows]
    places = {f"scope_{name}": ids for name, ids in scope.values.items() if name in PLACE}
    for row in await db.all(
        departures(scope.shape), kinds=[kind.value for kind in kinds], **part, **places
    ):
        kind = ChangeKind(row.pop("kind"))
        found.append((row.pop("_transaction"), row.pop("_sequence"), kind, row | {"gone": True}))
    return found


def _position(after: str | None, epoch: int) -> Position:
    if after is None:
        return Position(epoch)
    position = Position(*decode_cursor(after, "changes", [int, int, int]))
    if not (0 <= position.transaction <= _MOST and 0 <= position.sequence <= _MOST):
        raise BadCursor
    if position.epoch != epoch:
        raise EpochRaised
    return position


def _change(
    epoch: int, transaction: int, sequence: int, kind: ChangeKind, thing: Mapping[str, Any]
) -> Row:
    gone = "gone" in thing
    return {
        "kind": kind,
        "id": thing["id"],
        "change": Position(epoch, transaction, sequence).cursor(),
        "gone": gone,
        **{each.value: thing if each is kind and not gone else None for each in ChangeKind},
    }


@lru_cache(maxsize=64)
def _changes(kind: ChangeKind, shape: Shape) -> Statement:
    door = SOURCES[kind]
    columns = door.table.__table__.c  # type: ignore[attr-defined]
    transaction, sequence = columns.change_transaction, columns.change_sequence
    position = tuple_(
        bindparam("transaction", type_=BigInteger), bindparam("sequence", type_=BigInteger)
    )
    return Statement(
        door.select(transaction.label("_transaction"), sequence.label("_sequence"))
        .where(
            tuple_(transaction, sequence) > position,
            transaction < bindparam("horizon", type_=BigInteger),
            within(shape, door.placed()),
            *door.present,
        )
        .order_by(transaction, sequence)
        .limit(bindparam("limit"))
    )
