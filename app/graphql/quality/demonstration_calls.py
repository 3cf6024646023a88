"""Calls for demonstration schools over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.organisation.designations import DesignationKind
from app.domain.quality import demonstration_calls, demonstrations
from app.domain.quality.demonstration_calls import (
    DemonstrationCallView,
    DemonstrationCondition,
    DemonstrationCriterion,
    NewDemonstrationCall,
    NewDemonstrationCondition,
    NewDemonstrationCriterion,
)
from app.domain.quality.demonstrations import DemonstrationFinding
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# The parts of a call have no edges: they are the types and the inputs themselves.
for _part in (DemonstrationCondition, DemonstrationCriterion):
    strawberry.pydantic.type(name=_part.__name__, description=_part.__doc__)(_part)
for _given in (NewDemonstrationCondition, NewDemonstrationCriterion):
    strawberry.pydantic.input(name=_given.__name__, description=_given.__doc__)(_given)


@node(
    demonstration_calls.DEMONSTRATION_CALLS,
    name="DemonstrationCall",
    description="示范校创建通知 / a call for demonstration schools",
)
class DemonstrationCallNode(Node, DemonstrationCallView):
    """A call with its bureau and its applications."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="发布教育局 / bureau that published it",
    )
    demonstrations = paged_edge(
        demonstrations.demonstrations_of,
        lazy("app.graphql.quality.demonstrations", "DemonstrationNode"),
        keys="call_ids",
        first=20,
        description="申报 / applications under it",
    )


@strawberry.pydantic.input(name="NewDemonstrationCall")
class NewDemonstrationCallInput(NewDemonstrationCall):
    """A call to be published."""


@strawberry.type
class DemonstrationCallQueries:
    """What may be asked about calls for demonstration schools."""

    @strawberry.field(
        description="创建通知 / calls", graphql_type=Connection[DemonstrationCallNode]
    )
    async def demonstration_calls(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: DesignationKind | None = None,
        open_on: date | None = None,
    ) -> Any:
        """The calls of the bureaux at and above the actor (`closes_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: demonstration_calls.list_demonstration_calls(
                db, actor, page=page, unit_id=unit_id, kind=kind, open_on=open_on
            ),
        )

    @strawberry.field(description="一份创建通知 / one call", graphql_type=DemonstrationCallNode)
    async def demonstration_call(
        self,
        info: Info[Context],
        id: UUID,
    ) -> Any:
        """One call with its conditions and criteria."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstration_calls.get_demonstration_call(db, actor, call_id=id)
        )

    @strawberry.field(
        description="申报条件核查 / the conditions as the register shows them",
        graphql_type=list[DemonstrationFinding],
    )
    async def demonstration_findings(
        self,
        info: Info[Context],
        call_id: UUID,
        unit_id: UUID,
    ) -> Any:
        """What the register says today of a school under each condition."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstrations.list_demonstration_findings(
                db, actor, call_id=call_id, unit_id=unit_id, now=now()
            )
        )


@strawberry.type
class DemonstrationCallMutations:
    """What may be done about calls for demonstration schools."""

    @strawberry.mutation(
        description="发布创建通知 / publish a call", graphql_type=DemonstrationCallNode
    )
    async def publish_demonstration_call(
        self,
        info: Info[Context],
        new: NewDemonstrationCallInput,
    ) -> Any:
        """Publish a call of a bureau to all schools below it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstration_calls.publish_demonstration_call(
                db, actor, new=new, now=now()
            )
