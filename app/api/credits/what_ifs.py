"""What draft packs would mean, over REST."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_page
from app.api.events import MEDIA_TYPE, answer_progress
from app.domain.credits import what_ifs
from app.domain.credits.what_ifs import (
    NewWhatIf,
    WhatIfChange,
    WhatIfGrouping,
    WhatIfGroupView,
    WhatIfPersonView,
    WhatIfView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)

_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "试算；Accept: text/event-stream 时为进度事件流 / the what-if, or with that header"
        " a stream of it as the work gets on",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


@router.get("/what-ifs", operation_id="list_what_ifs", response_model=PageOf[WhatIfView])
async def list_what_ifs(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """Those of the actor's place, the latest first (`submitted`)."""
    return answer_page(request, await what_ifs.list_what_ifs(db, actor, page=page), fields)


@router.post(
    "/what-ifs", operation_id="request_what_if", response_model=WhatIfView, status_code=201
)
async def request_what_if(db: Transaction, actor: CurrentActor, new: NewWhatIf) -> Response:
    """Have a draft tried out; the same question again is answered from its answer."""
    row = await what_ifs.request_what_if(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/what-ifs/{row['id']}")


@router.get(
    "/what-ifs/{what_if_id}",
    operation_id="get_what_if",
    response_model=WhatIfView,
    responses=_EVENTS,
)
async def get_what_if(
    request: Request, db: Reading, actor: CurrentActor, what_if_id: UUID
) -> Response:
    """One what-if and how far it is; with `Accept: text/event-stream`, as it gets on."""
    row = await what_ifs.get_what_if(db, actor, what_if_id=what_if_id)
    return answer_progress(
        request,
        row,
        lambda db, actor: what_ifs.get_what_if(db, actor, what_if_id=what_if_id),
    )


@router.get(
    "/what-ifs/{what_if_id}/groups",
    operation_id="list_what_if_groups",
    response_model=list[WhatIfGroupView],
)
async def list_what_if_groups(
    db: Reading,
    actor: CurrentActor,
    what_if_id: UUID,
    by: Annotated[WhatIfGrouping, Query(description="分组 / by what")] = WhatIfGrouping.ALL,
) -> Response:
    """Who gains and who falls below, together by county, school, rank or age."""
    return answer(await what_ifs.list_what_if_groups(db, actor, what_if_id=what_if_id, by=by))


@router.get(
    "/what-ifs/{what_if_id}/people",
    operation_id="list_what_if_people",
    response_model=PageOf[WhatIfPersonView],
)
async def list_what_if_people(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    what_if_id: UUID,
    page: PageParameters,
    fields: Fields,
    change: Annotated[WhatIfChange | None, Query(description="变化 / what it would mean")] = None,
) -> Response:
    """The teachers under both rules, by masked names, in the order of counting (`counted`)."""
    found = await what_ifs.list_what_if_people(
        db, actor, what_if_id=what_if_id, page=page, change=change
    )
    return answer_page(request, found, fields)


@router.post(
    "/what-ifs/{what_if_id}/cancel", operation_id="cancel_what_if", response_model=WhatIfView
)
async def cancel_what_if(db: Transaction, actor: CurrentActor, what_if_id: UUID) -> Response:
    """Take a question back before it is answered."""
    row = await what_ifs.cancel_what_if(db, actor, what_if_id=what_if_id, now=now())
    return answer(row)
