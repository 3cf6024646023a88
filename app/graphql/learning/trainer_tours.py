"""Tours of trainers over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import trainer_tours, trainers
from app.domain.learning.trainer_tours import NewTrainerTour, TrainerTourEnd, TrainerTourView
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.learning.trainers import TrainerNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    trainer_tours.TRAINER_TOURS,
    name="TrainerTour",
    description="巡回示教 / a trainer lent to another county",
)
class TrainerTourNode(Node, TrainerTourView):
    """A trainer lent to another county."""

    trainer = edge(
        trainers.trainers_by_id,
        TrainerNode,
        many=False,
        keys="trainer_ids",
        key="trainer_id",
        description="导师 / trainer",
    )


@strawberry.pydantic.input(name="NewTrainerTour")
class NewTrainerTourInput(NewTrainerTour):
    """A trainer to be lent."""


@strawberry.pydantic.input(name="TrainerTourEnd")
class TrainerTourEndInput(TrainerTourEnd):
    """Why a tour ends before its term."""


@strawberry.type
class TrainerTourQueries:
    """What may be asked: tours of trainers."""

    @strawberry.field(description="巡回示教列表 / tours", graphql_type=Connection[TrainerTourNode])
    async def trainer_tours(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        trainer_id: UUID | None = None,
        to_county_id: UUID | None = None,
        as_of: date | None = None,
    ) -> Any:
        """One's own tours, and those from and to counties of one's place, by first day."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainer_tours.list_trainer_tours(
                db, actor, page=page, trainer_id=trainer_id, to_county_id=to_county_id, as_of=as_of
            ),
        )

    @strawberry.field(description="一次巡回安排 / one tour", graphql_type=TrainerTourNode)
    async def trainer_tour(self, info: Info[Context], id: UUID) -> Any:
        """One tour."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: trainer_tours.get_trainer_tour(db, actor, tour_id=id)
        )


@strawberry.type
class TrainerTourMutations:
    """What may be done: tours of trainers."""

    @strawberry.mutation(
        description="借出导师巡回示教 / lend a trainer", graphql_type=TrainerTourNode
    )
    async def lend_trainer(
        self, info: Info[Context], trainer_id: UUID, new: NewTrainerTourInput
    ) -> Any:
        """Lend a trainer to another county for a term."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainer_tours.lend_trainer(
                db, actor, trainer_id=trainer_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="提前结束巡回 / end a tour early", graphql_type=TrainerTourNode
    )
    async def end_trainer_tour(
        self, info: Info[Context], tour_id: UUID, end: TrainerTourEndInput
    ) -> Any:
        """End a tour today, before its term."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainer_tours.end_trainer_tour(
                db, actor, tour_id=tour_id, end=end, now=now()
            )
