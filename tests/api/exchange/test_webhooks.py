"""Webhooks over REST: the address, the secret, the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from app.domain.exchange.webhooks import WebhookAddressRefused, WebhookMessageState
from app.sql import Connection, Row
from tests.make import City, Client, Person
from tests.make_webhooks import make_listener, make_message, make_webhook

PUBLIC = "https://1.1.1.1/changes"  # a literal: no name is looked up


@pytest.fixture
async def listener(db: Connection, city: City) -> Row:
    return await make_listener(db, city.city)


async def add(client: Client, city: City, listener: Row, **more: Any) -> Any:
    new = {"client_id": str(listener["id"]), "url": PUBLIC} | more
    return await client.post(city.city_admin, "/webhooks", new)


async def test_the_secret_is_shown_once(client: Client, city: City, listener: Row) -> None:
    answer = await add(client, city, listener, kinds=["teacher"], note="镜像")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["secret"].startswith("whsec_")
    assert answer.headers["location"] == f"/api/v1/webhooks/{told['id']}"
    read = await client.get(city.auditor, f"/webhooks/{told['id']}")
    assert read.json() == {name: value for name, value in told.items() if name != "secret"}
    assert (read.json()["state"], read.json()["kinds"]) == ("enabled", ["teacher"])
    rotated = await client.post(city.city_admin, f"/webhooks/{told['id']}/rotate-secret")
    assert rotated.json()["secret"] != told["secret"]
    assert rotated.json()["previous_until"] is not None
    listed = await client.get(city.auditor, f"/webhooks?client_id={listener['id']}")
    assert [each["id"] for each in listed.json()["items"]] == [told["id"]]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://1.1.1.1/", "webhook_address_refused"),
        ("https://127.0.0.1/", "webhook_address_refused"),
        ("https://10.1.2.3/", "webhook_address_refused"),
        ("https://169.254.169.254/latest", "webhook_address_refused"),
        ("https://[::1]/", "webhook_address_refused"),
        ("https://[::ffff:10.0.0.1]/", "webhook_address_refused"),
        ("https://[64:ff9b::a00:1]/", "webhook_address_refused"),
        ("https://[fe80::1]/", "webhook_address_refused"),
        ("https://0.0.0.0/", "webhook_address_refused"),
        ("https://224.0.0.1/", "webhook_address_refused"),
        ("https://2130706433/", "webhook_address_refused"),
        ("https://[fec0::1]/", "webhook_address_refused"),
        ("https://a..b/", "webhook_address_refused"),
        ("https://" + "a" * 70 + ".example/", "webhook_address_refused"),
        ("https://1.1.1.1:22/", "webhook_address_refused"),
        ("https://1.1.1.1:99999/", "webhook_address_refused"),
        ("https://somebody:secret@1.1.1.1/", "invalid_request"),
        ("https://1.1.1.1/#there", "invalid_request"),
        ("ftp://1.1.1.1/", "invalid_request"),
        ("https://例子.example/", "invalid_request"),
    ],
)
async def test_a_neighbour_is_not_called(
    client: Client, city: City, listener: Row, url: str, code: str
) -> None:
    answer = await add(client, city, listener, url=url)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert "secret" not in answer.text
    listed = await client.get(city.city_admin, "/webhooks")
    assert listed.json()["items"] == []


async def test_who_may_register_none_does_not_learn_where_a_name_leads(
    client: Client, city: City, listener: Row
) -> None:
    new = {"client_id": str(listener["id"]), "url": "https://127.0.0.1/"}
    answer = await client.post(city.teacher_account, "/webhooks", new)
    assert answer.json()["code"] == "client_not_found"


class WatchedCourier:
    """Refuses every address, and keeps which it was asked about and whether a transaction was open."""

    def __init__(self, pool: Any) -> None:
        self.asked: list[tuple[str, bool]] = []
        self._open = 0
        begin = pool.transaction

        @asynccontextmanager
        async def watched(**options: Any) -> AsyncIterator[Connection]:
            async with begin(**options) as db:
                self._open += 1
                try:
                    yield db
                finally:
                    self._open -= 1

        pool.transaction = watched

    async def check(self, url: str) -> None:
        self.asked.append((url, self._open > 0))
        raise WebhookAddressRefused


CHANGE = """
mutation ($id: UUID!, $url: String!) { updateWebhook(webhookId: $id, changes: {url: $url}) { id } }
"""


async def test_a_name_is_looked_up_before_the_transaction_and_for_nobody_else(
    client: Client, city: City, db: Connection, application: FastAPI, pool: Any
) -> None:
    webhook, courier = await make_webhook(db, city), WatchedCourier(pool)
    application.state.resources = replace(application.state.resources, courier=courier)
    url = "https://1.1.1.1/elsewhere"
    path, variables = f"/webhooks/{webhook['id']}", {"id": str(webhook["id"]), "url": url}

    async def change(person: Person, **headers: str) -> str:
        """The code of the refusal over REST."""
        answer = await client.request(person, "PATCH", path, json={"url": url}, headers=headers)
        return str(answer.json()["code"])

    async def change_by_graphql(person: Person) -> str:
        answer = await client.graphql(person, CHANGE, variables)
        return str(answer["errors"][0]["extensions"]["code"])

    for refused in (change, change_by_graphql):
        assert await refused(city.teacher_account) == "webhook_not_found"
        assert await refused(city.auditor) == "not_allowed"
    assert await change(city.city_admin, **{"If-Match": '"another"'}) == "changed_meanwhile"
    assert courier.asked == []
    for refused in (change, change_by_graphql):
        assert await refused(city.city_admin) == "webhook_address_refused"
    assert courier.asked == [(url, False)] * 2


async def test_it_is_changed_stopped_and_goes_on(client: Client, city: City, listener: Row) -> None:
    webhook = (await add(client, city, listener)).json()
    path = f"/webhooks/{webhook['id']}"
    changed = await client.request(city.city_admin, "PATCH", path, json={"note": "新说明"})
    assert changed.json()["note"] == "新说明"
    refused = await client.request(
        city.city_admin, "PATCH", path, json={"url": "https://127.0.0.1/"}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "webhook_address_refused")
    refused = await client.request(city.city_admin, "PATCH", path, json={"url": None})
    assert refused.status_code == 422
    assert (await client.post(city.city_admin, f"{path}/disable")).json()["state"] == "disabled"
    refused = await client.post(city.city_admin, f"{path}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_not_enabled")
    assert (await client.post(city.city_admin, f"{path}/enable")).json()["disabled_at"] is None
    tested = await client.post(city.city_admin, f"{path}/test")
    assert (tested.json()["kind"], tested.json()["state"]) == ("test", "waiting")
    listed = await client.get(city.auditor, f"/webhook-messages?webhook_id={webhook['id']}")
    assert [each["id"] for each in listed.json()["items"]] == [tested.json()["id"]]
    replay = f"/webhook-messages/{tested.json()['id']}/replay"
    refused = await client.post(city.city_admin, replay)
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_message_not_ended")


async def test_the_log_says_what_became_of_it(client: Client, city: City, db: Connection) -> None:
    message = await make_message(db, await make_webhook(db, city))
    read = (await client.get(city.auditor, f"/webhook-messages/{message['id']}")).json()
    assert [each["problem"] for each in read["tries"]] == ["refused"]
    assert not {"body", "position"} & read.keys()
    replayed = await client.post(city.city_admin, f"/webhook-messages/{message['id']}/replay")
    assert (replayed.json()["state"], replayed.json()["attempts"]) == (
        WebhookMessageState.WAITING, 0
    )  # fmt: skip


async def test_whoever_does_not_register_applications_sees_none_of_it(
    client: Client, city: City, db: Connection
) -> None:
    webhook = await make_webhook(db, city)
    for person in (city.school_admin, city.other_county_admin):
        answer = await client.get(person, f"/webhooks/{webhook['id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook_not_found")
    answer = await client.post(city.auditor, f"/webhooks/{webhook['id']}/disable")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
