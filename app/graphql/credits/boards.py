"""Boards over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import boards
from app.domain.credits.boards import (
    BoardActivityView,
    BoardFigure,
    BoardLevel,
    BoardLineView,
    BoardMonthView,
    BoardPart,
)
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.plan_items import PlanItemNode
from app.request import now


@strawberry.pydantic.type(name="BoardLine", description="看板行 / a line of a board")
class BoardLineNode(BoardLineView):
    """A county, a unit or a group with its figures."""


@strawberry.pydantic.type(name="BoardMonth", description="看板月份 / a month of a board")
class BoardMonthNode(BoardMonthView):
    """A month with its figures."""


@strawberry.pydantic.type(
    name="BoardActivity", description="看板活动 / an activity as a board counts it"
)
class BoardActivityNode(BoardActivityView):
    """An activity with what is counted of it."""


@strawberry.type
class BoardQueries:
    """What may be asked of boards."""

    @strawberry.field(
        description="过程监督看板 / how far the process has come, a line each",
        graphql_type=list[BoardLineNode],
    )
    async def board_lines(
        self,
        info: Info[Context],
        unit_id: UUID,
        by: BoardLevel | None = None,
        only: BoardPart | None = None,
        since: date | None = None,
        until: date | None = None,
        weeks: int = boards.QUIET_WEEKS,
    ) -> Any:
        """A city's counties, a county's units or a school's groups."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: boards.list_board_lines(
                db, actor, unit_id=unit_id, now=now(), by=by, only=only, since=since,
                until=until, weeks=weeks,
            )
        )  # fmt: skip

    @strawberry.field(
        description="单位按月的看板 / a unit month by month", graphql_type=list[BoardMonthNode]
    )
    async def board_months(
        self,
        info: Info[Context],
        unit_id: UUID,
        only: BoardPart | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The figures of one unit with all below it, month by month."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: boards.list_board_months(
                db, actor, unit_id=unit_id, now=now(), only=only, since=since, until=until
            )
        )

    @strawberry.field(
        description="教研组按月的看板 / a group month by month", graphql_type=list[BoardMonthNode]
    )
    async def group_board_months(
        self,
        info: Info[Context],
        group_id: UUID,
        only: BoardPart | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The figures of one group, month by month."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: boards.list_group_board_months(
                db, actor, group_id=group_id, now=now(), only=only, since=since, until=until
            )
        )

    @strawberry.field(
        description="看板指标背后的活动 / the activities behind a figure",
        graphql_type=Connection[BoardActivityNode],
    )
    async def board_activities(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        group_id: UUID | None = None,
        figure: BoardFigure | None = None,
        lacking: bool | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """Those counted, or those that the figure lacks."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: boards.list_board_activities(
                db, actor, page=page, unit_id=unit_id, group_id=group_id,
                figure=figure, lacking=bool(lacking), since=since, until=until,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="看板计划项 / the plan items behind a board",
        graphql_type=Connection[PlanItemNode],
    )
    async def board_plan_items(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        group_id: UUID | None = None,
        carried_out: bool | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """All of them, those carried out, or those that were not."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: boards.list_board_plan_items(
                db, actor, page=page, unit_id=unit_id, group_id=group_id,
                carried_out=carried_out, since=since, until=until,
            ),
        )  # fmt: skip
