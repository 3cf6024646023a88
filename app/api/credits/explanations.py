"""Explanations of entries over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import answer_one
from app.domain.credits import explanations
from app.domain.credits.explanations import ExplanationView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/credit-entries/{entry_id}/explanation",
    operation_id="get_explanation",
    response_model=ExplanationView,
)
async def get_explanation(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    entry_id: UUID,
    as_of: Annotated[date | None, Query(description="截至取得日期 / by day of earning")] = None,
    known_on: Annotated[
        date | None, Query(description="截至入账日期 / by day of recording")
    ] = None,
    pack: Annotated[
        UUID | None,
        Query(description="规则包，默认取得日有效者 / a pack; by default the one in force then"),
    ] = None,
) -> Response:
    """Why an entry counts as much as it does: rule, article, and what each cap cut."""
    row = await explanations.get_explanation(
        db, actor, entry_id=entry_id, now=now(), as_of=as_of, known_on=known_on, pack_key=pack
    )
    return answer_one(request, row)
