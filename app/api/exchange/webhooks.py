"""Webhooks over REST: where applications are told of changes, and what became of each message."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.exchange import webhooks
from app.domain.exchange.webhooks import (
    NewWebhook,
    WebhookChanges,
    WebhookMessageState,
    WebhookMessageView,
    WebhookState,
    WebhookView,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)
from app.request.secrets import new_webhook_secret

router = APIRouter(tags=["exchange"], route_class=Route)


class WebhookWithSecret(WebhookView):
    """A webhook with the secret that signs its messages; it is shown this once."""

    secret: str = Field(
        description="签名密钥，仅显示一次 / secret that signs messages, shown this once"
    )


@router.get("/webhooks", operation_id="list_webhooks", response_model=PageOf[WebhookView])
async def list_webhooks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    client_id: Annotated[UUID | None, Query(description="应用 / application")] = None,
    state: Annotated[WebhookState | None, Query(description="推送状态 / state")] = None,
) -> Response:
    """The webhooks of the applications in the actor's place (`created`)."""
    found = await webhooks.list_webhooks(db, actor, page=page, client_id=client_id, state=state)
    return answer_page(request, found, fields)


@router.post(
    "/webhooks", operation_id="add_webhook", response_model=WebhookWithSecret, status_code=201
)
async def add_webhook(request: Request, actor: CurrentActor, new: NewWebhook) -> Response:
    """Register an address at which an application is told of what changes from now on.

    The answer holds the secret that signs the messages; it is not repeated for an `Idempotency-Key`.
    """
    held, secret = resources(request), new_webhook_secret()
    async with held.pool.connection() as db:
        await webhooks.check_webhook(db, actor, client_id=new.client_id)
    await held.courier.check(new.url)
    async with begin_transaction(request, actor) as db:
        row = await webhooks.add_webhook(
            db, actor, new=new, secret=secret, cipher=held.cipher, now=now()
        )
    return answer_created({**row, "secret": secret}, f"/api/v1/webhooks/{row['id']}")


@router.get("/webhooks/{webhook_id}", operation_id="get_webhook", response_model=WebhookView)
async def get_webhook(
    request: Request, db: Reading, actor: CurrentActor, webhook_id: UUID
) -> Response:
    """One webhook."""
    return answer_one(request, await webhooks.get_webhook(db, actor, webhook_id=webhook_id))


async def _look_at_address(
    request: Request, actor: CurrentActor, webhook_id: UUID, changes: WebhookChanges
) -> None:
    if changes.url is None:
        return
    held = resources(request)
    async with held.pool.connection() as db:
        found = await webhooks.check_webhook_changes(db, actor, webhook_id=webhook_id)
    check_if_match(request, found)
    await held.courier.check(changes.url)


LookedAt = Annotated[None, Depends(_look_at_address)]
"""A new address, looked at before the transaction begins: no row waits for anybody's name server."""


@router.patch(
    "/webhooks/{webhook_id}",
    operation_id="update_webhook",
    response_model=WebhookView,
    openapi_extra=IF_MATCH,
)
async def update_webhook(
    request: Request,
    _: LookedAt,
    db: Transaction,
    actor: CurrentActor,
    webhook_id: UUID,
    changes: WebhookChanges,
) -> Response:
    """Change where or of what an application is told; with `If-Match` only if it is as it was read."""
    check_if_match(request, await webhooks.get_webhook(db, actor, webhook_id=webhook_id, lock=True))
    row = await webhooks.update_webhook(
        db, actor, webhook_id=webhook_id, changes=changes, now=now()
    )
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/webhooks/{webhook_id}/rotate-secret",
    operation_id="rotate_webhook_secret",
    response_model=WebhookWithSecret,
)
async def rotate_webhook_secret(
    request: Request, actor: CurrentActor, webhook_id: UUID
) -> Response:
    """Give a webhook another secret; for a week messages carry the signatures of both."""
    secret = new_webhook_secret()
    async with begin_transaction(request, actor) as db:
        row = await webhooks.rotate_webhook_secret(
            db,
            actor,
            webhook_id=webhook_id,
            secret=secret,
            cipher=resources(request).cipher,
            now=now(),
        )
    return answer({**row, "secret": secret})


@router.post(
    "/webhooks/{webhook_id}/disable", operation_id="disable_webhook", response_model=WebhookView
)
async def disable_webhook(db: Transaction, actor: CurrentActor, webhook_id: UUID) -> Response:
    """Stop telling; what waits stays."""
    return answer(await webhooks.disable_webhook(db, actor, webhook_id=webhook_id, now=now()))


@router.post(
    "/webhooks/{webhook_id}/enable", operation_id="enable_webhook", response_model=WebhookView
)
async def enable_webhook(db: Transaction, actor: CurrentActor, webhook_id: UUID) -> Response:
    """Tell again, from where it stopped."""
    return answer(await webhooks.enable_webhook(db, actor, webhook_id=webhook_id, now=now()))


@router.post(
    "/webhooks/{webhook_id}/test", operation_id="test_webhook", response_model=WebhookMessageView
)
async def test_webhook(db: Transaction, actor: CurrentActor, webhook_id: UUID) -> Response:
    """Send a message that tells of nothing; what became of it is read by its key."""
    return answer(await webhooks.test_webhook(db, actor, webhook_id=webhook_id, now=now()))


@router.get(
    "/webhook-messages",
    operation_id="list_webhook_messages",
    response_model=PageOf[WebhookMessageView],
)
async def list_webhook_messages(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    webhook_id: Annotated[UUID | None, Query(description="变更推送 / webhook")] = None,
    state: Annotated[WebhookMessageState | None, Query(description="消息状态 / state")] = None,
) -> Response:
    """The messages to the applications in the actor's place, with their attempts (`made`)."""
    found = await webhooks.list_webhook_messages(
        db, actor, page=page, webhook_id=webhook_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/webhook-messages/{message_id}",
    operation_id="get_webhook_message",
    response_model=WebhookMessageView,
)
async def get_webhook_message(
    request: Request, db: Reading, actor: CurrentActor, message_id: UUID
) -> Response:
    """One message with its attempts."""
    found = await webhooks.get_webhook_message(db, actor, message_id=message_id)
    return answer_one(request, found)


@router.post(
    "/webhook-messages/{message_id}/replay",
    operation_id="replay_webhook_message",
    response_model=WebhookMessageView,
)
async def replay_webhook_message(
    db: Transaction, actor: CurrentActor, message_id: UUID
) -> Response:
    """Send a message once more, under the same `webhook-id`."""
    return answer(
        await webhooks.replay_webhook_message(db, actor, message_id=message_id, now=now())
    )
