"""Series of activities over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.training import series
from app.domain.training.activities import ActivityView
from app.domain.training.series import NewSeries, SeriesChanges, SeriesChoice, SeriesView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get("/series", operation_id="list_organised_series", response_model=PageOf[SeriesView])
async def list_organised_series(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    organiser_unit_id: Annotated[UUID | None, Query(description="组织单位 / unit")] = None,
) -> Response:
    """The series organised in the actor's place (`created`, `title`)."""
    found = await series.list_organised_series(
        db, actor, page=page, organiser_unit_id=organiser_unit_id
    )
    return answer_page(request, found, fields)


@router.post("/series", operation_id="create_series", response_model=SeriesView, status_code=201)
async def create_series(db: Transaction, actor: CurrentActor, new: NewSeries) -> Response:
    """Set up a series, for a unit, a group, a network or a department."""
    row = await series.create_series(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/series/{row['id']}")


@router.get("/series/{series_id}", operation_id="get_series", response_model=SeriesView)
async def get_series(
    request: Request, db: Reading, actor: CurrentActor, series_id: UUID
) -> Response:
    """One series; its activities are those with this `series_id`."""
    return answer_one(request, await series.get_series(db, actor, series_id=series_id))


@router.patch(
    "/series/{series_id}",
    operation_id="update_series",
    response_model=SeriesView,
    openapi_extra=IF_MATCH,
)
async def update_series(
    request: Request, db: Transaction, actor: CurrentActor, series_id: UUID, changes: SeriesChanges
) -> Response:
    """Change title or goal; with `If-Match` only if it is still as it was read."""
    check_if_match(request, await series.get_series(db, actor, series_id=series_id, lock=True))
    row = await series.update_series(db, actor, series_id=series_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.put(
    "/activities/{activity_id}/series", operation_id="choose_series", response_model=ActivityView
)
async def choose_series(
    db: Transaction, actor: CurrentActor, activity_id: UUID, choice: SeriesChoice
) -> Response:
    """Put an activity into a series, or take it out."""
    return answer(await series.choose_series(db, actor, activity_id=activity_id, choice=choice))
