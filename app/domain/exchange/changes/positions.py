"""What changed between two positions: of each change its version, its kind and its key, and no more."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import array

from app.domain.access.actors import Scope, Shape, within
from app.domain.access.doors import PLACE
from app.domain.base import Table
from app.domain.exchange.changes.coverage import Coverage, Filling, Position
from app.domain.exchange.changes.departures import Departure, Retelling
from app.domain.exchange.changes.source import ChangeKind, Source
from app.domain.exchange.changes.sources import SOURCES
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement

# What may be asked.


async def changed_between(
    db: Connection,
    *,
    scope: Scope,
    kinds: frozenset[ChangeKind],
    after: Position | Filling,
    before: tuple[int, int],
    limit: int,
) -> list[Row]:
    """The first changes after a position and before a version, in their order.

    Each has `transaction`, `sequence`, `kind`, `id`, `gone` and, of a record that became another's which
    the reader may see, the other's key as `became`. Filling tells what is there and of nothing that left.
    """
    follows = isinstance(after, Position)
    told = [kind.value for kind in kinds]
    along = {SOURCES[kind].along_with or kind for kind in kinds}
    return await db.all(
        _changed(placed_shape(scope)),
        kinds=told,
        retold=told if follows else [],
        departed=[kind.value for kind in along | kinds] if follows else [],
        transaction=after.transaction,
        sequence=after.sequence,
        before_transaction=before[0],
        before_sequence=before[1],
        limit=limit,
        **placed_values(scope),
    )


async def things_of(
    db: Connection, *, scope: Scope, kind: ChangeKind, ids: list[UUID]
) -> dict[UUID, Row]:
    """The things with these keys that lie in the scope, as they are now, and in what each lies (`_lies_in`)."""
    rows = await db.all(_things(kind, placed_shape(scope)), ids=ids, **placed_values(scope))
    return {row.pop("_key"): row for row in rows}


_STILL = Statement(
    select(SOURCES[ChangeKind.UNIT].door.key.label("id")).where(
        SOURCES[ChangeKind.UNIT].door.key == any_(bindparam("ids", type_=ARRAY(Uuid))),
        within(PLACE, SOURCES[ChangeKind.UNIT].door.placed()),
    )
)


async def units_lost(
    db: Connection, *, scope: Scope, before: Coverage, now: Coverage
) -> list[UUID]:
    """The units of an earlier coverage that lie in nothing of the present one, in the order of keys."""
    left = sorted(before.units - now.units)
    if not left:
        return []
    places = {f"scope_{name}": scope.values.get(name, []) for name in PLACE}
    still = {row["id"] for row in await db.all(_STILL, ids=left, **places)}
    return [unit for unit in left if unit not in still]


def placed_shape(scope: Scope) -> Shape:
    """The columns of places among those that decide the scope."""
    return tuple(name for name in scope.shape if name in PLACE)


def placed_values(scope: Scope) -> dict[str, list[UUID]]:
    """Their values, as a statement over that shape takes them."""
    return scope.parameters(PLACE)


@lru_cache(maxsize=16)
def _changed(shape: Shape) -> Statement:
    parts = [_told(kind, source, shape) for kind, source in SOURCES.items()]
    every = union_all(*parts, _departed(shape), _retold(shape)).subquery("every")
    return Statement(
        select(every).order_by(every.c.transaction, every.c.sequence).limit(bindparam("limit"))
    )


def _told(kind: ChangeKind, source: Source, shape: Shape) -> Any:
    """Rows of one kind whose own version lies between the positions."""
    columns = _columns(source.door.table)
    chosen = _ranged(
        source.door.table, literal(kind.value, Text), source.door.key, is_gone=False
    ).select_from(source.door.rows)
    return _some(
        chosen.where(
            literal(kind.value, Text) == any_(bindparam("kinds", type_=ARRAY(Text))),
            within(shape, source.door.placed()),
            *source.present,
        ),
        columns,
    )


def _departed(shape: Shape) -> Any:
    """What left the scope, and did not come back into it."""
    columns = _columns(Departure)
    survivor = Teacher.__table__.alias("survivor")  # type: ignore[attr-defined]
    merged = Teacher.__table__.alias("merged")  # type: ignore[attr-defined]
    became = (
        select(survivor.c.id)
        .select_from(survivor.join(merged, merged.c.merged_into_id == survivor.c.id))
        .where(
            merged.c.id == columns.thing_id,
            within(shape, {name: survivor.c[name] for name in PLACE}),
        )
        .scalar_subquery()
    )
    chosen = _ranged(Departure, columns.kind, columns.thing_id, is_gone=True, became=became)
    return _some(
        chosen.where(
            columns.kind == any_(bindparam("departed", type_=ARRAY(Text))),
            within(shape, {name: columns[f"left_{name}"] for name in PLACE}),
            ~_is_here(columns, shape),
        ),
        columns,
    )


def _retold(shape: Shape) -> Any:
    """What is told anew to those who see it now."""
    columns = _columns(Retelling)
    return _some(
        _ranged(Retelling, columns.kind, columns.thing_id, is_gone=False).where(
            columns.kind == any_(bindparam("retold", type_=ARRAY(Text))),
            _is_here(columns, shape),
        ),
        columns,
    )


def _is_here(columns: Any, shape: Shape) -> Any:
    """The predicate 'what was noted lies in the scope now'."""
    return case(
        *(
            (
                columns.kind == kind.value,
                exists(
                    select(source.door.key)
                    .select_from(source.door.rows)
                    .where(
                        source.door.key == columns.thing_id,
                        within(shape, source.door.placed()),
                        *source.present,
                    )
                ),
            )
            for kind, source in SOURCES.items()
        ),
        else_=false(),
    )


def _ranged(
    table: type[Table], kind: Any, key: Any, *, is_gone: bool, became: Any = None
) -> Select[Any]:
    columns = _columns(table)
    version = tuple_(columns.change_transaction, columns.change_sequence)
    bounds: Mapping[str, Any] = {
        name: bindparam(name, type_=BigInteger)
        for name in ("transaction", "sequence", "before_transaction", "before_sequence")
    }
    return select(
        columns.change_transaction.label("transaction"),
        columns.change_sequence.label("sequence"),
        kind.label("kind"),
        key.label("id"),
        (true() if is_gone else false()).label("gone"),
        (cast(null(), Uuid) if became is None else became).label("became"),
    ).where(
        version > tuple_(bounds["transaction"], bounds["sequence"]),
        version < tuple_(bounds["before_transaction"], bounds["before_sequence"]),
    )


def _some(chosen: Select[Any], columns: Any) -> Any:
    """The first of these, found by the index on the versions; a part of the union."""
    ordered = chosen.order_by(columns.change_transaction, columns.change_sequence)
    return select(ordered.limit(bindparam("limit")).subquery())


def _columns(table: type[Table]) -> Any:
    return table.__table__.c  # type: ignore[attr-defined]


@lru_cache(maxsize=128)
def _things(kind: ChangeKind, shape: Shape) -> Statement:
    source = SOURCES[kind]
    keys = func.array_remove(array(source.lies_in, type_=ARRAY(Uuid)), null())
    others = func.array_remove(keys, source.door.key, type_=ARRAY(Uuid))
    return Statement(
        source.door.select(source.door.key.label("_key"), others.label("_lies_in")).where(
            source.door.key == any_(bindparam("ids", type_=ARRAY(Uuid))),
            within(shape, source.door.placed()),
            *source.present,
        )
    )
