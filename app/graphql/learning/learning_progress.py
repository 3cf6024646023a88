"""Progress in classes over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import learning_progress
from app.domain.learning.learning_progress import LearnerView, LearningProgressView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(
    learning_progress.LEARNING_PROGRESS,
    name="LearningProgress",
    description="学习进度 / how far a teacher has come in a class",
)
class LearningProgressNode(Node, LearningProgressView):
    """Progress as it belongs to the teacher."""


@strawberry.pydantic.type(name="Learner", description="学员进度 / who learns in a class, narrowly")
class LearnerNode(LearnerView):
    """The same as the organiser sees it."""


@strawberry.type
class LearningProgressQueries:
    """What may be asked about progress."""

    @strawberry.field(description="一项学习进度 / one", graphql_type=LearningProgressNode)
    async def learning_progress(self, info: Info[Context], id: UUID) -> Any:
        """How far one teacher has come in one class."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: learning_progress.get_learning_progress(db, actor, progress_id=id)
        )

    @strawberry.field(description="班内学员进度 / learners", graphql_type=Connection[LearnerNode])
    async def learners(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """How far those have come who learn in a class that the actor organises."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: learning_progress.list_learners(
                db, actor, activity_id=activity_id, page=page
            ),
        )

    @strawberry.field(
        description="教师的学习进度 / progress of a teacher",
        graphql_type=Connection[LearningProgressNode],
    )
    async def teacher_learning_progress(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """How far one teacher has come, class by class."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: learning_progress.list_teacher_learning_progress(
                db, actor, teacher_id=teacher_id, page=page
            ),
        )
