"""Trainees in cohorts over GraphQL, and how many there are."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import cohort_trainees
from app.domain.people.cohort_trainees import (
    CohortTraineeView,
    NewCohortTrainee,
    TraineeCompletion,
    TraineeCountView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    cohort_trainees.COHORT_TRAINEES,
    name="CohortTrainee",
    description="学员参训 / a trainee's part in a cohort",
)
class CohortTraineeNode(Node, CohortTraineeView):
    """A trainee's part in a cohort."""


@strawberry.pydantic.type(
    name="TraineeCount", description="学员人数与人次 / trainees of a year and a category"
)
class TraineeCountNode(TraineeCountView):
    """How many trainees took part."""


@strawberry.pydantic.input(name="NewCohortTrainee")
class NewCohortTraineeInput(NewCohortTrainee):
    """A trainee to be entered into a cohort."""


@strawberry.pydantic.input(name="TraineeCompletion")
class TraineeCompletionInput(TraineeCompletion):
    """When a trainee completed."""


@strawberry.type
class CohortTraineeQueries:
    """What may be asked about trainees in cohorts."""

    @strawberry.field(
        description="期次的学员 / trainees of a cohort", graphql_type=Connection[CohortTraineeNode]
    )
    async def cohort_trainees(
        self,
        info: Info[Context],
        cohort_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of a cohort's trainees."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: cohort_trainees.list_cohort_trainees(
                db, actor, cohort_id=cohort_id, page=page
            ),
        )

    @strawberry.field(
        description="学员人数与人次 / how many trainees", graphql_type=list[TraineeCountNode]
    )
    async def trainee_counts(
        self, info: Info[Context], unit_id: UUID, year: int | None = None
    ) -> Any:
        """How many trainees took part in the cohorts of a unit, by year and category."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: cohort_trainees.list_trainee_counts(db, actor, unit_id=unit_id, year=year)
        )


@strawberry.type
class CohortTraineeMutations:
    """How trainees come into cohorts."""

    @strawberry.mutation(
        description="学员入班 / enter a trainee into a cohort", graphql_type=CohortTraineeNode
    )
    async def enter_cohort_trainee(
        self, info: Info[Context], cohort_id: UUID, new: NewCohortTraineeInput
    ) -> Any:
        """Enter a trainee, if there is a place."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohort_trainees.enter_cohort_trainee(
                db, actor, cohort_id=cohort_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="学员结业 / complete a trainee's part", graphql_type=CohortTraineeNode
    )
    async def complete_cohort_trainee(
        self, info: Info[Context], part_id: UUID, completion: TraineeCompletionInput
    ) -> Any:
        """Say that a trainee has completed the cohort."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohort_trainees.complete_cohort_trainee(
                db, actor, part_id=part_id, completion=completion, now=now()
            )
