"""Standings over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import answer_one
from app.domain.credits import standings
from app.domain.credits.standings import StandingView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/teachers/{teacher_id}/standing", operation_id="get_standing", response_model=StandingView
)
async def get_standing(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    as_of: Annotated[
        date | None,
        Query(description="截至取得日期，默认今天 / by day of earning; today by default"),
    ] = None,
    known_on: Annotated[
        date | None, Query(description="截至入账日期 / by day of recording")
    ] = None,
    pack: Annotated[
        UUID | None,
        Query(description="规则包，默认当日有效者 / a pack; by default the one in force"),
    ] = None,
) -> Response:
    """What a teacher's entries amount to, what a cap cut, and what is missing."""
    row = await standings.get_standing(
        db, actor, teacher_id=teacher_id, now=now(), as_of=as_of, known_on=known_on, pack_key=pack
    )
    return answer_one(request, row)
