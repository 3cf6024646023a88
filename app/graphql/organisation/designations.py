"""Designations of schools over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import designations, units
from app.domain.organisation.designations import (
    DesignationCountView,
    DesignationEnd,
    DesignationKind,
    DesignationLevel,
    DesignationView,
    NewDesignation,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.organisation.units import AsOf, KnownOn
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(designations.DESIGNATIONS, name="Designation", description="命名与挂牌 / a designation")
class DesignationNode(Node, DesignationView):
    """A designation with its school."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="学校 / school",
    )


@strawberry.pydantic.type(
    name="DesignationCount", description="称号学校数 / how many schools bear a title"
)
class DesignationCountNode(DesignationCountView):
    """How many schools bear a title."""


@strawberry.pydantic.input(name="NewDesignation")
class NewDesignationInput(NewDesignation):
    """A title that a school was given."""


@strawberry.pydantic.input(name="DesignationEnd")
class DesignationEndInput(DesignationEnd):
    """The day from which a school no longer bears a title."""


@strawberry.type
class DesignationQueries:
    """What may be asked about designations."""

    @strawberry.field(
        description="命名与挂牌列表 / designations", graphql_type=Connection[DesignationNode]
    )
    async def designations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        county_id: UUID | None = None,
        kind: DesignationKind | None = None,
        level: DesignationLevel | None = None,
        as_of: AsOf = None,
        known_on: KnownOn = None,
    ) -> Any:
        """A page of designations."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: designations.list_designations(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                county_id=county_id,
                kind=kind,
                level=level,
                as_of=as_of,
                known_on=known_on,
            ),
        )

    @strawberry.field(
        description="称号学校数 / how many schools bear which title",
        graphql_type=list[DesignationCountNode],
    )
    async def designation_counts(
        self, info: Info[Context], unit_id: UUID, as_of: AsOf = None
    ) -> Any:
        """How many schools in and below a unit bear which title."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: designations.list_designation_counts(
                db, actor, unit_id=unit_id, as_of=as_of, now=now()
            )
        )


@strawberry.type
class DesignationMutations:
    """What may be done with designations."""

    @strawberry.mutation(description="登记命名 / record a title", graphql_type=DesignationNode)
    async def award_designation(
        self, info: Info[Context], unit_id: UUID, new: NewDesignationInput
    ) -> Any:
        """Record that a school was given a title."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await designations.award_designation(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(description="终止命名 / end a designation", graphql_type=DesignationNode)
    async def end_designation(
        self, info: Info[Context], designation_id: UUID, end: DesignationEndInput
    ) -> Any:
        """End a designation."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await designations.end_designation(
                db, actor, designation_id=designation_id, end=end, now=now()
            )
