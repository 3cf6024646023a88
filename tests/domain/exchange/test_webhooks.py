"""Who may register a webhook, what it is told of, with which secret it signs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from app.domain.access.roles import Permission
from app.domain.errors import NotAllowed
from app.domain.exchange.webhooks import (
    NewWebhook,
    TooManyWebhooks,
    WebhookChanges,
    WebhookMessageState,
    WebhookNotFound,
    WebhookState,
    WebhookTellsNothing,
    add_webhook,
    disable_webhook,
    get_webhook,
    get_webhook_message,
    list_webhook_messages,
    rotate_webhook_secret,
    tidy_webhook_messages,
    update_webhook,
)
from app.domain.exchange.webhooks.administration import MOST_WEBHOOKS
from app.domain.exchange.webhooks.message import KEPT
from app.domain.paging import PageRequest
from app.request import Resources
from app.request.secrets import new_webhook_secret
from app.sql import Connection, Row
from tests.domain.exchange.entered import enter, entry
from tests.domain.exchange.telling import BODIES, Told, calling
from tests.make import NOW, City
from tests.make_webhooks import make_listener, make_message, make_webhook, receiving


async def test_for_a_week_two_secrets_sign(told: Told) -> None:
    second = new_webhook_secret()
    async with receiving() as receiver:
        await told.begin(receiver.url())
        async with told.pool.transaction() as db:
            row = await rotate_webhook_secret(
                db, told.city.city_admin.actor, webhook_id=told.webhook["id"], secret=second,
                cipher=told.held.cipher, now=NOW,
            )  # fmt: skip
        assert row["previous_until"] == NOW + timedelta(days=7)
        await told.change()
        await told.make()
        await told.send(calling(receiver))
        told.now = NOW + timedelta(days=7)
        await told.change()
        await told.make()
        await told.send(calling(receiver))
    (first, body), (later, second_body) = receiver.got
    for secret in (told.secret, second):
        Verifier(secret).verify(body, first)
    Verifier(second).verify(second_body, later)
    with pytest.raises(WebhookVerificationError):
        Verifier(told.secret).verify(second_body, later)


async def test_a_webhook_of_a_unit_tells_of_that_unit_alone(told: Told) -> None:
    city = told.city
    await told.begin("https://listener.example/", unit_id=city.county["id"])
    async with told.pool.transaction() as db:
        [near, _] = await enter(db, entry(city.teacher), entry(city.far_teacher))
    await told.make()
    async with told.pool.connection() as db:
        [row] = await db.all(BODIES)
    assert [each["id"] for each in json.loads(row["body"])["data"]["changes"]] == [str(near["id"])]


async def test_once_less_is_granted_what_waits_is_void_and_the_feed_is_to_be_read(
    told: Told,
) -> None:
    async with receiving() as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        async with told.pool.transaction() as db:
            changes = WebhookChanges(unit_id=told.city.other_county["id"])
            await update_webhook(
                db, told.city.city_admin.actor, webhook_id=told.webhook["id"], changes=changes,
                now=NOW,
            )  # fmt: skip
        await told.send(calling(receiver))
        assert receiver.got == []
        assert await told.make()
        await told.send(calling(receiver))
    [(_, body)] = receiver.got
    assert json.loads(body)["data"]["changes"] == []
    assert json.loads(body)["data"]["afresh"] is True
    states = [each["state"] for each in await told.messages()]
    assert states == [WebhookMessageState.SUPERSEDED, WebhookMessageState.DELIVERED]


async def test_who_may_register_what(db: Connection, city: City, resources: Resources) -> None:
    secret, cipher = new_webhook_secret(), resources.cipher
    client = await make_listener(db, city.city)
    deaf = await make_listener(db, city.city, scopes=[Permission.UNIT_READ])
    county = await make_listener(db, city.city, over=city.county)

    async def add(actor: Any, client: Row, **more: Any) -> Row:
        new = NewWebhook(client_id=client["id"], url="https://a.example/", **more)
        return await add_webhook(db, actor, new=new, secret=secret, cipher=cipher, now=NOW)

    with pytest.raises(NotAllowed):
        await add(city.auditor.actor, client)
    with pytest.raises(WebhookTellsNothing):
        await add(city.city_admin.actor, deaf)
    with pytest.raises(WebhookTellsNothing):
        await add(city.city_admin.actor, county, unit_id=city.other_county["id"])
    row = await add(city.city_admin.actor, county, unit_id=city.school["id"])
    for _ in range(MOST_WEBHOOKS - 1):
        await add(city.city_admin.actor, county)
    with pytest.raises(TooManyWebhooks):
        await add(city.city_admin.actor, county)
    with pytest.raises(NotAllowed):
        await disable_webhook(db, city.auditor.actor, webhook_id=row["id"], now=NOW)
    with pytest.raises(WebhookNotFound):
        await get_webhook(db, city.other_county_admin.actor, webhook_id=row["id"])
    changes = WebhookChanges(unit_id=city.other_county["id"])
    with pytest.raises(WebhookTellsNothing):
        await update_webhook(
            db, city.city_admin.actor, webhook_id=row["id"], changes=changes, now=NOW
        )
    stopped = await disable_webhook(db, city.city_admin.actor, webhook_id=row["id"], now=NOW)
    assert (stopped["state"], stopped["disabled_at"]) == (WebhookState.DISABLED, NOW)


async def test_messages_are_forgotten_after_a_month(db: Connection, city: City) -> None:
    webhook = await make_webhook(db, city)
    old = await make_message(db, webhook, ended_at=NOW - KEPT - timedelta(days=1))
    kept = await make_message(db, webhook)
    await tidy_webhook_messages(db, now=NOW)
    page = await list_webhook_messages(db, city.auditor.actor, page=PageRequest(limit=9))
    assert [row["id"] for row in page.items] == [kept["id"]]
    assert old["id"] != kept["id"]
    shown = await get_webhook_message(db, city.auditor.actor, message_id=kept["id"])
    assert "body" not in shown
