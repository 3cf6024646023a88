"""Series of activities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import series
from app.domain.training.series import NewSeries, SeriesChanges, SeriesChoice, SeriesView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.activities import ActivityNode
from app.request import now


@node(series.SERIES, name="Series", description="系列活动 / a series of activities")
class SeriesNode(Node, SeriesView):
    """A series; its activities are asked for by its key."""


@strawberry.pydantic.input(name="NewSeries")
class NewSeriesInput(NewSeries):
    """A series to be set up."""


@strawberry.pydantic.input(name="SeriesChanges")
class SeriesChangesInput(SeriesChanges):
    """What of a series is to be changed."""


@strawberry.pydantic.input(name="SeriesChoice")
class SeriesChoiceInput(SeriesChoice):
    """Into which series an activity is put."""


@strawberry.type
class SeriesQueries:
    """What may be asked about series."""

    @strawberry.field(description="一个系列 / one series", graphql_type=SeriesNode)
    async def series(self, info: Info[Context], id: UUID) -> Any:
        """One series."""
        actor = info.context.actor
        return await info.context.read(lambda db: series.get_series(db, actor, series_id=id))

    @strawberry.field(
        description="管理范围内的系列 / series organised in the actor's place",
        graphql_type=Connection[SeriesNode],
    )
    async def organised_series(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        organiser_unit_id: UUID | None = None,
    ) -> Any:
        """A page of series."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: series.list_organised_series(
                db, actor, page=page, organiser_unit_id=organiser_unit_id
            ),
        )


@strawberry.type
class SeriesMutations:
    """What may be done with series."""

    @strawberry.mutation(description="建立系列 / set up a series", graphql_type=SeriesNode)
    async def create_series(self, info: Info[Context], new: NewSeriesInput) -> Any:
        """Set up a series."""
        async with info.context.transaction() as db:
            return await series.create_series(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="修改系列 / change a series", graphql_type=SeriesNode)
    async def update_series(
        self, info: Info[Context], series_id: UUID, changes: SeriesChangesInput
    ) -> Any:
        """Give a series another title or goal."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await series.update_series(db, actor, series_id=series_id, changes=changes)

    @strawberry.mutation(
        description="将活动列入或移出系列 / put an activity into a series",
        graphql_type=ActivityNode,
    )
    async def choose_series(
        self, info: Info[Context], activity_id: UUID, choice: SeriesChoiceInput
    ) -> Any:
        """Put an activity into a series, or take it out."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await series.choose_series(db, actor, activity_id=activity_id, choice=choice)
