"""Shares of content over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.training import content_shares
from app.domain.training.content_shares import ContentShareView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/units/{unit_id}/content-shares",
    operation_id="list_content_shares",
    response_model=list[ContentShareView],
)
async def list_content_shares(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    since: Annotated[
        date | None, Query(description="起始日期（含），默认本学年 / first day; of the school year")
    ] = None,
    until: Annotated[
        date | None, Query(description="截止日期（含），默认今天 / last day; today")
    ] = None,
) -> Response:
    """The share of each family of content in a unit, then in each unit directly below it."""
    rows = await content_shares.list_content_shares(
        db, actor, unit_id=unit_id, now=now(), since=since, until=until
    )
    return answer(rows)
