"""Choice rounds over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import choice_rounds
from app.domain.learning.choice_rounds import (
    ChoiceRoundChanges,
    ChoiceRoundState,
    ChoiceRoundView,
    NewChoiceOffering,
    NewChoiceRound,
)
from app.domain.organisation import units
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(choice_rounds.CHOICE_ROUNDS, name="ChoiceRound", description="选课轮次 / a choice round")
class ChoiceRoundNode(Node, ChoiceRoundView):
    """A round with its edge."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="组织单位 / unit that holds it",
    )


@strawberry.pydantic.input(name="NewChoiceRound")
class NewChoiceRoundInput(NewChoiceRound):
    """A round to be drafted."""


@strawberry.pydantic.input(name="ChoiceRoundChanges")
class ChoiceRoundChangesInput(ChoiceRoundChanges):
    """What is to be different in a draft."""


@strawberry.pydantic.input(name="NewChoiceOffering")
class NewChoiceOfferingInput(NewChoiceOffering):
    """What is to be chosen from."""


@strawberry.type
class ChoiceRoundQueries:
    """What may be asked about choice rounds."""

    @strawberry.field(description="一个选课轮次 / one round", graphql_type=ChoiceRoundNode)
    async def choice_round(self, info: Info[Context], id: UUID) -> Any:
        """One round."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: choice_rounds.get_choice_round(db, actor, round_id=id)
        )

    @strawberry.field(description="选课轮次列表 / rounds", graphql_type=Connection[ChoiceRoundNode])
    async def choice_rounds(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        state: ChoiceRoundState | None = None,
    ) -> Any:
        """A page of rounds."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: choice_rounds.list_choice_rounds(
                db, actor, page=page, unit_id=unit_id, state=state
            ),
        )

    @strawberry.field(
        description="可参加的选课轮次 / rounds in which something is for oneself",
        graphql_type=Connection[ChoiceRoundNode],
    )
    async def offered_choice_rounds(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: ChoiceRoundState | None = None,
    ) -> Any:
        """A page of the rounds in which something is for the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: choice_rounds.list_offered_choice_rounds(db, actor, page=page, state=state),
        )


@strawberry.type
class ChoiceRoundMutations:
    """What may be done about choice rounds."""

    @strawberry.mutation(description="起草选课轮次 / draft a round", graphql_type=ChoiceRoundNode)
    async def create_choice_round(self, info: Info[Context], new: NewChoiceRoundInput) -> Any:
        """Draft a round."""
        async with info.context.transaction() as db:
            return await choice_rounds.create_choice_round(db, info.context.actor, new=new)

    @strawberry.mutation(description="修改草稿 / change a draft", graphql_type=ChoiceRoundNode)
    async def update_choice_round(
        self, info: Info[Context], round_id: UUID, changes: ChoiceRoundChangesInput
    ) -> Any:
        """Change a draft."""
        async with info.context.transaction() as db:
            return await choice_rounds.update_choice_round(
                db, info.context.actor, round_id=round_id, changes=changes
            )

    @strawberry.mutation(
        description="加入可选活动 / let an activity be chosen", graphql_type=ChoiceRoundNode
    )
    async def add_choice_offering(
        self, info: Info[Context], round_id: UUID, offering: NewChoiceOfferingInput
    ) -> Any:
        """Let an activity be chosen."""
        async with info.context.transaction() as db:
            return await choice_rounds.add_choice_offering(
                db, info.context.actor, round_id=round_id, offering=offering
            )

    @strawberry.mutation(
        description="移除可选活动 / take an activity out", graphql_type=ChoiceRoundNode
    )
    async def remove_choice_offering(
        self, info: Info[Context], round_id: UUID, activity_id: UUID
    ) -> Any:
        """Take an activity out of a draft."""
        async with info.context.transaction() as db:
            return await choice_rounds.remove_choice_offering(
                db, info.context.actor, round_id=round_id, activity_id=activity_id
            )

    @strawberry.mutation(description="发布选课轮次 / publish a round", graphql_type=ChoiceRoundNode)
    async def publish_choice_round(self, info: Info[Context], round_id: UUID) -> Any:
        """Publish a draft."""
        async with info.context.transaction() as db:
            return await choice_rounds.publish_choice_round(
                db, info.context.actor, round_id=round_id, now=now()
            )

    @strawberry.mutation(
        description="取消选课轮次 / call a round off", graphql_type=ChoiceRoundNode
    )
    async def cancel_choice_round(self, info: Info[Context], round_id: UUID) -> Any:
        """Call a round off."""
        async with info.context.transaction() as db:
            return await choice_rounds.cancel_choice_round(
                db, info.context.actor, round_id=round_id, now=now()
            )
