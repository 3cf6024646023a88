"""The least that schools are to hold, and who holds less, over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import activity_minimums
from app.domain.quality.activity_minimums import (
    ActivityMinimumEnd,
    ActivityMinimumView,
    InactiveSchoolView,
    NewActivityMinimum,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/activity-minimums",
    operation_id="list_activity_minimums",
    response_model=PageOf[ActivityMinimumView],
)
async def list_activity_minimums(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="教育局 / bureau")] = None,
    as_of: Annotated[date | None, Query(description="在该日有效 / in force on this day")] = None,
    known_on: Annotated[
        date | None, Query(description="截至该日所知 / as was known on this day")
    ] = None,
) -> Response:
    """The minimums of the bureaux in the actor's place (`valid_from`, `created`)."""
    found = await activity_minimums.list_activity_minimums(
        db, actor, page=page, unit_id=unit_id, as_of=as_of, known_on=known_on
    )
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/activity-minimums",
    operation_id="set_activity_minimum",
    response_model=ActivityMinimumView,
    status_code=201,
)
async def set_activity_minimum(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewActivityMinimum
) -> Response:
    """Ask a minimum of the schools of which a bureau is in charge."""
    row = await activity_minimums.set_activity_minimum(
        db, actor, unit_id=unit_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/activity-minimums/{row['id']}")


@router.get(
    "/activity-minimums/{activity_minimum_id}",
    operation_id="get_activity_minimum",
    response_model=ActivityMinimumView,
)
async def get_activity_minimum(
    request: Request, db: Reading, actor: CurrentActor, activity_minimum_id: UUID
) -> Response:
    """One minimum of a bureau in the actor's place."""
    row = await activity_minimums.get_activity_minimum(
        db, actor, activity_minimum_id=activity_minimum_id
    )
    return answer_one(request, row)


@router.post(
    "/activity-minimums/{activity_minimum_id}/end",
    operation_id="end_activity_minimum",
    response_model=ActivityMinimumView,
)
async def end_activity_minimum(
    db: Transaction, actor: CurrentActor, activity_minimum_id: UUID, end: ActivityMinimumEnd
) -> Response:
    """Ask it no longer, from a day on."""
    return answer(
        await activity_minimums.end_activity_minimum(
            db, actor, activity_minimum_id=activity_minimum_id, end=end, now=now()
        )
    )


@router.get(
    "/units/{unit_id}/inactive-schools",
    operation_id="list_inactive_schools",
    response_model=PageOf[InactiveSchoolView],
)
async def list_inactive_schools(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: UUID,
    as_of: Annotated[date | None, Query(description="基准日，默认今天 / base date; today")] = None,
) -> Response:
    """The open schools at or below a unit that held less than is asked, the least first (`held`)."""
    found = await activity_minimums.list_inactive_schools(
        db, actor, unit_id=unit_id, page=page, now=now(), as_of=as_of
    )
    return answer_page(request, found, fields)
