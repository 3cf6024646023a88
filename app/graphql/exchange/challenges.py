"""Challenges of the province over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import challenges
from app.domain.exchange.challenges import (
    ChallengeAnswer,
    ChallengeState,
    ChallengeView,
    NewChallenge,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(challenges.CHALLENGES, name="Challenge", description="省平台质疑 / a doubt about one record")
class ChallengeNode(Node, ChallengeView):
    """A challenge of the province."""


@strawberry.pydantic.input(name="NewChallenge")
class NewChallengeInput(NewChallenge):
    """A doubt about one record."""


@strawberry.pydantic.input(name="ChallengeAnswer")
class ChallengeAnswerInput(ChallengeAnswer):
    """What the bureau has found."""


@strawberry.type
class ChallengeQueries:
    """What may be asked about challenges."""

    @strawberry.field(description="一项质疑 / one challenge", graphql_type=ChallengeNode)
    async def challenge(self, info: Info[Context], id: UUID) -> Any:
        """One challenge."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: challenges.get_challenge(db, actor, challenge_id=id)
        )

    @strawberry.field(description="质疑列表 / challenges", graphql_type=Connection[ChallengeNode])
    async def challenges(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: ChallengeState | None = None,
        teacher_id: UUID | None = None,
    ) -> Any:
        """A page of challenges."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: challenges.list_challenges(
                db, actor, page=page, state=state, teacher_id=teacher_id
            ),
        )


@strawberry.type
class ChallengeMutations:
    """What may be done with challenges."""

    @strawberry.mutation(description="提出质疑 / raise one", graphql_type=ChallengeNode)
    async def raise_challenge(self, info: Info[Context], new: NewChallengeInput) -> Any:
        """Doubt one record."""
        async with info.context.transaction() as db:
            return await challenges.raise_challenge(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="答复质疑 / answer one", graphql_type=ChallengeNode)
    async def answer_challenge(
        self, info: Info[Context], challenge_id: UUID, given: ChallengeAnswerInput
    ) -> Any:
        """Say what was found, and why."""
        async with info.context.transaction() as db:
            return await challenges.answer_challenge(
                db, info.context.actor, challenge_id=challenge_id, answer=given, now=now()
            )

    @strawberry.mutation(description="办结质疑 / close one", graphql_type=ChallengeNode)
    async def close_challenge(self, info: Info[Context], challenge_id: UUID) -> Any:
        """The province is content, or takes it back."""
        async with info.context.transaction() as db:
            return await challenges.close_challenge(
                db, info.context.actor, challenge_id=challenge_id, now=now()
            )
