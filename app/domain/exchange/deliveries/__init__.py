"""Deliveries (消息送达): that somebody is told of what waits, by a channel outside of this system.

`delivery` has what is to be told to whom and how that stands, `preferences` by which channel somebody
wants to be told of what, `channel` what a channel is to us, `sending` putting into the queue and working
through it. Nothing of what a message is about leaves this system: it says that there is something, and
whoever signs in sees what.
"""

from app.domain.exchange.deliveries.channel import (
    Channel,
    ChannelDown,
    ChannelKind,
    Message,
    MessageRefused,
)
from app.domain.exchange.deliveries.delivery import (
    DELIVERIES,
    Delivery,
    DeliveryKind,
    DeliveryState,
    DeliveryView,
    list_deliveries,
    list_own_deliveries,
    retry_delivery,
)
from app.domain.exchange.deliveries.preferences import (
    DeliveryPreference,
    DeliveryPreferenceView,
    NewDeliveryPreference,
    list_delivery_preferences,
    set_delivery_preference,
)
from app.domain.exchange.deliveries.sending import (
    IS_REACHED,
    NoticeTold,
    queue_notices,
    queued,
    send_due_delivery,
    tidy_deliveries,
)

__all__ = [
    "DELIVERIES",
    "IS_REACHED",
    "Channel",
    "ChannelDown",
    "ChannelKind",
    "Delivery",
    "DeliveryKind",
    "DeliveryPreference",
    "DeliveryPreferenceView",
    "DeliveryState",
    "DeliveryView",
    "Message",
    "MessageRefused",
    "NewDeliveryPreference",
    "NoticeTold",
    "list_deliveries",
    "list_delivery_preferences",
    "list_own_deliveries",
    "queue_notices",
    "queued",
    "retry_delivery",
    "send_due_delivery",
    "set_delivery_preference",
    "tidy_deliveries",
]
