"""The lists of the wing exchange that can be exported."""

from app.domain.exchange import (
    arrivals,
    batches,
    challenges,
    deliveries,
    imports,
    province_codes,
    reconciliations,
    records,
    reminders,
    submissions,
    tasks,
    webhooks,
)
from app.domain.exchange.arrivals import ArrivalView
from app.domain.exchange.batches import BatchView
from app.domain.exchange.challenges import ChallengeView
from app.domain.exchange.deliveries import DeliveryPreferenceView, DeliveryView
from app.domain.exchange.exports.listed.listing import Listed
from app.domain.exchange.imports import ImportRowView, ImportView
from app.domain.exchange.province_codes import ProvinceCodeView
from app.domain.exchange.reconciliations import DifferenceView, ReconciliationView
from app.domain.exchange.reminders import ReminderView
from app.domain.exchange.submissions import RecordView, SubmissionView
from app.domain.exchange.tasks import TaskCount, TaskView
from app.domain.exchange.webhooks import WebhookMessageView, WebhookView
from app.domain.people.provisions import ProvisionView
from app.domain.people.teachers import TeacherView

LISTS = (
    Listed(arrivals.list_arrivals, ArrivalView),
    Listed(batches.list_batches, BatchView),
    Listed(challenges.list_challenges, ChallengeView),
    Listed(deliveries.list_deliveries, DeliveryView),
    Listed(deliveries.list_delivery_preferences, DeliveryPreferenceView),
    Listed(deliveries.list_own_deliveries, DeliveryView),
    Listed(imports.list_import_rows, ImportRowView),
    Listed(imports.list_imports, ImportView),
    Listed(imports.list_missing_people, TeacherView),
    Listed(province_codes.list_province_codes, ProvinceCodeView),
    Listed(reconciliations.list_reconciliation_differences, DifferenceView),
    Listed(reconciliations.list_reconciliations, ReconciliationView),
    Listed(records.list_own_provisions, ProvisionView),
    Listed(reminders.list_own_reminders, ReminderView),
    Listed(submissions.list_submission_records, RecordView),
    Listed(submissions.list_submissions, SubmissionView),
    Listed(tasks.list_task_counts, TaskCount),
    Listed(tasks.list_tasks, TaskView),
    Listed(webhooks.list_webhook_messages, WebhookMessageView),
    Listed(webhooks.list_webhooks, WebhookView),
)
