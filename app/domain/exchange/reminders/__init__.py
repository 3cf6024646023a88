"""Reminders (催办): that work which waits is told to those who are to do it, and to those above.

`reminder` is what a superior does about one piece of work, `rules` how long ahead a unit's people are
told of what falls due, `telling` whom the work concerns and what the processes queue by themselves.
"""

from app.domain.exchange.reminders.reminder import (
    NewReminder,
    Reminder,
    ReminderRepeated,
    ReminderView,
    TaskNotFound,
    list_own_reminders,
    remind_of_task,
)
from app.domain.exchange.reminders.rules import (
    NewReminderRule,
    ReminderRule,
    ReminderRuleView,
    get_reminder_rule,
    set_reminder_rule,
)
from app.domain.exchange.reminders.telling import queue_due_tasks

__all__ = [
    "NewReminder",
    "NewReminderRule",
    "Reminder",
    "ReminderRepeated",
    "ReminderRule",
    "ReminderRuleView",
    "ReminderView",
    "TaskNotFound",
    "get_reminder_rule",
    "list_own_reminders",
    "queue_due_tasks",
    "remind_of_task",
    "set_reminder_rule",
]
