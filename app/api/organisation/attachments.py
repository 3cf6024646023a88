"""Attachments of schools over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.organisation import attachments
from app.domain.organisation.attachments import AttachmentEnd, AttachmentView, NewAttachment
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["organisation"], route_class=Route)


@router.get("/attachments", operation_id="list_attachments", response_model=PageOf[AttachmentView])
async def list_attachments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="附属学校 / attached school")] = None,
    head_id: Annotated[UUID | None, Query(description="中心校或牵头校 / head school")] = None,
    as_of: Annotated[date | None, Query(description="该日有效 / that held on this day")] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """The attachments of the schools that the actor may see, by first day (`valid_from`, `created`)."""
    found = await attachments.list_attachments(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        head_id=head_id,
        as_of=as_of,
        known_on=known_on,
    )
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/attachments",
    operation_id="attach_unit",
    response_model=AttachmentView,
    status_code=201,
)
async def attach_unit(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewAttachment
) -> Response:
    """Attach a school to another that administers it in part; the bureau stays the same."""
    row = await attachments.attach_unit(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/attachments/{attachment_id}/end",
    operation_id="end_attachment",
    response_model=AttachmentView,
)
async def end_attachment(
    db: Transaction, actor: CurrentActor, attachment_id: UUID, end: AttachmentEnd
) -> Response:
    """End an attachment, and with it what the head school's accounts may do there."""
    row = await attachments.end_attachment(
        db, actor, attachment_id=attachment_id, end=end, now=now()
    )
    return answer(row)
