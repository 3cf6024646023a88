"""Nodes: everything that has a key of its own, found by it alone (`node`, `nodes`), behind its own door.

A key is a UUID of version 7, unique over all tables, so that it is the global identification that
Relay asks for as it stands.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NewType, TypeVar
from uuid import UUID

import strawberry
from pydantic import BaseModel, Field
from strawberry import Info
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.types.scalar import ScalarDefinition

from app.domain.access import nodes
from app.domain.access.doors import Door
from app.domain.access.nodes import MOST_NODES
from app.domain.errors import Invalid
from app.graphql.context import Context

if TYPE_CHECKING:
    GlobalId = UUID
else:
    GlobalId = NewType("GlobalId", UUID)
    """A key that the schema shows as `ID`; wherever else keys stand there, they are `UUID`."""


def _civil_date(day: date | str) -> str:
    """A date as the answer writes it; one that is kept in JSON is written so already."""
    return day if isinstance(day, str) else day.isoformat()


SCALARS: dict[object, ScalarDefinition] = {
    GlobalId: DEFAULT_SCALAR_REGISTRY[strawberry.ID],
    date: replace(DEFAULT_SCALAR_REGISTRY[date], serialize=_civil_date),
}


class MalformedId(Invalid):
    """What was given as an identification is not one of ours."""

    code = "malformed_id"
    zh = "标识格式不正确：应为 UUID。"
    en = "That is no id: an id is a UUID."


DOORS: dict[str, Door] = {}
"""The door of each type that has keys of its own, by the name of the type."""

T = TypeVar("T", bound=BaseModel)


@strawberry.pydantic.interface(description="有标识的对象 / anything with a key of its own")
class Node(BaseModel):
    """Anything with a key of its own."""

    id: GlobalId = Field(description="标识 / key")


def node(door: Door, *, name: str, description: str) -> Callable[[type[T]], type[T]]:
    """Declare the type of a noun whose things are found by their keys, through this door."""

    def declare(kind: type[T]) -> type[T]:
        declared: Any = strawberry.pydantic.type(name=name, description=description)(kind)
        # graphql-core asks whether a row is of this type: it says so, or nobody else claims it.
        declared.__strawberry_definition__.is_type_of = lambda row, _info: (
            row.get("__typename", name) == name
        )
        DOORS[name] = door
        return kind

    return declare


def _key(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise MalformedId from None


@strawberry.type
class NodeQueries:
    """What may be asked about anything."""

    @strawberry.field(
        description="按标识查找任意对象 / anything by its key", graphql_type=Node | None
    )
    async def node(self, info: Info[Context], id: strawberry.ID) -> Any:
        """One thing by its key."""
        actor, key = info.context.actor, _key(id)
        name, row = await info.context.read(
            lambda db: nodes.get_node(db, actor, doors=DOORS, row_id=key)
        )
        return {"__typename": name, **row}

    @strawberry.field(
        description="按标识查找多个对象，未找到者为 null / many by their keys, null where there is none",
        graphql_type=list[Node | None],
    )
    async def nodes(
        self,
        info: Info[Context],
        ids: Annotated[
            list[strawberry.ID],
            strawberry.argument(
                description=f"标识，最多 {MOST_NODES} 个 / at most {MOST_NODES} keys"
            ),
        ],
    ) -> Any:
        """Many things by their keys."""
        actor, keys = info.context.actor, [_key(each) for each in ids]
        found = await info.context.read(
            lambda db: nodes.list_nodes(db, actor, doors=DOORS, row_ids=keys)
        )
        return [each and {"__typename": each[0], **each[1]} for each in found]
