"""Messages by outside channels over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import deliveries
from app.domain.exchange.deliveries import (
    ChannelKind,
    DeliveryKind,
    DeliveryPreferenceView,
    DeliveryState,
    DeliveryView,
    NewDeliveryPreference,
)
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(
    name="MessageDelivery", description="消息送达记录 / a message to somebody"
)
class DeliveryNode(DeliveryView):
    """A message by a channel outside of this system; it is told in lists, so it has no global key."""


@strawberry.pydantic.type(name="DeliveryPreference", description="消息偏好 / what one wants")
class DeliveryPreferenceNode(DeliveryPreferenceView):
    """By which channel one is told of one kind."""


@strawberry.pydantic.input(name="NewDeliveryPreference")
class NewDeliveryPreferenceInput(NewDeliveryPreference):
    """What one wants of one kind from now on."""


@strawberry.type
class DeliveryQueries:
    """What may be asked about messages."""

    @strawberry.field(
        description="所辖账号的消息送达记录 / messages to accounts that one administers",
        graphql_type=Connection[DeliveryNode],
    )
    async def deliveries(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        account_id: UUID | None = None,
        kind: DeliveryKind | None = None,
        state: DeliveryState | None = None,
        channel: ChannelKind | None = None,
    ) -> Any:
        """A page of messages."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: deliveries.list_deliveries(
                db, actor, page=page, account_id=account_id, kind=kind, state=state, channel=channel
            ),
        )

    @strawberry.field(
        description="发给本人的消息 / messages to oneself", graphql_type=list[DeliveryNode]
    )
    async def own_deliveries(self, info: Info[Context]) -> Any:
        """The latest messages to oneself."""
        actor = info.context.actor
        return await info.context.read(lambda db: deliveries.list_own_deliveries(db, actor))

    @strawberry.field(
        description="本人的消息偏好 / by which channel one is told of what",
        graphql_type=list[DeliveryPreferenceNode],
    )
    async def delivery_preferences(self, info: Info[Context]) -> Any:
        """By which channel one is told of each kind."""
        actor = info.context.actor
        return await info.context.read(lambda db: deliveries.list_delivery_preferences(db, actor))


@strawberry.type
class DeliveryMutations:
    """What may be done with messages."""

    @strawberry.mutation(
        description="重新发送已放弃的消息 / put a message into the queue once more",
        graphql_type=DeliveryNode,
    )
    async def retry_delivery(self, info: Info[Context], delivery_id: UUID) -> Any:
        """Put a message that was given up into the queue once more."""
        async with info.context.transaction() as db:
            return await deliveries.retry_delivery(
                db, info.context.actor, delivery_id=delivery_id, now=now()
            )

    @strawberry.mutation(
        description="设置本人的消息偏好 / say by which channel one wants to be told",
        graphql_type=list[DeliveryPreferenceNode],
    )
    async def set_delivery_preference(
        self, info: Info[Context], new: NewDeliveryPreferenceInput
    ) -> Any:
        """Say by which channel one wants to be told of something, or by none."""
        async with info.context.transaction() as db:
            return await deliveries.set_delivery_preference(db, info.context.actor, new=new)
