"""Notices over REST: drafted and published by a unit, read and confirmed by those they are for."""

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
from app.domain.training import notices
from app.domain.training.notices import (
    NewNotice,
    NoticeChanges,
    NoticeReceiptView,
    NoticeState,
    NoticeView,
    UnitReceiptView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get("/notices", operation_id="list_notices", response_model=PageOf[NoticeView])
async def list_notices(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="发文单位 / unit that sends it")] = None,
    state: Annotated[NoticeState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The notices that were sent in the actor's place, as they were drafted (`created`, `due_on`)."""
    found = await notices.list_notices(db, actor, page=page, unit_id=unit_id, state=state)
    return answer_page(request, found, fields)


@router.get("/me/notices", operation_id="list_own_notices", response_model=PageOf[NoticeView])
async def list_own_notices(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The notices that are published to the actor (`created`, `due_on`)."""
    return answer_page(request, await notices.list_own_notices(db, actor, page=page), fields)


@router.post("/notices", operation_id="create_notice", response_model=NoticeView, status_code=201)
async def create_notice(db: Transaction, actor: CurrentActor, new: NewNotice) -> Response:
    """Draft a notice of a unit."""
    row = await notices.create_notice(db, actor, new=new)
    return answer_created(row, f"/api/v1/notices/{row['id']}")


@router.get("/notices/{notice_id}", operation_id="get_notice", response_model=NoticeView)
async def get_notice(
    request: Request, db: Reading, actor: CurrentActor, notice_id: UUID
) -> Response:
    """One notice of the actor's place, or for the actor to read."""
    return answer_one(request, await notices.get_notice(db, actor, notice_id=notice_id))


@router.patch(
    "/notices/{notice_id}",
    operation_id="update_notice",
    response_model=NoticeView,
    openapi_extra=IF_MATCH,
)
async def update_notice(
    request: Request, db: Transaction, actor: CurrentActor, notice_id: UUID, changes: NoticeChanges
) -> Response:
    """Change a draft; what was published stands."""
    if "if-match" in request.headers:
        check_if_match(request, await notices.get_notice(db, actor, notice_id=notice_id, lock=True))
    row = await notices.update_notice(db, actor, notice_id=notice_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/notices/{notice_id}/publish", operation_id="publish_notice", response_model=NoticeView
)
async def publish_notice(db: Transaction, actor: CurrentActor, notice_id: UUID) -> Response:
    """Show a notice to those it is for; a network stands for its schools of today."""
    return answer(await notices.publish_notice(db, actor, notice_id=notice_id, now=now()))


@router.post(
    "/notices/{notice_id}/withdraw", operation_id="withdraw_notice", response_model=NoticeView
)
async def withdraw_notice(db: Transaction, actor: CurrentActor, notice_id: UUID) -> Response:
    """Take a notice back; those it was for see it no more."""
    return answer(await notices.withdraw_notice(db, actor, notice_id=notice_id, now=now()))


@router.post(
    "/notices/{notice_id}/read", operation_id="read_notice", response_model=NoticeReceiptView
)
async def read_notice(db: Transaction, actor: CurrentActor, notice_id: UUID) -> Response:
    """Say that one has read a notice; the first time counts."""
    return answer(await notices.read_notice(db, actor, notice_id=notice_id, now=now()))


@router.post(
    "/notices/{notice_id}/confirm", operation_id="confirm_notice", response_model=NoticeReceiptView
)
async def confirm_notice(db: Transaction, actor: CurrentActor, notice_id: UUID) -> Response:
    """Confirm a notice: for one's units, or for oneself, as the notice says; again changes nothing."""
    return answer(await notices.confirm_notice(db, actor, notice_id=notice_id, now=now()))


@router.get(
    "/notices/{notice_id}/receipts",
    operation_id="list_notice_receipts",
    response_model=list[UnitReceiptView],
)
async def list_notice_receipts(
    db: Reading,
    actor: CurrentActor,
    notice_id: UUID,
    missing: Annotated[
        bool | None, Query(description="只列未回执（或未读）的单位 / only those that have not")
    ] = None,
) -> Response:
    """How a notice stands with each unit that it is for, by name."""
    return answer(
        await notices.list_notice_receipts(db, actor, notice_id=notice_id, missing=bool(missing))
    )
