"""Parts of an activity: its sessions, who carries it, where it leads. Whoever sees it sees them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Uuid, any_, bindparam, or_
from sqlmodel import col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.training.activities.activity import SHARED_PLACES, is_offered
from app.domain.training.activities.table import Activity
from app.sql import Connection, Row, Statement


def door_of_part(
    table: Any,
    view: type[BaseModel],
    missing: type[NotFound],
    *,
    sorts: Mapping[str, tuple[Any, ...]],
    filters: Mapping[str, Any] | None = None,
    computed: Mapping[str, Any] | None = None,
    joined: Any = None,
) -> Door:
    """The door to what belongs to activities; `joined` selects more than its own table."""
    rows = table.__table__
    return Door(
        table=table,
        view=view,
        read=Permission.ACTIVITY_READ,
        missing=missing,
        places=SHARED_PLACES,
        audience=is_offered,
        computed=computed or {},
        joined=(rows if joined is None else joined).join(
            Activity.__table__,  # type: ignore[attr-defined]
            rows.c.activity_id == col(Activity.id),
        ),
        filters=filters or {},
        sorts=sorts,
    )


@lru_cache(maxsize=256)
def _rows_of(door: Door, owner: Any, shape: Shape) -> Statement:
    seen = or_(within(shape, door.placed()), is_offered(bindparam("audience", type_=ARRAY(Uuid))))
    wanted = bindparam("owner_ids", type_=ARRAY(Uuid))
    chosen = door.select(owner.label("_owner")).where(owner == any_(wanted), seen)
    return Statement(chosen.order_by(owner, *door.order(next(iter(door.sorts)))))


async def parts_of(
    db: Connection, actor: Actor, *, door: Door, owner: Any, owner_ids: Sequence[UUID]
) -> dict[UUID, list[Row]]:
    """The parts that belong to each of many, in order; none where the actor may not see the activity."""
    scope = actor.scope(Permission.ACTIVITY_READ)
    answer: dict[UUID, list[Row]] = {owner_id: [] for owner_id in owner_ids}
    if not scope.shape or not answer:
        return answer
    shape = tuple(column for column in scope.shape if column in SHARED_PLACES)
    arguments = {f"scope_{column}": scope.values[column] for column in shape}
    statement = _rows_of(door, owner, shape)
    audience = actor.audience
    for row in await db.all(statement, owner_ids=list(answer), audience=audience, **arguments):
        answer[row.pop("_owner")].append(row)
    return answer
