"""Load and study of trainers over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import trainer_load
from app.domain.learning.trainer_load import TrainerLoadView, TrainerStudyView
from app.graphql.context import Context


@strawberry.pydantic.type(
    name="TrainerLoadLine", description="导师负荷 / how much is asked of a trainer"
)
class TrainerLoadLineNode(TrainerLoadView):
    """How much is asked of a trainer."""


@strawberry.pydantic.type(
    name="TrainerStudy", description="培训者研修 / what a trainer studied in a year"
)
class TrainerStudyNode(TrainerStudyView):
    """What a trainer studied in a year."""


@strawberry.type
class TrainerLoadQueries:
    """What may be asked: load and study of trainers."""

    @strawberry.field(
        description="导师负荷与间隔 / load and rest of a library",
        graphql_type=list[TrainerLoadLineNode],
    )
    async def trainer_load(
        self, info: Info[Context], unit_id: UUID, since: date, until: date
    ) -> Any:
        """How much was asked of each trainer in the library of a unit, the most first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: trainer_load.list_trainer_load(
                db, actor, unit_id=unit_id, since=since, until=until
            )
        )

    @strawberry.field(
        description="培训者年度研修 / a trainer's own study", graphql_type=TrainerStudyNode
    )
    async def trainer_study(self, info: Info[Context], trainer_id: UUID, year: int) -> Any:
        """What a trainer studied in a calendar year, and how much of 72 hours is missing."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: trainer_load.get_trainer_study(db, actor, trainer_id=trainer_id, year=year)
        )
