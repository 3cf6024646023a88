"""What becomes of a message that is not taken, and of who does not take any."""

import json
from datetime import timedelta

import pytest

from app.domain.access.clients import suspend_client
from app.domain.aside import RESTS
from app.domain.exchange.webhooks import (
    Carried,
    Webhook,
    WebhookMessageNotDead,
    WebhookMessageState,
    WebhookNotEnabled,
    WebhookState,
    claim_webhook_message,
    enable_webhook,
    get_webhook,
    replay_webhook_message,
)
from app.domain.exchange.webhooks import (
    test_webhook as try_webhook,
)
from app.domain.exchange.webhooks.telling import (
    FAILING_FOR,
    FIRST_PAUSE,
    LEASE,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
)
from app.webhook_client import WebhookClient
from tests.domain.exchange.telling import Told, calling
from tests.make import NOW
from tests.make_webhooks import receiving

LATER = timedelta(days=1)


async def test_what_fails_is_tried_again_ever_more_slowly_then_given_up_and_replayed(
    told: Told,
) -> None:
    async with receiving(answer=b"HTTP/1.1 500 Oh\r\ncontent-length: 4\r\n\r\nno\x1b!") as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        for attempt in range(1, MOST_ATTEMPTS + 1):
            assert await told.send(calling(receiver))
            assert not await told.send(calling(receiver))
            told.now += min(FIRST_PAUSE * 4 ** (attempt - 1), LONGEST_PAUSE)
        [message] = await told.messages()
        assert (message["state"], message["attempts"]) == (WebhookMessageState.DEAD, 10)
        assert {tried["excerpt"] for tried in message["tries"]} == {"no !"}
        assert {tried["problem"] for tried in message["tries"]} == {"refused"}
        # The next message does not wait for what was given up.
        await told.change()
        assert await told.make()
        assert len(await told.messages()) == 2
        receiver.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        actor = told.city.city_admin.actor
        async with told.pool.transaction() as db:
            await replay_webhook_message(db, actor, message_id=message["id"], now=told.now)
            with pytest.raises(WebhookMessageNotDead):
                await replay_webhook_message(db, actor, message_id=message["id"], now=told.now)
        assert await told.send(calling(receiver))
        assert await told.send(calling(receiver))
    keys = [headers["webhook-id"] for headers, _ in receiver.got]
    assert keys[:MOST_ATTEMPTS].count(str(message["id"])) == MOST_ATTEMPTS
    assert str(message["id"]) in keys[MOST_ATTEMPTS:]
    assert {each["state"] for each in await told.messages()} == {WebhookMessageState.DELIVERED}


@pytest.mark.parametrize(
    ("answer", "status", "problem"),
    [
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n", 302, "redirect"),
        (b"nonsense\r\n\r\n", None, "broken_answer"),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", 404, "refused"),
    ],
)
async def test_an_answer_that_is_no_yes_is_told_apart(
    told: Told, answer: bytes, status: int | None, problem: str
) -> None:
    async with receiving(answer=answer) as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        await told.send(calling(receiver))
        assert len(receiver.got) == 1
    [message] = await told.messages()
    [tried] = message["tries"]
    assert (tried["status"], tried["problem"]) == (status, problem)
    assert message["state"] == WebhookMessageState.WAITING


async def test_of_a_huge_answer_only_the_beginning_is_read(told: Told) -> None:
    huge = b"HTTP/1.1 200 OK\r\ncontent-length: 900000000\r\n\r\n" + b"x" * 5_000_000
    async with receiving(answer=huge) as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        await told.send(calling(receiver))
    [message] = await told.messages()
    assert message["state"] == WebhookMessageState.DELIVERED
    assert message["tries"][0]["excerpt"] == "x" * 300


async def test_who_says_nothing_is_not_waited_for(told: Told) -> None:
    async with receiving(silent=True) as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        await told.send(calling(receiver, patience=0.2))
    [message] = await told.messages()
    assert message["tries"][0]["problem"] == "timeout"
    nobody = WebhookClient(networks=["127.0.0.0/8"], ports=[receiver.port], plain=True)
    told.now += LATER
    await told.send(nobody)
    [message] = await told.messages()
    assert message["tries"][1]["problem"] == "unreachable"


async def test_a_name_that_has_come_to_mean_a_neighbour_is_not_called(told: Told) -> None:
    async with receiving() as receiver:
        await told.begin(receiver.url("localhost"))
        await told.change()
        await told.make()
        await told.send(WebhookClient(ports=[receiver.port], plain=True))
        assert receiver.got == []
    [message] = await told.messages()
    assert message["tries"][0]["problem"] == "address_refused"


async def test_who_is_gone_is_told_nothing_more(told: Told) -> None:
    async with receiving(answer=b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n") as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        await told.send(calling(receiver))
    async with told.pool.connection() as db:
        row = await get_webhook(db, told.city.city_admin.actor, webhook_id=told.webhook["id"])
    assert row["state"] == WebhookState.FAILING
    [message] = await told.messages()
    assert message["state"] == WebhookMessageState.DEAD
    await told.change()
    assert not await told.make()


async def test_what_has_failed_for_days_is_stopped_and_goes_on_where_it_was(told: Told) -> None:
    actor = told.city.city_admin.actor
    async with receiving(answer=b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n") as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        await told.send(calling(receiver))
        told.now += FAILING_FOR
        await told.send(calling(receiver))
        async with told.pool.transaction() as db:
            row = await get_webhook(db, actor, webhook_id=told.webhook["id"])
            assert (row["state"], row["failing_since"]) == (WebhookState.FAILING, NOW)
            with pytest.raises(WebhookNotEnabled):
                await try_webhook(db, actor, webhook_id=row["id"], now=told.now)
        missed = await told.change()
        assert not await told.make()
        told.now += LATER
        async with told.pool.transaction() as db:
            row = await enable_webhook(db, actor, webhook_id=row["id"], now=told.now)
            assert (row["state"], row["failing_since"]) == (WebhookState.ENABLED, None)
        receiver.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        assert await told.send(calling(receiver))
        assert await told.make()
        assert await told.send(calling(receiver))
    assert json.loads(receiver.got[-1][1])["data"]["changes"][0]["id"] == str(missed["id"])


async def test_a_process_that_dies_after_sending_lets_the_next_send_it_again(told: Told) -> None:
    async with receiving() as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        async with told.pool.transaction() as db:
            claimed = await claim_webhook_message(db, cipher=told.held.cipher, now=told.now)
        assert claimed is not None
        assert claimed[0] is not None
        await calling(receiver).carry(claimed[0])
        assert not await told.send(calling(receiver))
        told.now += LEASE
        assert await told.send(calling(receiver))
        # The first one was only slow: it comes too late to say what became of it.
        await told.settle(claimed[0].message_id, claimed[1], Carried(500, "refused", 1))
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 2
    [message] = await told.messages()
    assert message["state"] == WebhookMessageState.DELIVERED


async def test_a_suspended_application_is_told_nothing_until_it_is_restored(told: Told) -> None:
    async with receiving() as receiver:
        await told.begin(receiver.url())
        await told.change()
        await told.make()
        async with told.pool.transaction() as db:
            actor = told.city.city_admin.actor
            await suspend_client(db, actor, client_id=told.client["id"], now=NOW)
        await told.send(calling(receiver))
        assert receiver.got == []
    [message] = await told.messages()
    assert (message["state"], message["attempts"]) == (WebhookMessageState.WAITING, 0)


async def test_a_secret_that_cannot_be_opened_keeps_no_other_message_waiting(
    told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    await told.begin("https://listener.example/")
    await told.change()
    assert await told.make()
    [message] = await told.messages()
    async with told.pool.transaction() as db:
        await db.change(Webhook, told.webhook["id"], {"secret_sealed": b"of another key"})
    async with told.pool.transaction() as db:
        claimed = await claim_webhook_message(db, cipher=told.held.cipher, now=told.now)
        assert claimed == (None, 1)
        assert await claim_webhook_message(db, cipher=told.held.cipher, now=told.now) is None
    assert f"message {message['id']} cannot be signed" in caplog.text


async def test_a_webhook_that_cannot_be_looked_after_keeps_no_other_waiting(
    told: Told, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise KeyError("a defect")

    await told.begin("https://listener.example/")
    with monkeypatch.context() as patched:
        patched.setattr("app.domain.exchange.webhooks.telling.told_of", fail)
        assert await told.make()
        assert not await told.make(), "it rests"
    assert f"webhook {told.webhook['id']} cannot be looked after" in caplog.text
    await told.change()
    told.now += RESTS
    assert await told.make()
    assert len(await told.messages()) == 1
