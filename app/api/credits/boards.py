"""Boards over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.credits import boards
from app.domain.credits.boards import (
    BoardActivityView,
    BoardFigure,
    BoardLevel,
    BoardLineView,
    BoardMonthView,
    BoardPart,
)
from app.domain.training.plan_items import PlanItemView
from app.request import CurrentActor, PageParameters, Reading, Route, now

router = APIRouter(tags=["credits"], route_class=Route)

Since = Annotated[
    date | None, Query(description="起始日期（含），默认本学年首日 / first day; of the school year")
]
Until = Annotated[
    date | None, Query(description="截止日期（含），默认该学年末日 / last day; of that school year")
]
Only = Annotated[
    BoardPart | None, Query(description="只计该部分，其余为空 / count this part alone")
]
First = Annotated[date | None, Query(description="起始日期（含） / first day, if any")]
Last = Annotated[date | None, Query(description="截止日期（含） / last day, if any")]
OfUnit = Annotated[UUID | None, Query(description="单位，含其下级 / unit with all below it")]
OfGroup = Annotated[UUID | None, Query(description="教研组 / group")]


@router.get(
    "/units/{unit_id}/board", operation_id="list_board_lines", response_model=list[BoardLineView]
)
async def list_board_lines(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    by: Annotated[
        BoardLevel | None,
        Query(description="每行是什么，默认为下一级 / of what there is a line each"),
    ] = None,
    only: Only = None,
    since: Since = None,
    until: Until = None,
    weeks: Annotated[
        int, Query(ge=1, le=52, description="几周无活动则标记 / weeks after which a line is quiet")
    ] = boards.QUIET_WEEKS,
) -> Response:
    """How far a city's counties, a county's units or a school's groups have come, a line each."""
    rows = await boards.list_board_lines(
        db, actor, unit_id=unit_id, now=now(), by=by, only=only, since=since, until=until,
        weeks=weeks,
    )  # fmt: skip
    return answer(rows)


@router.get(
    "/units/{unit_id}/board-months",
    operation_id="list_board_months",
    response_model=list[BoardMonthView],
)
async def list_board_months(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    only: Only = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """The same figures of one unit with all below it, month by month."""
    rows = await boards.list_board_months(
        db, actor, unit_id=unit_id, now=now(), only=only, since=since, until=until
    )
    return answer(rows)


@router.get(
    "/groups/{group_id}/board-months",
    operation_id="list_group_board_months",
    response_model=list[BoardMonthView],
)
async def list_group_board_months(
    db: Reading,
    actor: CurrentActor,
    group_id: UUID,
    only: Only = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """The same figures of one group, month by month."""
    rows = await boards.list_group_board_months(
        db, actor, group_id=group_id, now=now(), only=only, since=since, until=until
    )
    return answer(rows)


@router.get(
    "/board-activities",
    operation_id="list_board_activities",
    response_model=PageOf[BoardActivityView],
)
async def list_board_activities(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: OfUnit = None,
    group_id: OfGroup = None,
    figure: Annotated[
        BoardFigure | None, Query(description="看板指标 / figure behind which they stand")
    ] = None,
    lacking: Annotated[
        bool | None, Query(description="只列尚缺的 / those that the figure lacks instead")
    ] = None,
    since: First = None,
    until: Last = None,
) -> Response:
    """The activities behind a figure, by first day (`starts_on`)."""
    found = await boards.list_board_activities(
        db, actor, page=page, unit_id=unit_id, group_id=group_id, figure=figure,
        lacking=bool(lacking), since=since, until=until,
    )  # fmt: skip
    return answer_page(request, found, fields)


@router.get(
    "/board-plan-items",
    operation_id="list_board_plan_items",
    response_model=PageOf[PlanItemView],
)
async def list_board_plan_items(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: OfUnit = None,
    group_id: OfGroup = None,
    carried_out: Annotated[
        bool | None, Query(description="是否已落实 / whether it was carried out")
    ] = None,
    since: First = None,
    until: Last = None,
) -> Response:
    """The plan items behind `planned`, by first day (`starts_on`)."""
    found = await boards.list_board_plan_items(
        db, actor, page=page, unit_id=unit_id, group_id=group_id,
        carried_out=carried_out, since=since, until=until,
    )  # fmt: skip
    return answer_page(request, found, fields)
