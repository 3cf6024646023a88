"""What teachers choose in rounds, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import choice_rounds, choices
from app.domain.learning.choices import (
    ChoiceDecision,
    ChoiceDecisions,
    ChoiceOfferingView,
    ChoiceView,
    MadeChoiceView,
    NewChoice,
)
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.learning.choice_rounds import ChoiceRoundNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(choices.CHOICES, name="Choice", description="选课 / a choice of a teacher")
class ChoiceNode(Node, ChoiceView):
    """A choice with its edges."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动（班） / the activity, null where the actor may not see it",
    )
    round = edge(
        choice_rounds.choice_rounds_by_id,
        lazy("app.graphql.learning.choice_rounds", "ChoiceRoundNode"),
        many=False,
        keys="round_ids",
        key="round_id",
        description="选课轮次 / the round, null where the actor may not see it",
    )


@strawberry.pydantic.type(name="MadeChoice", description="选报者 / who chose what, narrowly")
class MadeChoiceNode(MadeChoiceView):
    """A choice as the round's organiser sees it."""


@strawberry.pydantic.type(name="ChoiceOffering", description="可选活动 / what can be chosen")
class ChoiceOfferingNode(ChoiceOfferingView):
    """Something that can be chosen in a round."""


@strawberry.pydantic.input(name="NewChoice")
class NewChoiceInput(NewChoice):
    """What a teacher chooses."""


# The part has no edges: it is the input itself.
strawberry.pydantic.input(name="ChoiceDecision", description=ChoiceDecision.__doc__)(ChoiceDecision)


@strawberry.pydantic.input(name="ChoiceDecisions")
class ChoiceDecisionsInput(ChoiceDecisions):
    """What the organiser decides."""


@strawberry.type
class ChoiceQueries:
    """What may be asked about choices."""

    @strawberry.field(
        description="可选活动 / what can be chosen", graphql_type=list[ChoiceOfferingNode]
    )
    async def choice_offerings(self, info: Info[Context], round_id: UUID) -> Any:
        """What can be chosen in a round."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: choices.list_choice_offerings(db, actor, round_id=round_id)
        )

    @strawberry.field(
        description="选报情况 / who chose what", graphql_type=Connection[MadeChoiceNode]
    )
    async def choices(
        self,
        info: Info[Context],
        round_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
    ) -> Any:
        """A page of the choices made in a round."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: choices.list_choices(
                db, actor, round_id=round_id, page=page, activity_id=activity_id
            ),
        )

    @strawberry.field(
        description="教师的选课 / of one teacher", graphql_type=Connection[ChoiceNode]
    )
    async def teacher_choices(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        round_id: UUID | None = None,
    ) -> Any:
        """A page of a teacher's choices."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: choices.list_teacher_choices(
                db, actor, teacher_id=teacher_id, page=page, round_id=round_id
            ),
        )


@strawberry.type
class ChoiceMutations:
    """What may be done about choices."""

    @strawberry.mutation(description="结束选课轮次 / end a round", graphql_type=ChoiceRoundNode)
    async def settle_choice_round(self, info: Info[Context], round_id: UUID) -> Any:
        """End a round that is closed."""
        async with info.context.transaction() as db:
            return await choices.settle_choice_round(
                db, info.context.actor, round_id=round_id, now=now()
            )

    @strawberry.mutation(description="选课 / choose an activity", graphql_type=ChoiceNode)
    async def choose_activity(
        self, info: Info[Context], round_id: UUID, new: NewChoiceInput
    ) -> Any:
        """Choose an activity in an open round."""
        async with info.context.transaction() as db:
            return await choices.choose_activity(
                db, info.context.actor, round_id=round_id, new=new, now=now()
            )

    @strawberry.mutation(description="退选 / withdraw a choice", graphql_type=ChoiceNode)
    async def withdraw_choice(self, info: Info[Context], round_id: UUID, activity_id: UUID) -> Any:
        """Withdraw the own choice."""
        async with info.context.transaction() as db:
            return await choices.withdraw_choice(
                db, info.context.actor, round_id=round_id, activity_id=activity_id, now=now()
            )

    @strawberry.mutation(
        description="录取或不录取 / accept or decline choices", graphql_type=list[ChoiceNode]
    )
    async def decide_choices(
        self, info: Info[Context], round_id: UUID, decisions: ChoiceDecisionsInput
    ) -> Any:
        """Accept or decline choices."""
        async with info.context.transaction() as db:
            return await choices.decide_choices(
                db, info.context.actor, round_id=round_id, decisions=decisions, now=now()
            )
