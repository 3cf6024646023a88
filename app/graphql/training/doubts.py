"""Doubts about attendance over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info
from strawberry.scalars import JSON
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY

from app.domain.training import activities, doubts
from app.domain.training.doubts import (
    DoubtFigures,
    DoubtKind,
    DoubtOpinion,
    DoubtState,
    DoubtView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import SCALARS, Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

SCALARS[DoubtFigures] = DEFAULT_SCALAR_REGISTRY[JSON]


@node(doubts.DOUBTS, name="AttendanceDoubt", description="考勤疑点 / a doubt about attendance")
class DoubtNode(Node, DoubtView):
    """A doubt with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity in question",
    )


@strawberry.pydantic.input(name="DoubtOpinion")
class DoubtOpinionInput(DoubtOpinion):
    """What was found on looking."""


@strawberry.type
class DoubtQueries:
    """What may be asked about doubts."""

    @strawberry.field(description="一项考勤疑点 / one doubt", graphql_type=DoubtNode)
    async def doubt(self, info: Info[Context], id: UUID) -> Any:
        """One doubt."""
        actor = info.context.actor
        return await info.context.read(lambda db: doubts.get_doubt(db, actor, doubt_id=id))

    @strawberry.field(description="考勤疑点列表 / doubts", graphql_type=Connection[DoubtNode])
    async def doubts(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        kind: DoubtKind | None = None,
        state: DoubtState | None = None,
    ) -> Any:
        """A page of the doubts about activities in the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: doubts.list_doubts(
                db, actor, page=page, activity_id=activity_id, kind=kind, state=state
            ),
        )


@strawberry.type
class DoubtMutations:
    """What may be done with doubts."""

    @strawberry.mutation(description="排除疑点 / dismiss", graphql_type=DoubtNode)
    async def dismiss_doubt(
        self, info: Info[Context], doubt_id: UUID, decision: DoubtOpinionInput
    ) -> Any:
        """Find that everything was as it should be."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await doubts.dismiss_doubt(
                db, actor, doubt_id=doubt_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="确认疑点属实 / confirm", graphql_type=DoubtNode)
    async def confirm_doubt(
        self, info: Info[Context], doubt_id: UUID, decision: DoubtOpinionInput
    ) -> Any:
        """Find that something was wrong; nothing else changes by itself."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await doubts.confirm_doubt(
                db, actor, doubt_id=doubt_id, decision=decision, now=now()
            )
