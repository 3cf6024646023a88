"""What is handed in to exercises over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import exercise_submissions
from app.domain.learning.exercise_submissions import (
    ExerciseReview,
    ExerciseState,
    ExerciseSubmissionView,
    HandedInView,
    NewExerciseSubmission,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@node(
    exercise_submissions.EXERCISE_SUBMISSIONS,
    name="ExerciseSubmission",
    description="作业提交 / what one handed in",
)
class ExerciseSubmissionNode(Node, ExerciseSubmissionView):
    """What one handed in."""


@strawberry.pydantic.type(
    name="HandedInExercise", description="作业提交（批阅者） / as who reviews it sees it"
)
class HandedInNode(HandedInView):
    """What was handed in, as who reviews it sees it."""


@strawberry.pydantic.input(name="NewExerciseSubmission")
class NewExerciseSubmissionInput(NewExerciseSubmission):
    """What somebody hands in."""


@strawberry.pydantic.input(name="ExerciseReview")
class ExerciseReviewInput(ExerciseReview):
    """What a reviewer says."""


@strawberry.type
class ExerciseSubmissionQueries:
    """What may be asked about what is handed in."""

    @strawberry.field(
        description="活动的作业提交 / what was handed in to an activity",
        graphql_type=Connection[HandedInNode],
    )
    async def exercise_submissions(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        exercise_id: UUID | None = None,
        state: ExerciseState | None = None,
    ) -> Any:
        """What was handed in to an activity that the actor organises (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: exercise_submissions.list_exercise_submissions(
                db, actor, activity_id=activity_id, page=page, exercise_id=exercise_id, state=state
            ),
        )

    @strawberry.field(
        description="待本人批阅的作业 / what was handed in to activities that one carries",
        graphql_type=Connection[HandedInNode],
    )
    async def exercise_submissions_to_review(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        exercise_id: UUID | None = None,
        state: ExerciseState | None = None,
    ) -> Any:
        """What was handed in to activities that the actor carries (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: exercise_submissions.list_exercise_submissions_to_review(
                db, actor, page=page, activity_id=activity_id, exercise_id=exercise_id, state=state
            ),
        )

    @strawberry.field(
        description="本人提交的作业 / what one has handed in",
        graphql_type=Connection[ExerciseSubmissionNode],
    )
    async def own_exercise_submissions(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """What one has handed in oneself (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: exercise_submissions.list_own_exercise_submissions(db, actor, page=page),
        )

    @strawberry.field(
        description="本人的一次作业提交 / what one handed in", graphql_type=ExerciseSubmissionNode
    )
    async def exercise_submission(self, info: Info[Context], id: UUID) -> Any:
        """What one handed in oneself."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: exercise_submissions.get_exercise_submission(db, actor, submission_id=id)
        )


@strawberry.type
class ExerciseSubmissionMutations:
    """What may be done with what is handed in."""

    @strawberry.mutation(description="提交作业 / hand in", graphql_type=ExerciseSubmissionNode)
    async def submit_exercise(
        self, info: Info[Context], exercise_id: UUID, new: NewExerciseSubmissionInput
    ) -> Any:
        """Hand in what an exercise asks for."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await exercise_submissions.submit_exercise(
                db, actor, exercise_id=exercise_id, new=new, now=now()
            )

    @strawberry.mutation(description="批阅作业 / review", graphql_type=HandedInNode)
    async def review_exercise(
        self, info: Info[Context], submission_id: UUID, review: ExerciseReviewInput
    ) -> Any:
        """Accept what was handed in, or return it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await exercise_submissions.review_exercise(
                db, actor, submission_id=submission_id, review=review, now=now()
            )

    @strawberry.mutation(
        description="提交附件链接 / a link to a file that was handed in", graphql_type=FileLinkNode
    )
    async def create_exercise_submission_link(
        self, info: Info[Context], submission_id: UUID, file_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to a file that was handed in, for who reviews it."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await exercise_submissions.create_exercise_submission_link(
                db,
                actor,
                submission_id=submission_id,
                file_id=file_id,
                new=new,
                links=links,
                now=now(),
            )
