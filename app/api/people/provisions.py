"""What personal data went to others, over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_page
from app.domain.people import provisions
from app.domain.people.provisions import ProvisionView, Recipient
from app.request import CurrentActor, PageParameters, Reading, Route

router = APIRouter(prefix="/provisions", tags=["people"], route_class=Route)


@router.get("", operation_id="list_provisions", response_model=PageOf[ProvisionView])
async def list_provisions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    recipient: Annotated[Recipient | None, Query(description="接收方类型 / recipient")] = None,
    client_id: Annotated[UUID | None, Query(description="应用 / application")] = None,
    since: Annotated[date | None, Query(description="起始日 / first day")] = None,
    until: Annotated[date | None, Query(description="终止日（不含） / first day after")] = None,
) -> Response:
    """What went to the province and to applications, the latest first (`day`).

    What an application reads is summed up by scope and day.
    """
    found = await provisions.list_provisions(
        db,
        actor,
        page=page,
        recipient=recipient,
        client_id=client_id,
        since=since,
        until=until,
    )
    return answer_page(request, found, fields)
