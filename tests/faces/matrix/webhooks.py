"""The rows of webhooks."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row

ROWS: dict[str, Row | Listing | Open] = {
    "list_webhooks": Listing(("webhook",), Permission.CLIENT_READ),
    "get_webhook": Row("webhook", Permission.CLIENT_READ, reads=True),
    "add_webhook": Row(
        "client", Permission.CLIENT_WRITE, in_body=True,
        body=lambda client_id: {"client_id": str(client_id), "url": "https://1.1.1.1/"},
    ),
    "update_webhook": Row("webhook", Permission.CLIENT_WRITE, body=fixed(note="更换")),
    "rotate_webhook_secret": Row("webhook", Permission.CLIENT_WRITE),
    "disable_webhook": Row("webhook", Permission.CLIENT_WRITE),
    "enable_webhook": Row("webhook", Permission.CLIENT_WRITE),
    "test_webhook": Row("webhook", Permission.CLIENT_WRITE),
    "list_webhook_messages": Listing(("webhook_message",), Permission.CLIENT_READ),
    "get_webhook_message": Row("webhook_message", Permission.CLIENT_READ, reads=True),
    "replay_webhook_message": Row("webhook_message", Permission.CLIENT_WRITE),
}  # fmt: skip
