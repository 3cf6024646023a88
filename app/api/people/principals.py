"""Principals over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_page
from app.domain.people import principals
from app.domain.people.facts.posts import Post
from app.domain.people.principals import PrincipalView
from app.request import CurrentActor, PageParameters, Reading, Route, now

router = APIRouter(prefix="/units/{unit_id}/principals", tags=["people"], route_class=Route)


@router.get("", operation_id="list_principals", response_model=PageOf[PrincipalView])
async def list_principals(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    page: PageParameters,
    fields: Fields,
    post: Annotated[Post | None, Query(description="岗位 / one of the leading posts")] = None,
    as_of: Annotated[date | None, Query(description="日期，默认今天 / day, today")] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """Who led the schools of a unit on a day, by school unless sorted otherwise (`valid_from`)."""
    found = await principals.list_principals(
        db,
        actor,
        unit_id=unit_id,
        page=page,
        now=now(),
        post=post,
        as_of=as_of,
        known_on=known_on,
    )
    return answer_page(request, found, fields)
