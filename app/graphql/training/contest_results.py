"""Results of competitions over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, contest_results
from app.domain.training.contest_results import (
    Award,
    ContestantView,
    NewResult,
    NewResults,
    ResultCorrection,
    ResultsEntered,
    ResultStriking,
    ResultView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.pydantic.input(name="NewResult", description=NewResult.__doc__)(NewResult)


@node(contest_results.RESULTS, name="ContestResult", description="竞赛成绩 / a result")
class ContestResultNode(Node, ResultView):
    """A result with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="竞赛 / the competition, null where the actor may not see it",
    )


@strawberry.pydantic.type(name="Contestant", description="参赛者成绩 / as the organiser sees it")
class ContestantNode(ContestantView):
    """A result as the organiser sees it."""


@strawberry.pydantic.type(name="ResultsEntered", description="登记结果 / what was entered")
class ResultsEnteredNode(ResultsEntered):
    """How many results were entered."""


@strawberry.pydantic.input(name="NewResults")
class NewResultsInput(NewResults):
    """Results to be entered."""


@strawberry.pydantic.input(name="ResultCorrection")
class ResultCorrectionInput(ResultCorrection):
    """What a result is to be instead."""


@strawberry.pydantic.input(name="ResultStriking")
class ResultStrikingInput(ResultStriking):
    """Why a result is to be struck."""


@strawberry.type
class ContestResultQueries:
    """What may be asked about results."""

    @strawberry.field(
        description="竞赛的成绩 / results of a competition", graphql_type=Connection[ContestantNode]
    )
    async def contest_results(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        award: Award | None = None,
        standing: bool | None = None,
    ) -> Any:
        """A page of the results of a competition."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: contest_results.list_contest_results(
                db, actor, activity_id=activity_id, page=page, award=award, standing=standing
            ),
        )

    @strawberry.field(
        description="教师的竞赛成绩 / of one teacher", graphql_type=Connection[ContestResultNode]
    )
    async def teacher_contest_results(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of a teacher's results."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: contest_results.list_teacher_contest_results(
                db, actor, teacher_id=teacher_id, page=page
            ),
        )


@strawberry.type
class ContestResultMutations:
    """What may be done with results."""

    @strawberry.mutation(description="登记成绩 / enter results", graphql_type=ResultsEnteredNode)
    async def record_contest_results(
        self, info: Info[Context], activity_id: UUID, new: NewResultsInput
    ) -> Any:
        """Enter results of a competition."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await contest_results.record_contest_results(
                db, actor, activity_id=activity_id, new=new, now=now()
            )

    @strawberry.mutation(description="更正成绩 / correct a result", graphql_type=ContestantNode)
    async def correct_contest_result(
        self, info: Info[Context], result_id: UUID, new: ResultCorrectionInput
    ) -> Any:
        """Correct a result, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await contest_results.correct_contest_result(
                db, actor, result_id=result_id, new=new, now=now()
            )

    @strawberry.mutation(description="撤销成绩 / strike a result", graphql_type=ContestantNode)
    async def strike_contest_result(
        self, info: Info[Context], result_id: UUID, new: ResultStrikingInput
    ) -> Any:
        """Strike a result, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await contest_results.strike_contest_result(
                db, actor, result_id=result_id, new=new, now=now()
            )
