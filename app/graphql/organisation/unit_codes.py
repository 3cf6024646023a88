"""Codes of units over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import unit_codes
from app.domain.organisation.unit_codes import CodeEnd, NewCode, UnitCodeView
from app.graphql.context import Context
from app.graphql.organisation.units import AsOf, KnownOn, UnitNode
from app.request import now


@strawberry.pydantic.type(name="UnitCode", description="单位代码 / a code of a unit")
class UnitCodeNode(UnitCodeView):
    """A code that a unit has or had."""


@strawberry.pydantic.input(name="NewCode")
class NewCodeInput(NewCode):
    """A code that a unit is given."""


@strawberry.pydantic.input(name="CodeEnd")
class CodeEndInput(CodeEnd):
    """The day from which a code is void."""


@strawberry.type
class UnitCodeQueries:
    """What may be asked about codes."""

    @strawberry.field(
        description="单位的历次代码 / the codes of a unit", graphql_type=list[UnitCodeNode]
    )
    async def unit_codes(
        self, info: Info[Context], unit_id: UUID, as_of: AsOf = None, known_on: KnownOn = None
    ) -> Any:
        """The codes of a unit, the first one first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: unit_codes.list_unit_codes(
                db, actor, unit_id=unit_id, as_of=as_of, known_on=known_on
            )
        )


@strawberry.type
class UnitCodeMutations:
    """What may be done with codes."""

    @strawberry.mutation(description="赋码 / give a unit a code", graphql_type=UnitNode)
    async def give_code(self, info: Info[Context], unit_id: UUID, new: NewCodeInput) -> Any:
        """Give a unit a code from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_codes.give_code(db, actor, unit_id=unit_id, new=new, now=now())

    @strawberry.mutation(description="代码作废 / make a code void", graphql_type=UnitNode)
    async def void_code(self, info: Info[Context], unit_id: UUID, end: CodeEndInput) -> Any:
        """Make the code of a unit void from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_codes.void_code(db, actor, unit_id=unit_id, end=end, now=now())
