"""Messages and channels for tests."""

from typing import Any

from app.domain.exchange.deliveries import (
    ChannelKind,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
)
from app.sql import Connection, Row, new_id
from tests.make import NOW


async def make_delivery(
    db: Connection, account_id: Any, state: DeliveryState = DeliveryState.QUEUED, **more: Any
) -> Row:
    """A message to an account, of a task that nobody knows."""
    waits = state in {DeliveryState.QUEUED, DeliveryState.FAILED}
    row = {
        "id": new_id(),
        "account_id": account_id,
        "kind": DeliveryKind.DUE,
        "subject_id": new_id(),
        "occasion": "plan_owed 2026-11-25",
        "channel": ChannelKind.WECOM,
        "state": state,
        "attempts": 0,
        "next_at": NOW if waits else None,
        "sent_at": NOW if state is DeliveryState.SENT else None,
        "queued_at": NOW,
    } | more
    await db.insert(Delivery, row)
    return row


class Kept:
    """A channel that keeps what it takes; first it fails with each of `failures`."""

    def __init__(self, *failures: Exception) -> None:
        self.messages: list[Message] = []
        self.failures = list(failures)

    async def send(self, message: Message) -> None:
        self.messages.append(message)
        if self.failures:
            raise self.failures.pop(0)
