"""Learning records over GraphQL; they are told by players, over xAPI alone."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import learning_records
from app.domain.learning.learning_records import LearningRecordView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(
    learning_records.LEARNING_RECORDS,
    name="LearningRecord",
    description="学习记录 / what a player told of who learns",
)
class LearningRecordNode(Node, LearningRecordView):
    """A learning record."""


@strawberry.type
class LearningRecordQueries:
    """What may be asked about learning records."""

    @strawberry.field(description="一条学习记录 / one record", graphql_type=LearningRecordNode)
    async def learning_record(self, info: Info[Context], id: UUID) -> Any:
        """One record."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: learning_records.get_learning_record(db, actor, record_id=id)
        )

    @strawberry.field(
        description="学习记录列表 / records", graphql_type=Connection[LearningRecordNode]
    )
    async def learning_records(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        activity_id: UUID | None = None,
        verb: str | None = None,
    ) -> Any:
        """A page of the records of the teachers whom the actor may see."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: learning_records.list_learning_records(
                db, actor, page=page, teacher_id=teacher_id, activity_id=activity_id, verb=verb
            ),
        )
