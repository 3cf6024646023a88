"""Webhooks for tests, and a receiver of their messages: a real server, on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Permission, Role
from app.domain.exchange.changes import Coverage, Position
from app.domain.exchange.changes.epochs import HORIZON
from app.domain.exchange.webhooks import (
    Webhook,
    WebhookMessage,
    WebhookMessageKind,
    WebhookMessageState,
    WebhookProgress,
    WebhookState,
)
from app.domain.exchange.webhooks.told import told_of
from app.sql import Connection, Row, new_id
from tests.make import NOW, City
from tests.oauth import make_client

SCOPES = [
    Permission.CHANGE_READ, Permission.UNIT_READ, Permission.TEACHER_READ, Permission.GROUP_READ,
    Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ, Permission.CREDIT_READ,
]  # fmt: skip
PRIVATE = ("10.0.0.0/8", "127.0.0.0/8", "::1/128")


async def make_listener(db: Connection, unit: Row, over: Row | None = None, **more: Any) -> Row:
    """A registered application of a unit that may read the feed, of that unit or of another."""
    client = await make_client(db, unit, **({"scopes": SCOPES} | more))
    subject = over or unit
    grant = {
        "id": new_id(), "account_id": client["id"], "role": Role.INTEGRATION, "subject": "unit",
        "subject_id": subject["id"], "valid_from": date(2020, 9, 1),
    }  # fmt: skip
    await db.insert(RoleGrant, grant)
    return client


async def make_webhook(
    db: Connection,
    city: City,
    client: Row | None = None,
    *,
    secret_sealed: bytes = b"sealed",
    url: str = "https://listener.example/changes",
    **more: Any,
) -> Row:
    """A webhook of an application of the city, told of what changes from now on."""
    client = client or await make_listener(db, city.city)
    told = await told_of(
        db, client_id=client["id"], kinds=more.get("kinds"), unit_id=more.get("unit_id"), now=NOW
    )
    [now] = await db.all(HORIZON)
    covered = Coverage() if told is None else told[1]
    row = {
        "id": new_id(), "client_id": client["id"], "url": url, "state": WebhookState.ENABLED,
        "secret_sealed": secret_sealed, "created_at": NOW,
        "created_by": city.city_admin.actor.account_id,
    } | more  # fmt: skip
    await db.insert(Webhook, row)
    position = Position(now["epoch"], now["horizon"], covered=covered).cursor()
    await db.insert(WebhookProgress, {"id": row["id"], "position": position, "looks_at": NOW})
    return row


async def make_message(db: Connection, webhook: Row, **more: Any) -> Row:
    """A message that was given up."""
    row = {
        "id": new_id(), "webhook_id": webhook["id"], "kind": WebhookMessageKind.TEST,
        "state": WebhookMessageState.DEAD, "changes": 0, "attempts": 10, "next_at": None,
        "made_at": NOW, "ended_at": NOW, "body": "{}", "position": Position(0).cursor(),
        "tries": [{"at": NOW, "status": 500, "problem": "refused", "milliseconds": 7, "excerpt": None}],
    } | more  # fmt: skip
    await db.insert(WebhookMessage, row)
    return row


@dataclass
class Receiver:
    """What somebody's server got, and what it answers: bytes of HTTP, or nothing for long."""

    port: int = 0
    answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    silent: bool = False
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def url(self, name: str = "127.0.0.1") -> str:
        return f"http://{name}:{self.port}/changes"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")[1:-2]
        headers = {n.lower(): v for n, v in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append((headers, body.decode()))
        try:
            if self.silent:
                await asyncio.sleep(30)
            writer.write(self.answer)
            await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(**more: Any) -> AsyncIterator[Receiver]:
    """A receiver at a port of its own."""
    receiver = Receiver(**more)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
