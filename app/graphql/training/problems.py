"""Problems taken in, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training import problems
from app.domain.training.problems import (
    NewProblem,
    ProblemCount,
    ProblemMerger,
    ProblemReply,
    ProblemState,
    ProblemView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(problems.PROBLEMS, name="Problem", description="教学问题 / a problem of teaching")
class ProblemNode(Node, ProblemView):
    """A problem with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所在单位 / unit where it was stated",
    )
    merged_into = edge(
        problems.problems_by_id,
        lazy("app.graphql.training.problems", "ProblemNode"),
        many=False,
        keys="problem_ids",
        key="merged_into_id",
        description="并入的问题 / problem that it was joined with",
    )


@strawberry.pydantic.type(name="ProblemCount", description="问题统计 / problems, counted")
class ProblemCountNode(ProblemCount):
    """How many problems were stated about something."""


@strawberry.pydantic.input(name="NewProblem")
class NewProblemInput(NewProblem):
    """A problem to be stated."""


@strawberry.pydantic.input(name="ProblemReply")
class ProblemReplyInput(ProblemReply):
    """What is answered to a problem."""


@strawberry.pydantic.input(name="ProblemMerger")
class ProblemMergerInput(ProblemMerger):
    """With which problem another is joined."""


@strawberry.type
class ProblemQueries:
    """What may be asked about problems."""

    @strawberry.field(description="一个教学问题 / one problem", graphql_type=ProblemNode)
    async def problem(self, info: Info[Context], id: UUID) -> Any:
        """One problem."""
        actor = info.context.actor
        return await info.context.read(lambda db: problems.get_problem(db, actor, problem_id=id))

    @strawberry.field(description="教学问题列表 / problems", graphql_type=Connection[ProblemNode])
    async def problems(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        group_id: UUID | None = None,
        state: ProblemState | None = None,
        subject: Subject | None = None,
        stage: Stage | None = None,
        tag: str | None = None,
    ) -> Any:
        """A page of problems."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: problems.list_problems(
                db, actor, page=page, unit_id=unit_id, group_id=group_id, state=state,
                subject=subject, stage=stage, tag=tag,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="问题统计 / problems, counted", graphql_type=list[ProblemCountNode]
    )
    async def problem_counts(self, info: Info[Context], unit_id: UUID) -> Any:
        """How many problems were stated in a unit and below."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: problems.list_problem_counts(db, actor, unit_id=unit_id)
        )


@strawberry.type
class ProblemMutations:
    """What may be done about problems."""

    @strawberry.mutation(description="提出问题 / state a problem", graphql_type=ProblemNode)
    async def state_problem(self, info: Info[Context], new: NewProblemInput) -> Any:
        """State a problem."""
        async with info.context.transaction() as db:
            return await problems.state_problem(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="采纳问题 / take a problem in", graphql_type=ProblemNode)
    async def take_in_problem(self, info: Info[Context], problem_id: UUID) -> Any:
        """Take a problem in."""
        async with info.context.transaction() as db:
            return await problems.take_in_problem(
                db, info.context.actor, problem_id=problem_id, now=now()
            )

    @strawberry.mutation(description="答复问题 / answer a problem", graphql_type=ProblemNode)
    async def answer_problem(
        self, info: Info[Context], problem_id: UUID, reply: ProblemReplyInput
    ) -> Any:
        """Answer a problem."""
        async with info.context.transaction() as db:
            return await problems.answer_problem(
                db, info.context.actor, problem_id=problem_id, reply=reply, now=now()
            )

    @strawberry.mutation(description="合并问题 / join two problems", graphql_type=ProblemNode)
    async def merge_problem(
        self, info: Info[Context], problem_id: UUID, merger: ProblemMergerInput
    ) -> Any:
        """Join a problem with another that says the same."""
        async with info.context.transaction() as db:
            return await problems.merge_problem(
                db, info.context.actor, problem_id=problem_id, merger=merger, now=now()
            )
