"""Achievement awards over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import awards, outputs, topics
from app.domain.learning.awards import (
    Awarded,
    AwardEntryView,
    AwardRoundState,
    AwardRoundView,
    Awards,
    NewAwardEntry,
    NewAwardRound,
)
from app.domain.organisation import units
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.pydantic.input(name="Awarded", description=Awarded.__doc__)(Awarded)


@node(awards.AWARD_ROUNDS, name="AwardRound", description="成果评选 / a round of the award")
class AwardRoundNode(Node, AwardRoundView):
    """A round with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="单位 / unit that gives the award",
    )
    entries = paged_edge(
        awards.award_entries_of,
        lazy("app.graphql.learning.awards", "AwardEntryNode"),
        keys="round_ids",
        first=20,
        description="申报 / entries from the actor's place",
    )


@node(awards.AWARD_ENTRIES, name="AwardEntry", description="评选申报 / an entry for the award")
class AwardEntryNode(Node, AwardEntryView):
    """An entry with its edges."""

    round = edge(
        awards.award_rounds_by_id,
        lazy("app.graphql.learning.awards", "AwardRoundNode"),
        many=False,
        keys="round_ids",
        key="round_id",
        description="评选 / round",
    )
    output = edge(
        outputs.outputs_by_id,
        lazy("app.graphql.learning.outputs", "OutputNode"),
        many=False,
        keys="output_ids",
        key="output_id",
        description="成果 / output",
    )
    topic = edge(
        topics.topics_by_id,
        lazy("app.graphql.learning.topics", "TopicNode"),
        many=False,
        keys="topic_ids",
        key="topic_id",
        description="课题 / topic",
    )


@strawberry.pydantic.input(name="NewAwardRound")
class NewAwardRoundInput(NewAwardRound):
    """A round to be opened."""


@strawberry.pydantic.input(name="Awards")
class AwardsInput(Awards):
    """What is awarded in a round; what is not named wins nothing."""


@strawberry.pydantic.input(name="NewAwardEntry")
class NewAwardEntryInput(NewAwardEntry):
    """What is to be entered: an output or a topic."""


@strawberry.type
class AwardQueries:
    """What may be asked about achievement awards."""

    @strawberry.field(
        description="成果评选 / rounds of the award", graphql_type=Connection[AwardRoundNode]
    )
    async def award_rounds(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        year: int | None = None,
        state: AwardRoundState | None = None,
    ) -> Any:
        """The rounds of the units at and above the actor's place (`year`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: awards.list_award_rounds(db, actor, page=page, year=year, state=state),
        )

    @strawberry.field(description="一次成果评选 / one round", graphql_type=AwardRoundNode)
    async def award_round(self, info: Info[Context], id: UUID) -> Any:
        """One round of the award."""
        actor = info.context.actor
        return await info.context.read(lambda db: awards.get_award_round(db, actor, round_id=id))

    @strawberry.field(
        description="评选申报 / entries of a round", graphql_type=Connection[AwardEntryNode]
    )
    async def award_entries(
        self,
        info: Info[Context],
        round_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        winners: bool | None = None,
    ) -> Any:
        """The entries from the actor's place; or, once published, all that won (`winners`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: awards.list_award_entries(
                db, actor, round_id=round_id, page=page, winners=bool(winners)
            ),
        )

    @strawberry.field(description="一项申报 / one entry", graphql_type=AwardEntryNode)
    async def award_entry(self, info: Info[Context], id: UUID) -> Any:
        """One entry, and what it won."""
        actor = info.context.actor
        return await info.context.read(lambda db: awards.get_award_entry(db, actor, entry_id=id))


@strawberry.type
class AwardMutations:
    """What may be done about achievement awards."""

    @strawberry.mutation(
        description="发起成果评选 / open a round of the award", graphql_type=AwardRoundNode
    )
    async def create_award_round(self, info: Info[Context], new: NewAwardRoundInput) -> Any:
        """Open the round of a year."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await awards.create_award_round(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="公布评选结果 / publish what is awarded", graphql_type=AwardRoundNode
    )
    async def award_achievements(
        self, info: Info[Context], round_id: UUID, new: AwardsInput
    ) -> Any:
        """Publish what a round awards, all at once."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await awards.award_achievements(db, actor, round_id=round_id, new=new, now=now())

    @strawberry.mutation(
        description="申报评选 / enter an output or a topic", graphql_type=AwardEntryNode
    )
    async def enter_achievement(
        self, info: Info[Context], round_id: UUID, new: NewAwardEntryInput
    ) -> Any:
        """Enter a confirmed output or a concluded topic."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await awards.enter_achievement(db, actor, round_id=round_id, new=new, now=now())

    @strawberry.mutation(description="撤回申报 / take an entry back", graphql_type=AwardEntryNode)
    async def withdraw_achievement(self, info: Info[Context], entry_id: UUID) -> Any:
        """Take an entry back before the awards are published; the answer is what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await awards.withdraw_achievement(db, actor, entry_id=entry_id)
