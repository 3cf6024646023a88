"""Targets of assignments over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import targets
from app.domain.organisation.targets import NewTarget, TargetReview, TargetView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.request import now


@node(
    targets.TARGETS, name="Target", description="目标责任 / what was agreed, and what became of it"
)
class TargetNode(Node, TargetView):
    """A target."""


@strawberry.pydantic.input(name="NewTarget")
class NewTargetInput(NewTarget):
    """A target to be agreed."""


@strawberry.pydantic.input(name="TargetReview")
class TargetReviewInput(TargetReview):
    """What became of a target."""


@strawberry.type
class TargetQueries:
    """What may be asked about targets."""

    @strawberry.field(description="一项目标 / one target", graphql_type=TargetNode)
    async def target(self, info: Info[Context], id: UUID) -> Any:
        """One target."""
        actor = info.context.actor
        return await info.context.read(lambda db: targets.get_target(db, actor, target_id=id))

    @strawberry.field(description="目标 / targets of an assignment", graphql_type=list[TargetNode])
    async def targets(self, info: Info[Context], assignment_id: UUID) -> Any:
        """The targets of one assignment."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: targets.list_targets(db, actor, assignment_id=assignment_id)
        )


@strawberry.type
class TargetMutations:
    """What may be done with targets."""

    @strawberry.mutation(description="商定目标 / agree a target", graphql_type=TargetNode)
    async def agree_target(
        self, info: Info[Context], assignment_id: UUID, new: NewTargetInput
    ) -> Any:
        """Agree a target for an assignment."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await targets.agree_target(
                db, actor, assignment_id=assignment_id, new=new, now=now()
            )

    @strawberry.mutation(description="评定目标 / review a target", graphql_type=TargetNode)
    async def review_target(
        self, info: Info[Context], target_id: UUID, review: TargetReviewInput
    ) -> Any:
        """Say what became of a target."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await targets.review_target(
                db, actor, target_id=target_id, review=review, now=now()
            )
