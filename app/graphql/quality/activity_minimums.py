"""The least that schools are to hold, and who holds less, over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import activity_minimums
from app.domain.quality.activity_minimums import (
    ActivityMinimumEnd,
    ActivityMinimumView,
    InactiveSchoolView,
    NewActivityMinimum,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(activity_minimums.MINIMUMS, name="ActivityMinimum", description="活动底线 / a minimum")
class ActivityMinimumNode(Node, ActivityMinimumView):
    """A minimum and the bureau that asks for it."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="规定的教育局 / bureau that asks for it",
    )


@strawberry.pydantic.type(
    name="InactiveSchool", description="活动过少的学校 / a school that holds too little"
)
class InactiveSchoolNode(InactiveSchoolView):
    """A school that holds less than is asked."""


@strawberry.pydantic.input(name="NewActivityMinimum")
class NewActivityMinimumInput(NewActivityMinimum):
    """A minimum to be asked for."""


@strawberry.pydantic.input(name="ActivityMinimumEnd")
class ActivityMinimumEndInput(ActivityMinimumEnd):
    """The day from which it is no longer asked."""


@strawberry.type
class ActivityMinimumQueries:
    """What may be asked about minimums."""

    @strawberry.field(
        description="活动底线 / minimums", graphql_type=Connection[ActivityMinimumNode]
    )
    async def activity_minimums(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """The minimums of the bureaux in the actor's place (`valid_from`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: activity_minimums.list_activity_minimums(
                db, actor, page=page, unit_id=unit_id, as_of=as_of, known_on=known_on
            ),
        )

    @strawberry.field(description="一项活动底线 / one minimum", graphql_type=ActivityMinimumNode)
    async def activity_minimum(self, info: Info[Context], id: UUID) -> Any:
        """One minimum of a bureau in the actor's place."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: activity_minimums.get_activity_minimum(db, actor, activity_minimum_id=id)
        )

    @strawberry.field(
        description="活动过少的学校 / schools that hold too little",
        graphql_type=Connection[InactiveSchoolNode],
    )
    async def inactive_schools(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
    ) -> Any:
        """The open schools at or below a unit that held less than is asked, the least first (`held`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: activity_minimums.list_inactive_schools(
                db, actor, unit_id=unit_id, page=page, now=now(), as_of=as_of
            ),
        )


@strawberry.type
class ActivityMinimumMutations:
    """What may be done with minimums."""

    @strawberry.mutation(
        description="规定活动底线 / set a minimum", graphql_type=ActivityMinimumNode
    )
    async def set_activity_minimum(
        self, info: Info[Context], unit_id: UUID, new: NewActivityMinimumInput
    ) -> Any:
        """Ask a minimum of the schools of which a bureau is in charge."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activity_minimums.set_activity_minimum(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="终止活动底线 / end a minimum", graphql_type=ActivityMinimumNode
    )
    async def end_activity_minimum(
        self, info: Info[Context], activity_minimum_id: UUID, end: ActivityMinimumEndInput
    ) -> Any:
        """Ask it no longer, from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activity_minimums.end_activity_minimum(
                db, actor, activity_minimum_id=activity_minimum_id, end=end, now=now()
            )
