"""What may be asked about exchange and done with it."""

import strawberry

from app.graphql.exchange.batches import BatchMutations, BatchQueries
from app.graphql.exchange.changes import ChangeQueries
from app.graphql.exchange.records import RecordQueries
from app.graphql.exchange.tasks import TaskQueries


@strawberry.type
class ExchangeQueries(
    ChangeQueries,
    BatchQueries,
    RecordQueries,
    TaskQueries,
):
    """What may be asked about exchange."""


@strawberry.type
class ExchangeMutations(
    BatchMutations,
):
    """What may be done about exchange."""
