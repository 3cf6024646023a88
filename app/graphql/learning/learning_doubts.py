"""Doubts about learning over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info
from strawberry.scalars import JSON
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY

from app.domain.learning import learning_doubts
from app.domain.learning.learning_doubts import (
    LearningDoubtFigures,
    LearningDoubtKind,
    LearningDoubtOpinion,
    LearningDoubtState,
    LearningDoubtView,
)
from app.graphql.context import Context
from app.graphql.nodes import SCALARS, Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

SCALARS[LearningDoubtFigures] = DEFAULT_SCALAR_REGISTRY[JSON]


@node(
    learning_doubts.LEARNING_DOUBTS,
    name="LearningDoubt",
    description="学习疑点 / a doubt about what a player told",
)
class LearningDoubtNode(Node, LearningDoubtView):
    """A doubt about learning."""


@strawberry.pydantic.input(name="LearningDoubtOpinion")
class LearningDoubtOpinionInput(LearningDoubtOpinion):
    """What was found on looking."""


@strawberry.type
class LearningDoubtQueries:
    """What may be asked about doubts about learning."""

    @strawberry.field(description="一项学习疑点 / one doubt", graphql_type=LearningDoubtNode)
    async def learning_doubt(self, info: Info[Context], id: UUID) -> Any:
        """One doubt."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: learning_doubts.get_learning_doubt(db, actor, doubt_id=id)
        )

    @strawberry.field(
        description="学习疑点列表 / doubts", graphql_type=Connection[LearningDoubtNode]
    )
    async def learning_doubts(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        kind: LearningDoubtKind | None = None,
        state: LearningDoubtState | None = None,
    ) -> Any:
        """A page of the doubts about learning in classes in the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: learning_doubts.list_learning_doubts(
                db, actor, page=page, activity_id=activity_id, kind=kind, state=state
            ),
        )


@strawberry.type
class LearningDoubtMutations:
    """What may be done with doubts about learning."""

    @strawberry.mutation(description="排除疑点 / dismiss", graphql_type=LearningDoubtNode)
    async def dismiss_learning_doubt(
        self, info: Info[Context], doubt_id: UUID, decision: LearningDoubtOpinionInput
    ) -> Any:
        """Find that everything was as it should be."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await learning_doubts.dismiss_learning_doubt(
                db, actor, doubt_id=doubt_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="确认疑点属实 / confirm", graphql_type=LearningDoubtNode)
    async def confirm_learning_doubt(
        self, info: Info[Context], doubt_id: UUID, decision: LearningDoubtOpinionInput
    ) -> Any:
        """Find that something was wrong."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await learning_doubts.confirm_learning_doubt(
                db, actor, doubt_id=doubt_id, decision=decision, now=now()
            )
