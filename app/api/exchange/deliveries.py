"""Messages by outside channels over REST: one's own, those below one, and what one wants of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.exchange import deliveries
from app.domain.exchange.deliveries import (
    ChannelKind,
    DeliveryKind,
    DeliveryPreferenceView,
    DeliveryState,
    DeliveryView,
    NewDeliveryPreference,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["exchange"], route_class=Route)


@router.get("/deliveries", operation_id="list_deliveries", response_model=PageOf[DeliveryView])
async def list_deliveries(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    account_id: Annotated[UUID | None, Query(description="收件账号 / account")] = None,
    kind: Annotated[DeliveryKind | None, Query(description="消息类别 / of what")] = None,
    state: Annotated[DeliveryState | None, Query(description="送达状态 / state")] = None,
    channel: Annotated[ChannelKind | None, Query(description="消息渠道 / channel")] = None,
) -> Response:
    """The messages to accounts that the actor administers (`created`)."""
    found = await deliveries.list_deliveries(
        db, actor, page=page, account_id=account_id, kind=kind, state=state, channel=channel
    )
    return answer_page(request, found, fields)


@router.post(
    "/deliveries/{delivery_id}/retry", operation_id="retry_delivery", response_model=DeliveryView
)
async def retry_delivery(db: Transaction, actor: CurrentActor, delivery_id: UUID) -> Response:
    """Put a message that was given up into the queue once more."""
    return answer(await deliveries.retry_delivery(db, actor, delivery_id=delivery_id, now=now()))


@router.get("/me/deliveries", operation_id="list_own_deliveries", response_model=list[DeliveryView])
async def list_own_deliveries(db: Reading, actor: CurrentActor) -> Response:
    """The latest messages to oneself, the last first."""
    return answer(await deliveries.list_own_deliveries(db, actor))


@router.get(
    "/me/delivery-preferences",
    operation_id="list_delivery_preferences",
    response_model=list[DeliveryPreferenceView],
)
async def list_delivery_preferences(db: Reading, actor: CurrentActor) -> Response:
    """By which channel one is told of what."""
    return answer(await deliveries.list_delivery_preferences(db, actor))


@router.post(
    "/me/delivery-preferences",
    operation_id="set_delivery_preference",
    response_model=list[DeliveryPreferenceView],
)
async def set_delivery_preference(
    db: Transaction, actor: CurrentActor, new: NewDeliveryPreference
) -> Response:
    """Say by which channel one wants to be told of something, or by none."""
    return answer(await deliveries.set_delivery_preference(db, actor, new=new))
