"""Where schools lie, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import unit_locations
from app.domain.organisation.unit_locations import NewLocation, UnitLocationView
from app.graphql.context import Context
from app.graphql.organisation.units import AsOf, KnownOn, UnitNode
from app.request import now


@strawberry.pydantic.type(
    name="UnitLocation", description="学校城乡分类 / where a school lies or lay"
)
class UnitLocationNode(UnitLocationView):
    """Where a school lies or lay."""


@strawberry.pydantic.input(name="NewLocation")
class NewLocationInput(NewLocation):
    """How the place of a school is classed."""


@strawberry.type
class UnitLocationQueries:
    """What may be asked about where schools lie."""

    @strawberry.field(
        description="学校历次城乡分类 / where a school lay", graphql_type=list[UnitLocationNode]
    )
    async def unit_locations(
        self, info: Info[Context], unit_id: UUID, as_of: AsOf = None, known_on: KnownOn = None
    ) -> Any:
        """Where a school lay, the first first, as it was recorded."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: unit_locations.list_unit_locations(
                db, actor, unit_id=unit_id, as_of=as_of, known_on=known_on
            )
        )


@strawberry.type
class UnitLocationMutations:
    """What may be done with it."""

    @strawberry.mutation(
        description="城乡分类 / class the place of a school", graphql_type=UnitNode
    )
    async def classify_unit(self, info: Info[Context], unit_id: UUID, new: NewLocationInput) -> Any:
        """Class the place of a school from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_locations.classify_unit(
                db, actor, unit_id=unit_id, new=new, now=now()
            )
