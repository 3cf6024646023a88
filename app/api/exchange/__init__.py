"""Exchange over REST, a router of each noun."""

from app.api.exchange import (
    arrivals,
    batches,
    challenges,
    changes,
    deliveries,
    exports,
    imports,
    live,
    province_codes,
    reconciliations,
    records,
    reminders,
    shared_data,
    submissions,
    tasks,
    webhooks,
)

EXCHANGE = (
    changes.router,
    webhooks.router,
    batches.router,
    province_codes.router,
    submissions.router,
    reconciliations.router,
    arrivals.router,
    challenges.router,
    shared_data.router,
    *imports.routers,
    exports.router,
    records.router,
    tasks.router,
    live.router,
    deliveries.router,
    reminders.router,
)
"""What the wing answers, in the order of the documentation."""
