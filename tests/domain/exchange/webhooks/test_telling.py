"""Telling applications of changes: what a message says, and that each is sent in its turn."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from app.domain.exchange.changes import ChangeKind, list_changes
from app.domain.exchange.webhooks import (
    Carried,
    NewWebhook,
    Parcel,
    WebhookMessageState,
    add_webhook,
    claim_webhook_message,
    make_webhook_message,
)
from app.domain.exchange.webhooks.telling import (
    MOST_CHANGES,
)
from app.domain.exchange.webhooks.told import application_of
from app.domain.organisation.units import Level
from app.request.secrets import new_webhook_secret
from app.request.upkeep.webhooks import send_webhook_message, send_webhook_messages
from app.sql import Row
from app.webhook_client import WebhookClient
from tests.domain.exchange.entered import enter, entry, reversal
from tests.domain.exchange.telling import BODIES, Told, calling
from tests.make import NOW, make_unit
from tests.make_webhooks import make_listener, receiving


async def test_an_application_is_told_by_keys_alone_and_can_tell_that_it_was_us(told: Told) -> None:
    async with receiving() as receiver:
        await told.begin(receiver.url())
        earned = await told.change()
        assert await told.make()
        assert await told.send(calling(receiver))
        [(headers, body)] = receiver.got
        data = Verifier(told.secret).verify(body, headers)
        assert data["type"] == "changes"
        change = {"kind": "credit_entry", "id": str(earned["id"]), "gone": False}
        assert data["data"]["changes"] == [change]
        assert data["data"]["afresh"] is False
        assert told.city.teacher["name"] not in body
        with pytest.raises(WebhookVerificationError):
            Verifier(new_webhook_secret()).verify(body, headers)
    [message] = await told.messages()
    assert headers["webhook-id"] == str(message["id"])
    assert (message["state"], message["attempts"]) == (WebhookMessageState.DELIVERED, 1)
    [tried] = message["tries"]
    assert (tried["status"], tried["problem"], tried["excerpt"]) == (204, None, None)
    assert not await told.send(WebhookClient())


async def test_the_cursor_in_a_message_leads_to_what_it_tells_of(told: Told) -> None:
    async with receiving() as receiver:
        await told.begin(receiver.url())
        earned = await told.change()
        await told.make()
        await told.send(calling(receiver))
        since = json.loads(receiver.got[0][1])["data"]["since"]
    async with told.pool.connection() as db:
        actor = await application_of(db, client_id=told.client["id"], now=NOW)
        assert actor is not None
        part = await list_changes(db, actor, after=since)
    assert [item["id"] for item in part["items"]] == [earned["id"]]


async def test_one_message_waits_at_a_time_and_what_comes_meanwhile_follows(told: Told) -> None:
    await told.begin("https://listener.example/")
    first = await told.change()
    assert await told.make()
    second = await told.change()
    assert not await told.make()
    [message] = await told.messages()
    await told.settle(message["id"], 0, Carried(200, None, 3))
    assert await told.make()
    async with told.pool.connection() as db:
        bodies = [row["body"] for row in await db.all(BODIES)]
    ids = [[each["id"] for each in json.loads(body)["data"]["changes"]] for body in bodies]
    assert ids == [[str(first["id"])], [str(second["id"])]]


async def test_many_changes_are_many_messages(told: Told) -> None:
    await told.begin("https://listener.example/", kinds=[ChangeKind.CREDIT_ENTRY])
    async with told.pool.transaction() as db:
        await enter(db, *(entry(told.city.teacher) for _ in range(MOST_CHANGES + 5)))
    numbers = []
    while await told.make():
        message = (await told.messages())[-1]
        if message["state"] != WebhookMessageState.WAITING:
            break
        numbers.append(message["changes"])
        await told.settle(message["id"], 0, Carried(200, None, 3))
    assert numbers == [MOST_CHANGES, 5]


async def test_of_many_processes_each_sends_another_message(told: Told) -> None:
    async with told.pool.transaction() as db:
        client = await make_listener(db, told.city.city)
        sealed: list[Row] = []
        for _ in range(3):
            new = NewWebhook(client_id=client["id"], url="https://listener.example/")
            by, cipher = told.city.city_admin.actor, told.held.cipher
            row = await add_webhook(db, by, new=new, secret=told.secret, cipher=cipher, now=NOW)
            sealed.append(row)
    await told.change()
    made = await asyncio.gather(*(told.make() for _ in range(4)))
    assert sorted(made) == [False, True, True, True]
    parcels: list[UUID] = []

    async def claim() -> None:
        async with told.pool.transaction() as db:
            claimed = await claim_webhook_message(db, cipher=told.held.cipher, now=told.now)
            await asyncio.sleep(0.05)
        if claimed is not None and claimed[0] is not None:
            parcels.append(claimed[0].message_id)

    await asyncio.gather(*(claim() for _ in range(5)))
    assert len(parcels) == len(set(parcels)) == len(sealed)


async def test_the_processes_themselves_send_what_is_due(told: Told) -> None:
    async with receiving() as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        held = replace(told.held, courier=calling(receiver))
        assert await send_webhook_message(held)
        assert not await send_webhook_message(held)
        assert len(receiver.got) == 1


class _Slow(WebhookClient):
    """Answers nobody before two ask."""

    def __init__(self) -> None:
        super().__init__()
        self.carried: set[UUID] = set()
        self.both = asyncio.Event()

    async def carry(self, parcel: Parcel) -> Carried:
        self.carried.add(parcel.message_id)
        if len(self.carried) == 2:
            self.both.set()
        await self.both.wait()
        return Carried(204, None, 1, None)


async def test_who_answers_slowly_keeps_nobody_waiting(told: Told) -> None:
    for _ in range(2):
        await told.begin("https://listener.example/")
    await told.change()
    while await told.make():
        pass
    slow = _Slow()
    sending = asyncio.create_task(send_webhook_messages(replace(told.held, courier=slow)))
    try:
        async with asyncio.timeout(20):
            await slow.both.wait()
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
    assert slow.carried == {each["id"] for each in await told.messages()}


async def test_nothing_to_tell_makes_no_message_and_no_noise(told: Told) -> None:
    await told.begin("https://listener.example/")
    assert await told.make()
    assert not await told.make()  # looked at just now
    assert await told.messages() == []
    async with told.pool.transaction() as db:
        before = db.statements
        told.now += timedelta(minutes=1)
        await make_webhook_message(db, now=told.now)
        # The webhook, its application, the grants, the horizon, the feed, and when to look again.
        assert db.statements - before == 6


async def test_a_reversal_tells_of_what_it_reverses_too(told: Told) -> None:
    earned = await told.change()
    await told.begin("https://listener.example/")
    async with told.pool.transaction() as db:
        [undone] = await enter(db, reversal(earned))
        school = await make_unit(db, "新学校", Level.SCHOOL, told.city.county)
    await told.make()
    async with told.pool.connection() as db:
        [row] = await db.all(BODIES)
    told_of = [(e["kind"], e["id"]) for e in json.loads(row["body"])["data"]["changes"]]
    assert told_of == [
        ("credit_entry", str(undone["id"])),
        ("credit_entry", str(earned["id"])),
        ("unit", str(school["id"])),
    ]
