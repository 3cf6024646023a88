"""Objections to published schools over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import demonstration_objections, demonstrations
from app.domain.quality.demonstration_objections import (
    DemonstrationObjectionDecision,
    DemonstrationObjectionView,
    NewDemonstrationObjection,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    demonstration_objections.DEMONSTRATION_OBJECTIONS,
    name="DemonstrationObjection",
    description="公示异议 / an objection to a published school",
)
class DemonstrationObjectionNode(Node, DemonstrationObjectionView):
    """An objection with the application that it is about."""

    demonstration = edge(
        demonstrations.demonstrations_by_id,
        lazy("app.graphql.quality.demonstrations", "DemonstrationNode"),
        many=False,
        keys="demonstration_ids",
        key="demonstration_id",
        description="申报 / application",
    )


@strawberry.pydantic.input(name="NewDemonstrationObjection")
class NewDemonstrationObjectionInput(NewDemonstrationObjection):
    """An objection."""


@strawberry.pydantic.input(name="DemonstrationObjectionDecision")
class DemonstrationObjectionDecisionInput(DemonstrationObjectionDecision):
    """What is decided on an objection."""


@strawberry.type
class DemonstrationObjectionQueries:
    """What may be asked about objections to published schools."""

    @strawberry.field(
        description="公示异议 / objections", graphql_type=Connection[DemonstrationObjectionNode]
    )
    async def demonstration_objections(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        demonstration_id: UUID | None = None,
        open: bool | None = None,
    ) -> Any:
        """The objections to what the actor's bureau has published (`raised`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: demonstration_objections.list_demonstration_objections(
                db, actor, page=page, demonstration_id=demonstration_id, open=open
            ),
        )

    @strawberry.field(
        description="本人提出的异议 / one's own objections",
        graphql_type=list[DemonstrationObjectionNode],
    )
    async def own_demonstration_objections(
        self,
        info: Info[Context],
    ) -> Any:
        """What the one who asks objected to and what was answered, the last first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstration_objections.list_own_demonstration_objections(db, actor)
        )


@strawberry.type
class DemonstrationObjectionMutations:
    """What may be done about objections to published schools."""

    @strawberry.mutation(description="提出异议 / object", graphql_type=DemonstrationObjectionNode)
    async def object_to_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        new: NewDemonstrationObjectionInput,
    ) -> Any:
        """Object in person to a school that is published to the actor."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstration_objections.object_to_demonstration(
                db, actor, demonstration_id=demonstration_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="处理异议 / decide on an objection", graphql_type=DemonstrationObjectionNode
    )
    async def decide_demonstration_objection(
        self,
        info: Info[Context],
        objection_id: UUID,
        decision: DemonstrationObjectionDecisionInput,
    ) -> Any:
        """Decide on an objection: upheld, the application is rejected."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstration_objections.decide_demonstration_objection(
                db, actor, objection_id=objection_id, decision=decision, now=now()
            )
