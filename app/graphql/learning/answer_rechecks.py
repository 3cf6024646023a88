"""Rechecks of answers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import answer_rechecks
from app.domain.learning.answer_rechecks import NewAnswerRecheck, RecheckDecision
from app.domain.learning.test_attempts import AnswerRecheckView
from app.graphql.context import Context
from app.graphql.learning.test_attempts import PaperQuestionNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    answer_rechecks.RECHECKS,
    name="AnswerRecheck",
    description="复核申请 / that an answer is to be marked anew",
)
class AnswerRecheckNode(Node, AnswerRecheckView):
    """A recheck."""


@strawberry.pydantic.input(name="NewAnswerRecheck")
class NewAnswerRecheckInput(NewAnswerRecheck):
    """Why an answer is to be marked anew."""


@strawberry.pydantic.input(name="RecheckDecision")
class RecheckDecisionInput(RecheckDecision):
    """What comes of a recheck."""


@strawberry.type
class AnswerRecheckQueries:
    """What may be asked about rechecks."""

    @strawberry.field(
        description="测验的复核申请 / rechecks in a test",
        graphql_type=Connection[AnswerRecheckNode],
    )
    async def answer_rechecks(
        self,
        info: Info[Context],
        test_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        waits: bool | None = None,
    ) -> Any:
        """The rechecks that were asked for in a test (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: answer_rechecks.list_answer_rechecks(
                db, actor, test_id=test_id, page=page, waits=waits
            ),
        )


@strawberry.type
class AnswerRecheckMutations:
    """What may be done about rechecks."""

    @strawberry.mutation(description="申请复核 / ask for a recheck", graphql_type=PaperQuestionNode)
    async def ask_answer_recheck(
        self, info: Info[Context], answer_id: UUID, new: NewAnswerRecheckInput
    ) -> Any:
        """Ask to have an answer of one's own marked anew."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await answer_rechecks.ask_answer_recheck(
                db, actor, answer_id=answer_id, new=new, now=now()
            )

    @strawberry.mutation(description="处理复核 / answer a recheck", graphql_type=AnswerRecheckNode)
    async def decide_answer_recheck(
        self, info: Info[Context], recheck_id: UUID, decision: RecheckDecisionInput
    ) -> Any:
        """Answer a recheck, with other points or with those that stand."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await answer_rechecks.decide_answer_recheck(
                db, actor, recheck_id=recheck_id, decision=decision, now=now()
            )
