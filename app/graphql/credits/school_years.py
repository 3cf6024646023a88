"""Closed school years and late windows over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import school_years
from app.domain.credits.school_years import (
    LateWindowView,
    NewLateWindow,
    NewSchoolYearClosing,
    SchoolYearClosingView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    school_years.CLOSINGS,
    name="SchoolYearClosing",
    description="学年关账 / the closing of a school year",
)
class SchoolYearClosingNode(Node, SchoolYearClosingView):
    """The closing of a school year."""


@node(school_years.LATE_WINDOWS, name="LateWindow", description="补录期 / a late window")
class LateWindowNode(Node, LateWindowView):
    """A late window."""


@strawberry.pydantic.input(name="NewSchoolYearClosing")
class NewSchoolYearClosingInput(NewSchoolYearClosing):
    """A school year to be closed."""


@strawberry.pydantic.input(name="NewLateWindow")
class NewLateWindowInput(NewLateWindow):
    """A late window that the city grants."""


@strawberry.type
class SchoolYearQueries:
    """What may be asked about closed school years."""

    @strawberry.field(description="一次学年关账 / one closing", graphql_type=SchoolYearClosingNode)
    async def school_year_closing(self, info: Info[Context], id: UUID) -> Any:
        """One closing."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: school_years.get_school_year_closing(db, actor, closing_id=id)
        )

    @strawberry.field(
        description="学年关账 / closings in the actor's place",
        graphql_type=Connection[SchoolYearClosingNode],
    )
    async def school_year_closings(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_year: int | None = None,
    ) -> Any:
        """The school years closed in the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: school_years.list_school_year_closings(
                db, actor, page=page, school_year=school_year
            ),
        )

    @strawberry.field(
        description="对本人生效的学年关账 / closings that bind the actor",
        graphql_type=Connection[SchoolYearClosingNode],
    )
    async def own_school_year_closings(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_year: int | None = None,
    ) -> Any:
        """The school years that are closed for the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: school_years.list_own_school_year_closings(
                db, actor, page=page, school_year=school_year
            ),
        )

    @strawberry.field(description="补录期 / late windows", graphql_type=Connection[LateWindowNode])
    async def late_windows(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_year: int | None = None,
    ) -> Any:
        """The late windows granted in the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: school_years.list_late_windows(
                db, actor, page=page, school_year=school_year
            ),
        )


@strawberry.type
class SchoolYearMutations:
    """What may be done with school years."""

    @strawberry.mutation(
        description="学年关账 / close a school year", graphql_type=SchoolYearClosingNode
    )
    async def close_school_year(self, info: Info[Context], new: NewSchoolYearClosingInput) -> Any:
        """Close a school year that is over."""
        async with info.context.transaction() as db:
            return await school_years.close_school_year(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="批准补录 / open a late window", graphql_type=LateWindowNode)
    async def open_late_window(self, info: Info[Context], new: NewLateWindowInput) -> Any:
        """Let a unit write in a closed year for some days."""
        async with info.context.transaction() as db:
            return await school_years.open_late_window(db, info.context.actor, new=new, now=now())
