"""Appearances of trainers over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import trainer_appearances
from app.domain.learning.trainer_appearances import TrainerAppearanceView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@strawberry.pydantic.type(name="TrainerAppearance", description="授课 / what a trainer carried")
class TrainerAppearanceNode(TrainerAppearanceView):
    """What a trainer carried."""


@strawberry.type
class TrainerAppearanceQueries:
    """What may be asked: appearances of trainers."""

    @strawberry.field(
        description="导师授课记录 / appearances of a trainer",
        graphql_type=Connection[TrainerAppearanceNode],
    )
    async def trainer_appearances(
        self,
        info: Info[Context],
        trainer_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """What a trainer has carried or is to carry, by first day (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainer_appearances.list_trainer_appearances(
                db, actor, trainer_id=trainer_id, page=page, since=since, until=until
            ),
        )
