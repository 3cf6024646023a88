"""Growth stages over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import growth
from app.domain.people.growth import DueGrowthView, GrowthTargetView, GrowthView, NewGrowthTarget
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(name="GrowthTarget", description="成长目标 / what is expected at a stage")
class TargetNode(GrowthTargetView):
    """What a school or a bureau expects at a stage."""


@strawberry.pydantic.type(name="DueGrowth", description="到期的成长阶段 / a stage that is due")
class DueGrowthNode(DueGrowthView):
    """That a stage of a teacher is due."""


@strawberry.pydantic.type(name="Growth", description="成长阶段 / a stage of one teacher")
class GrowthNode(GrowthView):
    """A stage of one teacher."""


@strawberry.pydantic.input(name="NewGrowthTarget")
class NewGrowthTargetInput(NewGrowthTarget):
    """What a school or a bureau expects at a stage from a day on."""


@strawberry.type
class GrowthQueries:
    """What may be asked about growth stages."""

    @strawberry.field(
        description="成长目标 / what is expected in a unit", graphql_type=list[TargetNode]
    )
    async def growth_targets(
        self, info: Info[Context], unit_id: UUID, as_of: date | None = None
    ) -> Any:
        """What is expected in a unit at each stage."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: growth.list_growth_targets(
                db, actor, unit_id=unit_id, now=now(), as_of=as_of
            )
        )

    @strawberry.field(
        description="到期的成长阶段 / stages that are due", graphql_type=Connection[DueGrowthNode]
    )
    async def due_growth(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        due_from: date | None = None,
        due_to: date | None = None,
    ) -> Any:
        """A page of whose stages in a unit are due and without a result."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: growth.list_due_growth(
                db, actor, unit_id=unit_id, page=page, now=now(), due_from=due_from, due_to=due_to
            ),
        )

    @strawberry.field(
        description="教师的成长阶段 / the stages of a teacher", graphql_type=list[GrowthNode]
    )
    async def growth(self, info: Info[Context], teacher_id: UUID) -> Any:
        """The stages of one teacher."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: growth.list_growth(db, actor, teacher_id=teacher_id, now=now())
        )


@strawberry.type
class GrowthMutations:
    """What may be done with growth stages."""

    @strawberry.mutation(description="设定成长目标 / set what is expected", graphql_type=TargetNode)
    async def set_growth_target(self, info: Info[Context], new: NewGrowthTargetInput) -> Any:
        """Set what a school or a bureau expects at a stage from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await growth.set_growth_target(db, actor, new=new, now=now())
