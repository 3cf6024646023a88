"""What may be asked about exchange and done with it."""

import strawberry

from app.graphql.exchange.arrivals import ArrivalMutations, ArrivalQueries
from app.graphql.exchange.batches import BatchMutations, BatchQueries
from app.graphql.exchange.challenges import ChallengeMutations, ChallengeQueries
from app.graphql.exchange.changes import ChangeQueries
from app.graphql.exchange.deliveries import DeliveryMutations, DeliveryQueries
from app.graphql.exchange.exports import ExportMutations, ExportQueries
from app.graphql.exchange.imports import ImportMutations, ImportQueries, ImportSubscriptions
from app.graphql.exchange.live import LiveQueries, LiveSubscriptions
from app.graphql.exchange.province_codes import ProvinceCodeMutations, ProvinceCodeQueries
from app.graphql.exchange.reconciliations import ReconciliationMutations, ReconciliationQueries
from app.graphql.exchange.records import RecordQueries
from app.graphql.exchange.reminders import ReminderMutations, ReminderQueries
from app.graphql.exchange.shared_data import SharedDataQueries
from app.graphql.exchange.submissions import SubmissionMutations, SubmissionQueries
from app.graphql.exchange.tasks import TaskQueries
from app.graphql.exchange.webhooks import WebhookMutations, WebhookQueries


@strawberry.type
class ExchangeQueries(
    ChangeQueries,
    BatchQueries,
    ArrivalQueries,
    ChallengeQueries,
    ProvinceCodeQueries,
    ReconciliationQueries,
    SharedDataQueries,
    SubmissionQueries,
    RecordQueries,
    TaskQueries,
    LiveQueries,
    DeliveryQueries,
    ReminderQueries,
    ImportQueries,
    ExportQueries,
    WebhookQueries,
):
    """What may be asked about exchange."""


@strawberry.type
class ExchangeMutations(
    BatchMutations,
    ArrivalMutations,
    ChallengeMutations,
    ProvinceCodeMutations,
    ReconciliationMutations,
    SubmissionMutations,
    DeliveryMutations,
    ReminderMutations,
    ImportMutations,
    ExportMutations,
    WebhookMutations,
):
    """What may be done about exchange."""


@strawberry.type
class ExchangeSubscriptions(
    LiveSubscriptions,
    ImportSubscriptions,
):
    """What may be followed as it happens."""
