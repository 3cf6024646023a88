"""Hires of trainers over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import trainer_hires, trainers
from app.domain.learning.trainer_hires import NewTrainerHire, TrainerHireView
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.learning.trainers import TrainerNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    trainer_hires.TRAINER_HIRES,
    name="TrainerHire",
    description="聘请记录 / what somebody was hired for",
)
class TrainerHireNode(Node, TrainerHireView):
    """What somebody was hired for."""

    trainer = edge(
        trainers.trainers_by_id,
        TrainerNode,
        many=False,
        keys="trainer_ids",
        key="trainer_id",
        description="导师 / trainer",
    )


@strawberry.pydantic.input(name="NewTrainerHire")
class NewTrainerHireInput(NewTrainerHire):
    """Somebody to be hired."""


@strawberry.type
class TrainerHireQueries:
    """What may be asked: hires of trainers."""

    @strawberry.field(description="聘请列表 / hires", graphql_type=Connection[TrainerHireNode])
    async def trainer_hires(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        trainer_id: UUID | None = None,
        funds_line: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The hires of oneself and of the trainers in one's place, by day (`held_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainer_hires.list_trainer_hires(
                db,
                actor,
                page=page,
                trainer_id=trainer_id,
                funds_line=funds_line,
                since=since,
                until=until,
            ),
        )

    @strawberry.field(description="一次聘请 / one hire", graphql_type=TrainerHireNode)
    async def trainer_hire(self, info: Info[Context], id: UUID) -> Any:
        """One hire."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: trainer_hires.get_trainer_hire(db, actor, hire_id=id)
        )


@strawberry.type
class TrainerHireMutations:
    """What may be done: hires of trainers."""

    @strawberry.mutation(description="登记聘请 / record a hire", graphql_type=TrainerHireNode)
    async def hire_trainer(
        self, info: Info[Context], trainer_id: UUID, new: NewTrainerHireInput
    ) -> Any:
        """Record for what, at which fee and from which funds somebody is hired."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainer_hires.hire_trainer(
                db, actor, trainer_id=trainer_id, new=new, now=now()
            )
