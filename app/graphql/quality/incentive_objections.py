"""Objections to rewards over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import incentive_objections, incentives
from app.domain.quality.incentive_objections import (
    IncentiveObjectionDecision,
    IncentiveObjectionView,
    NewIncentiveObjection,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    incentive_objections.INCENTIVE_OBJECTIONS,
    name="IncentiveObjection",
    description="对奖励的异议 / an objection",
)
class IncentiveObjectionNode(Node, IncentiveObjectionView):
    """An objection with the reward that it is about."""

    incentive = edge(
        incentives.incentives_by_id,
        lazy("app.graphql.quality.incentives", "IncentiveNode"),
        many=False,
        keys="incentive_ids",
        key="incentive_id",
        description="奖励 / reward",
    )


@strawberry.pydantic.input(name="NewIncentiveObjection")
class NewIncentiveObjectionInput(NewIncentiveObjection):
    """An objection to be raised."""


@strawberry.pydantic.input(name="IncentiveObjectionDecision")
class IncentiveObjectionDecisionInput(IncentiveObjectionDecision):
    """What is decided on an objection."""


@strawberry.type
class IncentiveObjectionQueries:
    """What may be asked: objections to rewards."""

    @strawberry.field(
        description="对奖励的异议 / objections", graphql_type=Connection[IncentiveObjectionNode]
    )
    async def incentive_objections(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        incentive_id: UUID | None = None,
        decided: bool | None = None,
    ) -> Any:
        """The objections to what the actor's units show (`raised`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: incentive_objections.list_incentive_objections(
                db, actor, page=page, incentive_id=incentive_id, decided=decided
            ),
        )

    @strawberry.field(
        description="本人提出的异议 / one's own objections",
        graphql_type=list[IncentiveObjectionNode],
    )
    async def own_incentive_objections(self, info: Info[Context]) -> Any:
        """What the one who asks objected to, and what was answered."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: incentive_objections.list_own_incentive_objections(db, actor)
        )


@strawberry.type
class IncentiveObjectionMutations:
    """What may be done: objections to rewards."""

    @strawberry.mutation(description="提出异议 / object", graphql_type=IncentiveObjectionNode)
    async def object_to_incentive(
        self, info: Info[Context], incentive_id: UUID, new: NewIncentiveObjectionInput
    ) -> Any:
        """Object in person to a reward that is shown to the actor."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentive_objections.object_to_incentive(
                db, actor, incentive_id=incentive_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="处理异议 / decide on an objection", graphql_type=IncentiveObjectionNode
    )
    async def decide_incentive_objection(
        self, info: Info[Context], objection_id: UUID, decision: IncentiveObjectionDecisionInput
    ) -> Any:
        """Answer an objection; upheld, the reward is not given."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentive_objections.decide_incentive_objection(
                db, actor, objection_id=objection_id, decision=decision, now=now()
            )
