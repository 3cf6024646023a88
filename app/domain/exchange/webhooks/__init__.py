"""Webhooks (变更推送): an application is told at an address of its own that something has changed.

A message says of which things, by kind and key, and nothing about them: what they are the application reads
where it may read them, and the change feed says what it may have missed. So whoever gets hold of a message
learns next to nothing, and who loses one loses nothing.

`webhook` is the address, `message` what is sent and what became of it, `told` as whom an application is told,
`administration` registering and changing, `courier` what carries a message, `telling` the work itself.
"""

from app.domain.exchange.webhooks.administration import (
    NewWebhook,
    TooManyWebhooks,
    WebhookChanges,
    WebhookNotEnabled,
    WebhookTellsNothing,
    add_webhook,
    check_webhook,
    check_webhook_changes,
    disable_webhook,
    enable_webhook,
    rotate_webhook_secret,
    test_webhook,
    update_webhook,
)
from app.domain.exchange.webhooks.courier import (
    Carried,
    Courier,
    Parcel,
    WebhookAddressRefused,
)
from app.domain.exchange.webhooks.message import (
    WEBHOOK_MESSAGES,
    Try,
    WebhookMessage,
    WebhookMessageKind,
    WebhookMessageNotDead,
    WebhookMessageNotFound,
    WebhookMessageState,
    WebhookMessageView,
    get_webhook_message,
    list_webhook_messages,
    replay_webhook_message,
    tidy_webhook_messages,
)
from app.domain.exchange.webhooks.telling import (
    claim_webhook_message,
    make_webhook_message,
    settle_webhook_message,
)
from app.domain.exchange.webhooks.webhook import (
    WEBHOOKS,
    Webhook,
    WebhookNotFound,
    WebhookProgress,
    WebhookState,
    WebhookView,
    get_webhook,
    list_webhooks,
)

__all__ = [
    "WEBHOOKS",
    "WEBHOOK_MESSAGES",
    "Carried",
    "Courier",
    "NewWebhook",
    "Parcel",
    "TooManyWebhooks",
    "Try",
    "Webhook",
    "WebhookAddressRefused",
    "WebhookChanges",
    "WebhookMessage",
    "WebhookMessageKind",
    "WebhookMessageNotDead",
    "WebhookMessageNotFound",
    "WebhookMessageState",
    "WebhookMessageView",
    "WebhookNotEnabled",
    "WebhookNotFound",
    "WebhookProgress",
    "WebhookState",
    "WebhookTellsNothing",
    "WebhookView",
    "add_webhook",
    "check_webhook",
    "check_webhook_changes",
    "claim_webhook_message",
    "disable_webhook",
    "enable_webhook",
    "get_webhook",
    "get_webhook_message",
    "list_webhook_messages",
    "list_webhooks",
    "make_webhook_message",
    "replay_webhook_message",
    "rotate_webhook_secret",
    "settle_webhook_message",
    "test_webhook",
    "tidy_webhook_messages",
    "update_webhook",
]
