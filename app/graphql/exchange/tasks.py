"""The to-do list over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.exchange import tasks
from app.domain.exchange.tasks import TaskCount, TaskKind, TaskView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(name="Task", description="待办事项 / something that waits for one")
class TaskNode(TaskView):
    """Something that waits; it is no thing of its own, so it has no global key."""


@strawberry.pydantic.type(name="TaskCount", description="待办数 / how much of a kind waits")
class TaskCountNode(TaskCount):
    """How much of one kind waits."""


@strawberry.type
class TaskQueries:
    """What may be asked about one's work."""

    @strawberry.field(description="本人的待办 / what waits", graphql_type=Connection[TaskNode])
    async def tasks(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: TaskKind | None = None,
        overdue: bool | None = None,
    ) -> Any:
        """A page of what waits for the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: tasks.list_tasks(
                db, actor, page=page, now=now(), kind=kind, overdue=overdue
            ),
        )

    @strawberry.field(
        description="本人各类待办数 / how much waits", graphql_type=list[TaskCountNode]
    )
    async def task_counts(self, info: Info[Context]) -> Any:
        """How much of each kind waits for the actor."""
        actor = info.context.actor
        return await info.context.read(lambda db: tasks.list_task_counts(db, actor, now=now()))
