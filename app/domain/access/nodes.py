"""Things found by their key alone: keys are UUIDs of version 7, unique over all tables."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Uuid, bindparam, literal, select, union_all

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.errors import NotFound
from app.sql import Connection, Row, Statement


async def get_node(
    db: Connection, actor: Actor, *, doors: Mapping[str, Door], row_id: UUID
) -> tuple[str, Row]:
    """The name of the door behind which this key lies, and its row, as that door lets it be seen.

    Finding the door shows nothing to anybody: it takes one statement, and the door another.
    """
    name = await db.value(_name_of(tuple(doors.items())), key=row_id)
    if name is None:
        raise NotFound
    return name, await doors[name].get(db, actor, row_id)


@lru_cache(maxsize=8)
def _name_of(doors: tuple[tuple[str, Door], ...]) -> Statement:
    key = bindparam("key", type_=Uuid)
    tables = [select(literal(name).label("name")).where(door.key == key) for name, door in doors]
    return Statement(union_all(*tables))
