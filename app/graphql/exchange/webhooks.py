"""Webhooks over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from pydantic import Field
from strawberry import Info

from app.domain.exchange import webhooks
from app.domain.exchange.webhooks import (
    NewWebhook,
    Try,
    WebhookChanges,
    WebhookMessageState,
    WebhookMessageView,
    WebhookState,
    WebhookView,
)
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.request.secrets import new_webhook_secret


@strawberry.pydantic.type(name="Webhook", description="变更推送 / where an application is told")
class WebhookNode(WebhookView):
    """A webhook; it is read by those who look after the application, and is in no other list."""


@strawberry.pydantic.type(name="WebhookSecret", description="变更推送及其密钥 / with its secret")
class WebhookWithSecretNode(WebhookView):
    """A webhook with the secret that signs its messages."""

    secret: str = Field(
        description="签名密钥，仅显示一次 / secret that signs messages, shown this once"
    )


@strawberry.pydantic.type(name="WebhookTry", description="一次推送尝试 / an attempt")
class TryNode(Try):
    """One attempt to deliver a message."""


@strawberry.pydantic.type(name="WebhookMessage", description="推送消息 / a message")
class WebhookMessageNode(WebhookMessageView):
    """A message of a webhook with its attempts."""

    tries: list[TryNode]  # type: ignore[assignment]  # the same fields


@strawberry.pydantic.input(name="NewWebhook")
class NewWebhookInput(NewWebhook):
    """A webhook to be registered."""


@strawberry.pydantic.input(name="WebhookChanges")
class WebhookChangesInput(WebhookChanges):
    """What of a webhook is to be changed."""


@strawberry.type
class WebhookQueries:
    """What may be asked about webhooks."""

    @strawberry.field(description="一个变更推送 / one webhook", graphql_type=WebhookNode)
    async def webhook(self, info: Info[Context], id: UUID) -> Any:
        """One webhook."""
        actor = info.context.actor
        return await info.context.read(lambda db: webhooks.get_webhook(db, actor, webhook_id=id))

    @strawberry.field(description="变更推送 / webhooks", graphql_type=Connection[WebhookNode])
    async def webhooks(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        client_id: UUID | None = None,
        state: WebhookState | None = None,
    ) -> Any:
        """A page of webhooks."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: webhooks.list_webhooks(
                db, actor, page=page, client_id=client_id, state=state
            ),
        )

    @strawberry.field(description="一条推送消息 / one message", graphql_type=WebhookMessageNode)
    async def webhook_message(self, info: Info[Context], id: UUID) -> Any:
        """One message with its attempts."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: webhooks.get_webhook_message(db, actor, message_id=id)
        )

    @strawberry.field(
        description="推送消息及其尝试 / messages with their attempts",
        graphql_type=Connection[WebhookMessageNode],
    )
    async def webhook_messages(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        webhook_id: UUID | None = None,
        state: WebhookMessageState | None = None,
    ) -> Any:
        """A page of messages."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: webhooks.list_webhook_messages(
                db, actor, page=page, webhook_id=webhook_id, state=state
            ),
        )


@strawberry.type
class WebhookMutations:
    """What may be done with webhooks."""

    @strawberry.mutation(
        description="登记变更推送 / register a webhook", graphql_type=WebhookWithSecretNode
    )
    async def add_webhook(self, info: Info[Context], new: NewWebhookInput) -> Any:
        """Register an address; the answer holds the secret that signs its messages."""
        held, secret = info.context.held, new_webhook_secret()
        actor = info.context.actor
        async with held.pool.connection() as db:
            await webhooks.check_webhook(db, actor, client_id=new.client_id)
        await held.courier.check(new.url)
        async with info.context.transaction() as db:
            row = await webhooks.add_webhook(
                db, actor, new=new, secret=secret, cipher=held.cipher, now=now()
            )
        return {**row, "secret": secret}

    @strawberry.mutation(description="修改变更推送 / change a webhook", graphql_type=WebhookNode)
    async def update_webhook(
        self, info: Info[Context], webhook_id: UUID, changes: WebhookChangesInput
    ) -> Any:
        """Change where or of what an application is told."""
        held, actor = info.context.held, info.context.actor
        if changes.url is not None:
            async with held.pool.connection() as db:
                await webhooks.check_webhook_changes(db, actor, webhook_id=webhook_id)
            await held.courier.check(changes.url)
        async with info.context.transaction() as db:
            return await webhooks.update_webhook(
                db, actor, webhook_id=webhook_id, changes=changes, now=now()
            )

    @strawberry.mutation(
        description="更换签名密钥，一周内双签 / another secret; both sign for a week",
        graphql_type=WebhookWithSecretNode,
    )
    async def rotate_webhook_secret(self, info: Info[Context], webhook_id: UUID) -> Any:
        """Give a webhook another secret."""
        secret, cipher = new_webhook_secret(), info.context.held.cipher
        async with info.context.transaction() as db:
            row = await webhooks.rotate_webhook_secret(
                db,
                info.context.actor,
                webhook_id=webhook_id,
                secret=secret,
                cipher=cipher,
                now=now(),
            )
        return {**row, "secret": secret}

    @strawberry.mutation(description="停用变更推送 / stop telling", graphql_type=WebhookNode)
    async def disable_webhook(self, info: Info[Context], webhook_id: UUID) -> Any:
        """Stop telling."""
        async with info.context.transaction() as db:
            return await webhooks.disable_webhook(
                db, info.context.actor, webhook_id=webhook_id, now=now()
            )

    @strawberry.mutation(description="恢复变更推送 / tell again", graphql_type=WebhookNode)
    async def enable_webhook(self, info: Info[Context], webhook_id: UUID) -> Any:
        """Tell again."""
        async with info.context.transaction() as db:
            return await webhooks.enable_webhook(
                db, info.context.actor, webhook_id=webhook_id, now=now()
            )

    @strawberry.mutation(
        description="发送测试消息 / send a message that tells of nothing",
        graphql_type=WebhookMessageNode,
    )
    async def test_webhook(self, info: Info[Context], webhook_id: UUID) -> Any:
        """Put a test into the queue."""
        async with info.context.transaction() as db:
            return await webhooks.test_webhook(
                db, info.context.actor, webhook_id=webhook_id, now=now()
            )

    @strawberry.mutation(
        description="重新推送一条消息 / send a message once more", graphql_type=WebhookMessageNode
    )
    async def replay_webhook_message(self, info: Info[Context], message_id: UUID) -> Any:
        """Send a message once more."""
        async with info.context.transaction() as db:
            return await webhooks.replay_webhook_message(
                db, info.context.actor, message_id=message_id, now=now()
            )
