"""Serving teachers over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_page
from app.domain.people import serving_teachers
from app.domain.people.facts.engagement import PlaceKind
from app.domain.people.serving_teachers import ServingTeacherView
from app.request import CurrentActor, PageParameters, Reading, Route, now

router = APIRouter(prefix="/units/{unit_id}/serving-teachers", tags=["people"], route_class=Route)


@router.get("", operation_id="list_serving_teachers", response_model=PageOf[ServingTeacherView])
async def list_serving_teachers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[PlaceKind | None, Query(description="任教类型 / kind")] = None,
    as_of: Annotated[date | None, Query(description="日期，默认今天 / day, today")] = None,
) -> Response:
    """Who serves in a unit on a day, by name unless sorted otherwise (`name`, `valid_from`)."""
    found = await serving_teachers.list_serving_teachers(
        db, actor, unit_id=unit_id, page=page, now=now(), kind=kind, as_of=as_of
    )
    return answer_page(request, found, fields)
