"""Equipment over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import equipment
from app.domain.learning.equipment import EquipmentKind, EquipmentTotal, EquipmentView, NewEquipment
from app.domain.organisation import units
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(equipment.EQUIPMENT, name="Equipment", description="设施设备 / equipment of a unit")
class EquipmentNode(Node, EquipmentView):
    """What a unit has of a kind."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / unit",
    )


@strawberry.pydantic.type(name="EquipmentTotal", description="设施设备合计 / totals of equipment")
class EquipmentTotalNode(EquipmentTotal):
    """What there is of a kind."""


@strawberry.pydantic.input(name="NewEquipment")
class NewEquipmentInput(NewEquipment):
    """What a unit has of a kind, as it is counted."""


@strawberry.type
class EquipmentQueries:
    """What may be asked about equipment."""

    @strawberry.field(
        description="设施设备列表 / equipment", graphql_type=Connection[EquipmentNode]
    )
    async def equipment(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: EquipmentKind | None = None,
    ) -> Any:
        """What the units that the actor sees have (`created`, `number`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: equipment.list_equipment(db, actor, page=page, unit_id=unit_id, kind=kind),
        )

    @strawberry.field(
        description="设施设备合计 / totals of equipment", graphql_type=list[EquipmentTotalNode]
    )
    async def equipment_totals(self, info: Info[Context], unit_id: UUID) -> Any:
        """What there is of each kind in a unit and below it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: equipment.list_equipment_totals(db, actor, unit_id=unit_id)
        )


@strawberry.type
class EquipmentMutations:
    """What may be done about equipment."""

    @strawberry.mutation(description="登记设施设备 / record equipment", graphql_type=EquipmentNode)
    async def record_equipment(
        self, info: Info[Context], unit_id: UUID, new: NewEquipmentInput
    ) -> Any:
        """Record what a unit has of a kind, in place of what was recorded before."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await equipment.record_equipment(db, actor, unit_id=unit_id, new=new, now=now())
