"""Neighbour systems over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import neighbour_systems
from app.domain.learning.neighbour_systems import (
    NeighbourSystemView,
    NewNeighbourSystem,
    NewSystemIdentifier,
    SystemIdentifierView,
    SystemKind,
)
from app.domain.organisation import units
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    neighbour_systems.NEIGHBOUR_SYSTEMS,
    name="NeighbourSystem",
    description="关联系统 / a neighbour system",
)
class NeighbourSystemNode(Node, NeighbourSystemView):
    """A neighbour system with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / unit",
    )


@node(
    neighbour_systems.SYSTEM_IDENTIFIERS,
    name="SystemIdentifier",
    description="系统标识 / an identifier of a unit elsewhere",
)
class SystemIdentifierNode(Node, SystemIdentifierView):
    """An identifier with its edges."""

    neighbour_system = edge(
        neighbour_systems.neighbour_systems_by_id,
        lazy("app.graphql.learning.neighbour_systems", "NeighbourSystemNode"),
        many=False,
        keys="system_ids",
        key="system_id",
        description="关联系统 / system",
    )
    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / unit",
    )


@strawberry.pydantic.input(name="NewNeighbourSystem")
class NewNeighbourSystemInput(NewNeighbourSystem):
    """A system to be registered."""


@strawberry.pydantic.input(name="NewSystemIdentifier")
class NewSystemIdentifierInput(NewSystemIdentifier):
    """Under which identifier a system has a unit."""


@strawberry.type
class NeighbourSystemQueries:
    """What may be asked about neighbour systems."""

    @strawberry.field(
        description="关联系统列表 / neighbour systems", graphql_type=Connection[NeighbourSystemNode]
    )
    async def neighbour_systems(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: SystemKind | None = None,
    ) -> Any:
        """The systems that the units at and above the actor's place have registered (`name`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: neighbour_systems.list_neighbour_systems(db, actor, page=page, kind=kind),
        )

    @strawberry.field(description="一个关联系统 / one system", graphql_type=NeighbourSystemNode)
    async def neighbour_system(self, info: Info[Context], id: UUID) -> Any:
        """One system, and where it is."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: neighbour_systems.get_neighbour_system(db, actor, system_id=id)
        )

    @strawberry.field(
        description="系统标识列表 / identifiers of units elsewhere",
        graphql_type=Connection[SystemIdentifierNode],
    )
    async def system_identifiers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        system_id: UUID | None = None,
    ) -> Any:
        """Under which identifiers systems have the units that the actor sees."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: neighbour_systems.list_system_identifiers(
                db, actor, page=page, unit_id=unit_id, system_id=system_id
            ),
        )


@strawberry.type
class NeighbourSystemMutations:
    """What may be done about neighbour systems."""

    @strawberry.mutation(
        description="登记关联系统 / register a system", graphql_type=NeighbourSystemNode
    )
    async def register_neighbour_system(
        self, info: Info[Context], new: NewNeighbourSystemInput
    ) -> Any:
        """Register a system for all below a unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await neighbour_systems.register_neighbour_system(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="登记系统标识 / record an identifier", graphql_type=SystemIdentifierNode
    )
    async def record_system_identifier(
        self, info: Info[Context], unit_id: UUID, new: NewSystemIdentifierInput
    ) -> Any:
        """Record under which identifier a system has a unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await neighbour_systems.record_system_identifier(
                db, actor, unit_id=unit_id, new=new, now=now()
            )
