"""Trainees who are no teachers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import trainees
from app.domain.people.trainees import NewTrainee, TraineeCategory, TraineeView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(trainees.TRAINEES, name="Trainee", description="非教师学员 / a trainee who is no teacher")
class TraineeNode(Node, TraineeView):
    """A trainee."""


@strawberry.pydantic.input(name="NewTrainee")
class NewTraineeInput(NewTrainee):
    """A trainee to be registered."""


@strawberry.type
class TraineeQueries:
    """What may be asked about trainees."""

    @strawberry.field(description="一名学员 / one trainee", graphql_type=TraineeNode)
    async def trainee(self, info: Info[Context], id: UUID) -> Any:
        """One trainee."""
        actor = info.context.actor
        return await info.context.read(lambda db: trainees.get_trainee(db, actor, trainee_id=id))

    @strawberry.field(description="学员列表 / trainees", graphql_type=Connection[TraineeNode])
    async def trainees(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        category: TraineeCategory | None = None,
        name: str | None = None,
    ) -> Any:
        """A page of trainees."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainees.list_trainees(
                db, actor, page=page, unit_id=unit_id, category=category, name=name
            ),
        )


@strawberry.type
class TraineeMutations:
    """How trainees are registered."""

    @strawberry.mutation(description="登记学员 / register a trainee", graphql_type=TraineeNode)
    async def register_trainee(self, info: Info[Context], new: NewTraineeInput) -> Any:
        """Register a trainee with a unit."""
        context = info.context
        async with context.transaction() as db:
            return await trainees.register_trainee(
                db, context.actor, new=new, cipher=context.held.cipher, now=now()
            )
