"""Joint organisers of activities over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import partnerships
from app.domain.training.activities.joint import (
    Acceptance,
    Invitation,
    PartnershipState,
    PartnershipView,
    Refusal,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/partners",
    operation_id="list_partners",
    response_model=list[PartnershipView],
)
async def list_partners(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """The units that organise an activity jointly, or were invited to."""
    return answer(await partnerships.list_partners(db, actor, activity_id=activity_id))


@router.post(
    "/activities/{activity_id}/partners",
    operation_id="invite_partner",
    response_model=PartnershipView,
)
async def invite_partner(
    db: Transaction, actor: CurrentActor, activity_id: UUID, invitation: Invitation
) -> Response:
    """Invite another unit to organise a published activity jointly."""
    row = await partnerships.invite_partner(
        db, actor, activity_id=activity_id, invitation=invitation, now=now()
    )
    return answer(row)


@router.post(
    "/activities/{activity_id}/partners/{unit_id}/end",
    operation_id="end_partnership",
    response_model=PartnershipView,
)
async def end_partnership(
    db: Transaction,
    actor: CurrentActor,
    activity_id: UUID,
    unit_id: UUID,
    department_id: Annotated[
        UUID | None, Query(description="受邀的部门 / its department, where that was invited")
    ] = None,
) -> Response:
    """Let a unit, or a department of it, no longer organise an activity jointly."""
    row = await partnerships.end_partnership(
        db, actor, activity_id=activity_id, unit_id=unit_id, department_id=department_id
    )
    return answer(row)


@router.get(
    "/partnerships", operation_id="list_partnerships", response_model=PageOf[PartnershipView]
)
async def list_partnerships(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    state: Annotated[PartnershipState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The invitations to units of the actor's place (`created`)."""
    found = await partnerships.list_partnerships(db, actor, page=page, state=state)
    return answer_page(request, found, fields)


@router.post(
    "/partnerships/{partnership_id}/accept",
    operation_id="accept_partnership",
    response_model=PartnershipView,
)
async def accept_partnership(
    db: Transaction, actor: CurrentActor, partnership_id: UUID, acceptance: Acceptance
) -> Response:
    """Accept to organise jointly, and say for whom of one's own the activity is besides."""
    row = await partnerships.accept_partnership(
        db, actor, partnership_id=partnership_id, acceptance=acceptance, now=now()
    )
    return answer(row)


@router.post(
    "/partnerships/{partnership_id}/decline",
    operation_id="decline_partnership",
    response_model=PartnershipView,
)
async def decline_partnership(
    db: Transaction, actor: CurrentActor, partnership_id: UUID, refusal: Refusal
) -> Response:
    """Decline to organise jointly, and say why."""
    row = await partnerships.decline_partnership(
        db, actor, partnership_id=partnership_id, refusal=refusal, now=now()
    )
    return answer(row)
