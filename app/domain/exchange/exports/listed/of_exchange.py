"""The lists of the wing exchange that can be exported."""

from app.domain.exchange import batches, deliveries, records, reminders, tasks
from app.domain.exchange.batches import BatchView
from app.domain.exchange.deliveries import DeliveryPreferenceView, DeliveryView
from app.domain.exchange.exports.listed.listing import Listed
from app.domain.exchange.reminders import ReminderView
from app.domain.exchange.tasks import TaskCount, TaskView
from app.domain.people.provisions import ProvisionView

LISTS = (
    Listed(batches.list_batches, BatchView),
    Listed(deliveries.list_deliveries, DeliveryView),
    Listed(deliveries.list_delivery_preferences, DeliveryPreferenceView),
    Listed(deliveries.list_own_deliveries, DeliveryView),
    Listed(records.list_own_provisions, ProvisionView),
    Listed(reminders.list_own_reminders, ReminderView),
    Listed(tasks.list_task_counts, TaskCount),
    Listed(tasks.list_tasks, TaskView),
)
