"""Mentoring policies over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import mentoring_policies
from app.domain.learning.mentoring_policies import (
    MentoringPolicyView,
    NewMentoringPolicy,
    NewProbationPart,
    NewRankObligation,
    ProbationPart,
    RankObligation,
)
from app.graphql.context import Context
from app.request import now

for _shown, _given in ((RankObligation, NewRankObligation), (ProbationPart, NewProbationPart)):
    strawberry.pydantic.type(name=_shown.__name__, description=_shown.__doc__)(_shown)
    strawberry.pydantic.input(name=_given.__name__, description=_given.__doc__)(_given)


@strawberry.pydantic.type(
    name="MentoringPolicy", description="带教规定 / what a city asks of mentoring"
)
class MentoringPolicyNode(MentoringPolicyView):
    """What a city asks of mentoring."""


@strawberry.pydantic.input(name="NewMentoringPolicy")
class NewMentoringPolicyInput(NewMentoringPolicy):
    """What a city asks from now on."""


@strawberry.type
class MentoringPolicyQueries:
    """What may be asked: mentoring policies."""

    @strawberry.field(description="带教规定 / policy in force", graphql_type=MentoringPolicyNode)
    async def mentoring_policy(self, info: Info[Context], unit_id: UUID) -> Any:
        """The policy in force for a unit: its city's."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentoring_policies.get_mentoring_policy(db, actor, unit_id=unit_id)
        )


@strawberry.type
class MentoringPolicyMutations:
    """What may be done: mentoring policies."""

    @strawberry.mutation(
        description="制定带教规定 / set what a city asks", graphql_type=MentoringPolicyNode
    )
    async def set_mentoring_policy(
        self, info: Info[Context], unit_id: UUID, new: NewMentoringPolicyInput
    ) -> Any:
        """Set what a city asks from now on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentoring_policies.set_mentoring_policy(
                db, actor, unit_id=unit_id, new=new, now=now()
            )
