"""Fair access to training, over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import fair_access
from app.domain.learning.fair_access import FairAccessView, UnplacedTeacherView
from app.request import CurrentActor, PageParameters, Reading, Route, now

router = APIRouter(tags=["learning"], route_class=Route)
Since = Annotated[
    date | None,
    Query(description="自何日起，不填为近 365 天 / since which day; null: the last 365 days"),
]


@router.get(
    "/units/{unit_id}/fair-access",
    operation_id="list_fair_access",
    response_model=list[FairAccessView],
)
async def list_fair_access(
    db: Reading, actor: CurrentActor, unit_id: UUID, since: Since = None
) -> Response:
    """Of each school of a unit how many asked for a place and never had one, the most first."""
    rows = await fair_access.list_fair_access(db, actor, unit_id=unit_id, now=now(), since=since)
    return answer(rows)


@router.get(
    "/units/{unit_id}/unplaced-teachers",
    operation_id="list_unplaced_teachers",
    response_model=PageOf[UnplacedTeacherView],
)
async def list_unplaced_teachers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    page: PageParameters,
    fields: Fields,
    since: Since = None,
) -> Response:
    """The teachers of a unit who asked for a place and never had one (`name`)."""
    found = await fair_access.list_unplaced_teachers(
        db, actor, unit_id=unit_id, page=page, now=now(), since=since
    )
    return answer_page(request, found, fields)
