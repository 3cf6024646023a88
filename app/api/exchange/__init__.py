"""Exchange over REST, a router of each noun."""

from app.api.exchange import (
    batches,
    changes,
    deliveries,
    exports,
    imports,
    live,
    records,
    reminders,
    tasks,
    webhooks,
)

EXCHANGE = (
    changes.router,
    batches.router,
    records.router,
    tasks.router,
    live.router,
    deliveries.router,
    reminders.router,
    imports.router,
    exports.router,
    webhooks.router,
)
"""What the wing answers, in the order of the documentation."""
