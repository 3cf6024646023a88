"""Tasks (待办): one to-do list for everybody, over all workflows (R201).

A task is no row: it is computed from the tables of the workflow in which it waits, so it is there as
soon as the workflow waits and gone as soon as it was done. `waiting` says what a workflow declares,
`workflows` lists them all, `task` has the list and the counts.

It lies in the topmost wing, since work waits in every wing and nothing below needs to know of it.
"""

from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.task import TaskCount, TaskView, list_task_counts, list_tasks
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.exchange.tasks.workflows import WORKFLOWS

__all__ = [
    "WORKFLOWS",
    "TaskCount",
    "TaskKind",
    "TaskView",
    "Waiting",
    "list_task_counts",
    "list_tasks",
]
