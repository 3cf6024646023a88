"""Responsibilities in schools over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import responsibilities, units
from app.domain.organisation.responsibilities import (
    NewResponsibility,
    ResponsibilityEnd,
    ResponsibilityView,
    SchoolDuty,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.organisation.units import AsOf, KnownOn, UnitNode
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    responsibilities.RESPONSIBILITIES,
    name="Responsibility",
    description="职责分工 / a responsibility",
)
class ResponsibilityNode(Node, ResponsibilityView):
    """A responsibility with its school."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="学校 / school",
    )


@strawberry.pydantic.input(name="NewResponsibility")
class NewResponsibilityInput(NewResponsibility):
    """Somebody who is to answer for something."""


@strawberry.pydantic.input(name="ResponsibilityEnd")
class ResponsibilityEndInput(ResponsibilityEnd):
    """The day from which somebody no longer answers for it."""


@strawberry.type
class ResponsibilityQueries:
    """What may be asked about responsibilities."""

    @strawberry.field(
        description="职责分工列表 / who answers for what",
        graphql_type=Connection[ResponsibilityNode],
    )
    async def responsibilities(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        duty: SchoolDuty | None = None,
        as_of: AsOf = None,
        known_on: KnownOn = None,
    ) -> Any:
        """A page of responsibilities."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: responsibilities.list_responsibilities(
                db, actor, page=page, unit_id=unit_id, duty=duty, as_of=as_of, known_on=known_on
            ),
        )

    @strawberry.field(
        description="未落实责任人的学校 / schools in which nobody answers for a duty",
        graphql_type=Connection[UnitNode],
    )
    async def schools_without_responsible(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        duty: SchoolDuty = SchoolDuty.TRAINING_LEAD,
    ) -> Any:
        """A page of schools that lack somebody."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: responsibilities.list_schools_without_responsible(
                db, actor, page=page, duty=duty
            ),
        )


@strawberry.type
class ResponsibilityMutations:
    """What may be done with responsibilities."""

    @strawberry.mutation(
        description="落实责任人 / name who answers for a duty", graphql_type=ResponsibilityNode
    )
    async def name_responsible(
        self, info: Info[Context], unit_id: UUID, new: NewResponsibilityInput
    ) -> Any:
        """Name who answers for a duty in a school."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await responsibilities.name_responsible(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="终止职责 / end a responsibility", graphql_type=ResponsibilityNode
    )
    async def end_responsibility(
        self, info: Info[Context], responsibility_id: UUID, end: ResponsibilityEndInput
    ) -> Any:
        """End a responsibility."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await responsibilities.end_responsibility(
                db, actor, responsibility_id=responsibility_id, end=end, now=now()
            )
