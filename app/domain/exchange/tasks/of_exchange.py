"""What waits in the exchange with others: an address at which nobody has answered for long."""

from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import unit_of
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.exchange.webhooks import Webhook, WebhookState
from app.domain.people.teachers.strata import is_among

OF_EXCHANGE = (
    Waiting(
        kind=TaskKind.WEBHOOK_TO_RESTORE,
        permission=Permission.CLIENT_WRITE,
        table=Webhook,
        rows=beside(Webhook, Account, col(Webhook.client_id) == col(Account.id)),
        title=col(Account.display_name),
        since=col(Webhook.disabled_at),
        at=unit_of(Account),
        # Applications belong to cities, above which there is nobody here.
        above=None,
        waits=is_among(col(Webhook.state), [WebhookState.FAILING]),
    ),
)
