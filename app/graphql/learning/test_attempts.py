"""Attempts at tests over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import test_attempts
from app.domain.learning.bank_questions import GivenTestAnswer
from app.domain.learning.test_attempts import (
    CourseTestAttemptView,
    PaperQuestionView,
    SavedAnswers,
    TakenTestView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    test_attempts.OWN_ATTEMPTS,
    name="TestAttempt",
    description="本人的作答 / an attempt of one's own",
)
class TestAttemptNode(Node, CourseTestAttemptView):
    """An attempt of one's own."""


@node(test_attempts.PAPER, name="PaperQuestion", description="试卷题目 / a question of one's paper")
class PaperQuestionNode(Node, PaperQuestionView):
    """A question of one's own paper."""


@strawberry.pydantic.type(name="TakenTest", description="学员的作答 / an attempt, by who made it")
class TakenTestNode(TakenTestView):
    """An attempt as those see it who give the test."""


strawberry.pydantic.input(name="GivenTestAnswer", description=GivenTestAnswer.__doc__)(
    GivenTestAnswer
)


@strawberry.pydantic.input(name="SavedAnswers")
class SavedAnswersInput(SavedAnswers):
    """Answers to be saved."""


@strawberry.type
class TestAttemptQueries:
    """What may be asked about attempts."""

    @strawberry.field(
        description="本人的作答 / one's own attempts", graphql_type=Connection[TestAttemptNode]
    )
    async def own_test_attempts(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        test_id: UUID | None = None,
        activity_id: UUID | None = None,
    ) -> Any:
        """One's own attempts, the first first (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: test_attempts.list_own_test_attempts(
                db, actor, page=page, test_id=test_id, activity_id=activity_id
            ),
        )

    @strawberry.field(
        description="本人的一次作答 / one attempt of one's own", graphql_type=TestAttemptNode
    )
    async def test_attempt(self, info: Info[Context], id: UUID) -> Any:
        """One attempt of one's own; its result once that is shown."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: test_attempts.get_test_attempt(db, actor, attempt_id=id)
        )

    @strawberry.field(
        description="本人的试卷 / questions of one's own paper",
        graphql_type=Connection[PaperQuestionNode],
    )
    async def paper_questions(
        self,
        info: Info[Context],
        attempt_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The questions of one's own paper with one's answers; what is right once it is shown (`ordinal`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: test_attempts.list_paper_questions(
                db, actor, attempt_id=attempt_id, page=page
            ),
        )

    @strawberry.field(
        description="测验的作答情况 / who took a test", graphql_type=Connection[TakenTestNode]
    )
    async def taken_tests(
        self,
        info: Info[Context],
        test_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
    ) -> Any:
        """Who took a test, with which result (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: test_attempts.list_taken_tests(
                db, actor, test_id=test_id, page=page, activity_id=activity_id
            ),
        )


@strawberry.type
class TestAttemptMutations:
    """What may be done about attempts."""

    @strawberry.mutation(description="开始作答 / begin an attempt", graphql_type=TestAttemptNode)
    async def start_test_attempt(self, info: Info[Context], test_id: UUID) -> Any:
        """Begin an attempt; where one is open already, that is answered."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await test_attempts.start_test_attempt(db, actor, test_id=test_id, now=now())

    @strawberry.mutation(description="保存作答 / save answers", graphql_type=TestAttemptNode)
    async def save_test_answers(
        self, info: Info[Context], attempt_id: UUID, new: SavedAnswersInput
    ) -> Any:
        """Save answers of an open attempt; the same may be sent again."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await test_attempts.save_test_answers(
                db, actor, attempt_id=attempt_id, new=new, now=now()
            )

    @strawberry.mutation(description="交卷 / hand in", graphql_type=TestAttemptNode)
    async def hand_in_test_attempt(self, info: Info[Context], attempt_id: UUID) -> Any:
        """Hand an attempt in."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await test_attempts.hand_in_test_attempt(
                db, actor, attempt_id=attempt_id, now=now()
            )
