"""Things found by their key alone: keys are UUIDs of version 7, unique over all tables."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, literal, select, union_all

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.errors import Invalid, NotFound
from app.sql import Connection, Row, Statement

MOST_NODES = 100
"""How many things may be asked for by their keys at once."""


class TooManyKeys(Invalid):
    """More things are asked for by their keys than one answer holds."""

    code = "too_many_keys"
    zh = "一次最多可按标识查找 {limit} 个对象。"
    en = "At most {limit} things can be asked for by their keys at once."


async def get_node(
    db: Connection, actor: Actor, *, doors: Mapping[str, Door], row_id: UUID
) -> tuple[str, Row]:
    """The name of the door behind which this key lies, and its row, as that door lets it be seen.

    Finding the door shows nothing to anybody: it takes one statement, and the door another.
    """
    names = await _names_of(db, doors, [row_id])
    if not names:
        raise NotFound
    name = names[row_id]
    return name, await doors[name].get(db, actor, row_id)


async def list_nodes(
    db: Connection, actor: Actor, *, doors: Mapping[str, Door], row_ids: Sequence[UUID]
) -> list[tuple[str, Row] | None]:
    """The same for many keys, in their order; None where there is nothing that the actor may see.

    One statement finds the doors, and each of these takes another.
    """
    if len(row_ids) > MOST_NODES:
        raise TooManyKeys(limit=MOST_NODES)
    names = await _names_of(db, doors, row_ids)
    found: dict[UUID, tuple[str, Row]] = {}
    for name in dict.fromkeys(names.values()):
        keys = [key for key, each in names.items() if each == name]
        rows = await doors[name].by_id(db, actor, keys)
        found.update({key: (name, row) for key, row in rows.items() if row is not None})
    return [found.get(row_id) for row_id in row_ids]


async def _names_of(
    db: Connection, doors: Mapping[str, Door], row_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """The name of the door behind which each of these keys lies, without those of nothing."""
    rows = await db.all(_names(tuple(doors.items())), keys=list(dict.fromkeys(row_ids)))
    return {row["key"]: row["name"] for row in rows}


@lru_cache(maxsize=8)
def _names(doors: tuple[tuple[str, Door], ...]) -> Statement:
    keys = bindparam("keys", type_=ARRAY(Uuid))
    tables = [
        select(literal(name).label("name"), door.key.label("key")).where(door.key == any_(keys))
        for name, door in doors
    ]
    return Statement(union_all(*tables))
