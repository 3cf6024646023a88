"""Reading the feed: a part of it after a position, below the oldest transaction still running."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.exchange.changes.coverage import Filling, Position, coverage_of, scope_of
from app.domain.exchange.changes.epochs import HORIZON, EpochRaised
from app.domain.exchange.changes.positions import changed_between, things_of, units_lost
from app.domain.exchange.changes.source import ChangeKind
from app.domain.exchange.changes.unit_sets import read_position
from app.sql import Connection, Row

LONGEST_READ = 500
"""Changes that one read answers with at most."""


class Part(NamedTuple):
    """A part of the feed by keys alone: each change with its cursor, and what `ChangesView` says of it."""

    changes: list[Row]
    next: Position
    more: bool
    through: datetime | None


# What may be asked.


async def list_changes(
    db: Connection,
    actor: Actor,
    *,
    after: str | None = None,
    limit: int = 100,
    kinds: Sequence[ChangeKind] | None = None,
) -> Row:
    """The changes after a cursor that the actor may see, the oldest first (`ChangesView`).

    Without a cursor it begins with everything there is. What the actor has been granted since the
    cursor is told then, what has been taken away is told as gone. All kinds are read below one
    horizon, taken first; what commits meanwhile comes with a later read. Whoever may be granted many
    units has had them kept (`keep_coverage`), or cannot go on from the cursor.
    """
    part = await read_part(db, actor, after=after, limit=limit, kinds=kinds)
    covered = part.next.covered
    scope = scope_of(actor, covered.units)
    wanted: dict[ChangeKind, list[UUID]] = defaultdict(list)
    for change in part.changes:
        if not change["gone"]:
            wanted[change["kind"]].append(change["id"])
    found = {
        kind: await things_of(db, scope=scope, kind=kind, ids=ids)
        for kind, ids in wanted.items()  # one statement a kind, of which there are few
    }
    items = []
    for change in part.changes:
        thing = None if change["gone"] else found[change["kind"]].get(change["id"])
        if change["gone"] or thing is not None:  # what has left meanwhile is told as gone later
            items.append(_item(change, thing))
    return {
        "items": items,
        "next": part.next.cursor(),
        "more": part.more,
        "filling": part.next.filling is not None,
        "through": part.through,
        "kinds": sorted(covered.kinds),
    }


async def read_part(
    db: Connection,
    actor: Actor,
    *,
    after: str | None,
    limit: int,
    kinds: Sequence[ChangeKind] | None = None,
) -> Part:
    """The same by keys alone, for who tells somebody that there is something to read."""
    wanted = coverage_of(actor, kinds)
    [now] = await db.all(HORIZON)
    was = await _begin(db, after, now)
    start = was.covering(wanted)
    limit = min(max(limit, 1), LONGEST_READ)
    scope = scope_of(actor, wanted.units)
    lost = await units_lost(db, scope=scope, before=was.covered, now=wanted)
    if lost:
        told = [_lost(unit, was) for unit in lost]
        told[-1]["change"] = start.cursor()
        return Part(told, start, more=True, through=None)
    if start.filling is not None:
        return await _fill(db, actor, start, start.filling, limit, now)
    horizon = now["horizon"]
    rows = await changed_between(
        db, scope=scope, kinds=wanted.kinds, after=start, before=(horizon, 0), limit=limit + 1
    )
    told = [_placed(row, _after(start, row)) for row in rows[:limit]]
    if len(rows) > limit:
        return Part(told, _after(start, rows[limit - 1]), more=True, through=None)
    end = start
    if (horizon, 0) > (start.transaction, start.sequence):
        end = replace(start, transaction=horizon, sequence=0)
    return Part(told, end, more=False, through=now["through"])


async def _fill(
    db: Connection, actor: Actor, start: Position, filling: Filling, limit: int, now: Row
) -> Part:
    """A part of what stood before the position and is in the reader's scope now."""
    rows = await changed_between(
        db,
        scope=scope_of(actor, filling.coverage.units),
        kinds=filling.coverage.kinds,
        after=filling,
        before=(start.transaction, start.sequence + 1),
        limit=limit + 1,
    )
    filled = [_filled(start, filling, row) for row in rows[:limit]]
    told = [_placed(row, at) for row, at in zip(rows, filled, strict=False)]
    if len(rows) > limit:
        return Part(told, filled[-1], more=True, through=None)
    more = (now["horizon"], 0) > (start.transaction, start.sequence)
    through = None if more else now["through"]
    return Part(told, replace(start, filling=None), more=more, through=through)


async def _begin(db: Connection, after: str | None, now: Row) -> Position:
    """Where a reader stands; one who begins stands at the horizon and was told of nothing yet."""
    if after is None:
        return Position(now["epoch"], now["horizon"])
    position = await read_position(db, cursor=after)
    if position.epoch != now["epoch"]:
        raise EpochRaised
    return position


def _after(start: Position, row: Row) -> Position:
    return replace(start, transaction=row["transaction"], sequence=row["sequence"])


def _filled(start: Position, filling: Filling, row: Row) -> Position:
    moved = replace(filling, transaction=row["transaction"], sequence=row["sequence"])
    return replace(start, filling=moved)


def _lost(unit: UUID, was: Position) -> Row:
    """That a unit was taken from the reader; resumed before the last of these, all are told again."""
    kind = ChangeKind.UNIT
    return {"kind": kind, "id": unit, "change": was.cursor(), "gone": True, "became": None}


def _placed(row: Row, at: Position) -> Row:
    return {
        "kind": ChangeKind(row["kind"]),
        "id": row["id"],
        "change": at.cursor(),
        "gone": row["gone"],
        "became": row["became"],
    }


def _item(change: Row, thing: Row | None) -> Row:
    lies_in = [] if thing is None else thing["_lies_in"]
    shown = None
    if thing is not None:
        shown = {name: value for name, value in thing.items() if name != "_lies_in"}
    of_kind = {each.value: shown if each is change["kind"] else None for each in ChangeKind}
    return {**change, "lies_in": lies_in, **of_kind}
