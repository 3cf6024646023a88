"""Research outputs over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import outputs, topics
from app.domain.learning.outputs import (
    NewOutput,
    OutputChanges,
    OutputDecision,
    OutputDuplicate,
    OutputKind,
    OutputState,
    OutputView,
)
from app.domain.organisation import units
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(outputs.OUTPUTS, name="Output", description="研究成果 / a research output")
class OutputNode(Node, OutputView):
    """An output with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="单位 / unit where it was stated",
    )
    topic = edge(
        topics.topics_by_id,
        lazy("app.graphql.learning.topics", "TopicNode"),
        many=False,
        keys="topic_ids",
        key="topic_id",
        description="所属课题 / topic it came of",
    )


@strawberry.pydantic.type(
    name="OutputDuplicate", description="疑似重复 / what may be the same output"
)
class OutputDuplicateNode(OutputDuplicate):
    """An output that may be the same as another."""


@strawberry.pydantic.input(name="NewOutput")
class NewOutputInput(NewOutput):
    """An output to be stated: by one of its authors, or by the unit."""


@strawberry.pydantic.input(name="OutputChanges")
class OutputChangesInput(OutputChanges):
    """What of an output is to be changed; what is left out stays as it is."""


@strawberry.pydantic.input(name="OutputDecision")
class OutputDecisionInput(OutputDecision):
    """What the unit says to an output that was stated."""


@strawberry.type
class OutputQueries:
    """What may be asked about research outputs."""

    @strawberry.field(
        description="成果列表 / research outputs", graphql_type=Connection[OutputNode]
    )
    async def outputs(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        topic_id: UUID | None = None,
        author_id: UUID | None = None,
        kind: OutputKind | None = None,
        state: OutputState | None = None,
    ) -> Any:
        """The outputs that the actor may see (`created`, `published_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: outputs.list_outputs(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                topic_id=topic_id,
                author_id=author_id,
                kind=kind,
                state=state,
            ),
        )

    @strawberry.field(description="一项成果 / one output", graphql_type=OutputNode)
    async def output(self, info: Info[Context], id: UUID) -> Any:
        """One output, and whether it is confirmed."""
        actor = info.context.actor
        return await info.context.read(lambda db: outputs.get_output(db, actor, output_id=id))

    @strawberry.field(
        description="疑似重复成果 / what may be the same", graphql_type=list[OutputDuplicateNode]
    )
    async def output_duplicates(self, info: Info[Context], output_id: UUID) -> Any:
        """What in the city may be the same: by title, DOI, ISBN or file."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: outputs.list_output_duplicates(db, actor, output_id=output_id)
        )


@strawberry.type
class OutputMutations:
    """What may be done about research outputs."""

    @strawberry.mutation(description="填报成果 / state an output", graphql_type=OutputNode)
    async def state_output(self, info: Info[Context], new: NewOutputInput) -> Any:
        """State an output: one's own as an author, or a unit's."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outputs.state_output(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改成果 / change an output", graphql_type=OutputNode)
    async def update_output(
        self, info: Info[Context], output_id: UUID, changes: OutputChangesInput
    ) -> Any:
        """Change what was stated and is not confirmed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outputs.update_output(
                db, actor, output_id=output_id, changes=changes, now=now()
            )

    @strawberry.mutation(
        description="核实或退回成果 / confirm or return an output", graphql_type=OutputNode
    )
    async def decide_output(
        self, info: Info[Context], output_id: UUID, decision: OutputDecisionInput
    ) -> Any:
        """Confirm an output, or return it to be put right."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outputs.decide_output(
                db, actor, output_id=output_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="撤回成果 / take an output back", graphql_type=OutputNode)
    async def withdraw_output(self, info: Info[Context], output_id: UUID) -> Any:
        """Take back what has not been confirmed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outputs.withdraw_output(db, actor, output_id=output_id, now=now())
