"""Marking answers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import answer_marks
from app.domain.learning.answer_marks import NewAnswerMark
from app.domain.learning.test_attempts import AnswerMarkView, AttemptAnswerView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(
    name="AttemptAnswer", description="待阅或已阅的作答 / an answer to a test"
)
class AttemptAnswerNode(AttemptAnswerView):
    """An answer as those see it who mark."""


@node(answer_marks.MARKS, name="AnswerMark", description="阅卷记录 / what was given for an answer")
class AnswerMarkNode(Node, AnswerMarkView):
    """A mark."""


@strawberry.pydantic.input(name="NewAnswerMark")
class NewAnswerMarkInput(NewAnswerMark):
    """What is given for an answer."""


@strawberry.type
class AnswerMarkQueries:
    """What may be asked about marking."""

    @strawberry.field(
        description="测验的作答，不显示作答人 / answers to a test, without whose they are",
        graphql_type=Connection[AttemptAnswerNode],
    )
    async def attempt_answers(
        self,
        info: Info[Context],
        test_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        attempt_id: UUID | None = None,
        waits: bool | None = None,
    ) -> Any:
        """The answers to a test; `waits` for those that a person has to mark (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: answer_marks.list_attempt_answers(
                db, actor, test_id=test_id, page=page, attempt_id=attempt_id, waits=waits
            ),
        )

    @strawberry.field(
        description="阅卷记录 / what people gave for an answer",
        graphql_type=Connection[AnswerMarkNode],
    )
    async def answer_marks(
        self,
        info: Info[Context],
        answer_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """What people gave for an answer, the first first (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: answer_marks.list_answer_marks(db, actor, answer_id=answer_id, page=page),
        )


@strawberry.type
class AnswerMarkMutations:
    """What may be done about marking."""

    @strawberry.mutation(description="阅卷或更正 / mark an answer", graphql_type=AttemptAnswerNode)
    async def mark_test_answer(
        self, info: Info[Context], answer_id: UUID, new: NewAnswerMarkInput
    ) -> Any:
        """Give points for an answer, or correct them with a reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await answer_marks.mark_test_answer(
                db, actor, answer_id=answer_id, new=new, now=now()
            )
