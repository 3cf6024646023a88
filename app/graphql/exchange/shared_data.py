"""The catalogue of shared data over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.exchange import shared_data
from app.domain.exchange.shared_data import SharedDataView, SharedField, SharingWay
from app.graphql.context import Context


@strawberry.pydantic.type(name="SharedField", description="共享字段 / a field that is shared")
class SharedFieldNode(SharedField):
    """One field of what is shared."""


@strawberry.pydantic.type(name="SharedData", description="共享数据资源 / what is shared")
class SharedDataNode(SharedDataView):
    """One kind of thing that is shared; it is a part of the catalogue, without a global key."""

    fields: list[SharedFieldNode]  # type: ignore[assignment]  # the same fields, as nodes


@strawberry.type
class SharedDataQueries:
    """What may be asked about what is shared."""

    @strawberry.field(
        description="共享数据目录 / the catalogue of shared data",
        graphql_type=list[SharedDataNode],
    )
    async def shared_data(self, info: Info[Context], way: SharingWay | None = None) -> Any:
        """What is shared with the province, by which fields, on which ground."""
        actor = info.context.actor
        return await info.context.read(lambda db: shared_data.list_shared_data(db, actor, way=way))
