"""Reorganisations of units over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import reorganisations
from app.domain.organisation.reorganisations import Closure, Merger, Move, ReorganisationView
from app.graphql.context import Context
from app.graphql.organisation.units import UnitNode
from app.request import now


@strawberry.pydantic.type(name="Reorganisation", description="机构调整 / a reorganisation")
class ReorganisationNode(ReorganisationView):
    """What happened to a unit."""


@strawberry.pydantic.input(name="Closure")
class ClosureInput(Closure):
    """A unit is closed."""


@strawberry.pydantic.input(name="Merger")
class MergerInput(Merger):
    """A school is merged into another."""


@strawberry.pydantic.input(name="Move")
class MoveInput(Move):
    """A school is placed under another bureau."""


@strawberry.type
class ReorganisationQueries:
    """What may be asked about reorganisations."""

    @strawberry.field(
        description="单位的历次调整 / what happened to a unit",
        graphql_type=list[ReorganisationNode],
    )
    async def reorganisations(self, info: Info[Context], unit_id: UUID) -> Any:
        """What happened to a unit, the earliest first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: reorganisations.list_reorganisations(db, actor, unit_id=unit_id)
        )


@strawberry.type
class ReorganisationMutations:
    """How units are closed, merged and moved."""

    @strawberry.mutation(description="撤销单位 / close a unit", graphql_type=UnitNode)
    async def close_unit(self, info: Info[Context], unit_id: UUID, closure: ClosureInput) -> Any:
        """Close a unit in which there is nothing and nobody left."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await reorganisations.close_unit(
                db, actor, unit_id=unit_id, closure=closure, now=now()
            )

    @strawberry.mutation(
        description="学校并入另一学校 / merge a school into another", graphql_type=UnitNode
    )
    async def merge_school(self, info: Info[Context], unit_id: UUID, merger: MergerInput) -> Any:
        """Merge a school into another."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await reorganisations.merge_school(
                db, actor, unit_id=unit_id, merger=merger, now=now()
            )

    @strawberry.mutation(
        description="学校改变主管教育局 / place a school under another bureau",
        graphql_type=UnitNode,
    )
    async def move_school(self, info: Info[Context], unit_id: UUID, move: MoveInput) -> Any:
        """Place a school under another bureau."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await reorganisations.move_school(
                db, actor, unit_id=unit_id, move=move, now=now()
            )
