"""One application with one webhook, told by processes with a clock of their own: real commits."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database.pool import Pool
from app.domain.exchange.webhooks import (
    Carried,
    NewWebhook,
    add_webhook,
    claim_webhook_message,
    list_webhook_messages,
    make_webhook_message,
    settle_webhook_message,
)
from app.domain.paging import PageRequest
from app.request import Resources
from app.request.secrets import new_webhook_secret
from app.sql import Row, Statement
from app.webhook_client import WebhookClient
from tests.domain.exchange.entered import enter, entry
from tests.make import NOW, City
from tests.make_webhooks import Receiver, make_listener

BODIES = Statement(text("SELECT body FROM webhook_message ORDER BY id"))


class Told:
    """One application with one webhook, and the processes that tell it, with a clock of their own."""

    def __init__(self, pool: Pool, held: Resources, city: City) -> None:
        self.pool, self.city, self.now = pool, city, NOW
        self.held = replace(held, pool=pool)
        self.secret = new_webhook_secret()
        self.client: Row = {}
        self.webhook: Row = {}

    async def begin(self, url: str, over: Row | None = None, **more: Any) -> "Told":
        async with self.pool.transaction() as db:
            self.client = await make_listener(db, self.city.city, over)
            new = NewWebhook(client_id=self.client["id"], url=url, **more)
            self.webhook = await add_webhook(
                db, self.city.city_admin.actor, new=new, secret=self.secret,
                cipher=self.held.cipher, now=self.now,
            )  # fmt: skip
        return self

    async def make(self) -> bool:
        async with self.pool.transaction() as db:
            return await make_webhook_message(db, now=self.now)

    async def send(self, courier: WebhookClient) -> bool:
        """What `send_webhook_message` does, by this clock."""
        async with self.pool.transaction() as db:
            claimed = await claim_webhook_message(db, cipher=self.held.cipher, now=self.now)
        if claimed is None or claimed[0] is None:
            return claimed is not None
        carried = await courier.carry(claimed[0])
        await self.settle(claimed[0].message_id, claimed[1], carried)
        return True

    async def settle(self, message_id: UUID, attempt: int, carried: Carried) -> None:
        async with self.pool.transaction() as db:
            await settle_webhook_message(
                db, message_id=message_id, attempt=attempt, carried=carried, now=self.now
            )

    async def messages(self) -> list[Row]:
        async with self.pool.connection() as db:
            page = await list_webhook_messages(
                db, self.city.city_admin.actor, page=PageRequest(limit=50)
            )
        return page.items

    async def change(self) -> Row:
        async with self.pool.transaction() as db:
            [row] = await enter(db, entry(self.city.teacher))
        return row


def calling(receiver: Receiver, **more: Any) -> WebhookClient:
    """A client that may call this machine, at this port, without https."""
    return WebhookClient(networks=["127.0.0.0/8"], ports=[receiver.port], plain=True, **more)
