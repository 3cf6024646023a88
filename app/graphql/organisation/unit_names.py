"""Names of units over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import unit_names
from app.domain.organisation.unit_names import NewName, UnitNameView
from app.graphql.context import Context
from app.graphql.organisation.units import AsOf, KnownOn, UnitNode
from app.request import now


@strawberry.pydantic.type(name="UnitName", description="单位名称 / a name of a unit")
class UnitNameNode(UnitNameView):
    """A name that a unit has or had."""


@strawberry.pydantic.input(name="NewName")
class NewNameInput(NewName):
    """A name that a unit takes."""


@strawberry.type
class UnitNameQueries:
    """What may be asked about names."""

    @strawberry.field(
        description="单位的历次名称 / the names of a unit", graphql_type=list[UnitNameNode]
    )
    async def unit_names(
        self, info: Info[Context], unit_id: UUID, as_of: AsOf = None, known_on: KnownOn = None
    ) -> Any:
        """The names of a unit, the first one first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: unit_names.list_unit_names(
                db, actor, unit_id=unit_id, as_of=as_of, known_on=known_on
            )
        )


@strawberry.type
class UnitNameMutations:
    """What may be done with names."""

    @strawberry.mutation(description="更名 / rename a unit", graphql_type=UnitNode)
    async def rename_unit(self, info: Info[Context], unit_id: UUID, new: NewNameInput) -> Any:
        """Give a unit another name from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_names.rename_unit(db, actor, unit_id=unit_id, new=new, now=now())
