"""Exercises over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import exercises
from app.domain.learning.exercises import ExerciseChanges, ExerciseView, NewExercise
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@node(exercises.EXERCISES, name="Exercise", description="作业 / an exercise")
class ExerciseNode(Node, ExerciseView):
    """An exercise with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动（班） / activity in which it is given",
    )


@strawberry.pydantic.input(name="NewExercise")
class NewExerciseInput(NewExercise):
    """An exercise to be given."""


@strawberry.pydantic.input(name="ExerciseChanges")
class ExerciseChangesInput(ExerciseChanges):
    """What of an exercise is to be changed."""


@strawberry.type
class ExerciseQueries:
    """What may be asked about exercises."""

    @strawberry.field(
        description="活动的作业 / exercises of an activity", graphql_type=Connection[ExerciseNode]
    )
    async def exercises(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        withdrawn: bool | None = None,
    ) -> Any:
        """The exercises of an activity in the actor's place (`due_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: exercises.list_exercises(
                db, actor, activity_id=activity_id, page=page, withdrawn=withdrawn
            ),
        )

    @strawberry.field(
        description="向本人布置的作业 / exercises of what is published to the one who asks",
        graphql_type=Connection[ExerciseNode],
    )
    async def offered_exercises(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
    ) -> Any:
        """The exercises of what is published to the actor (`due_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: exercises.list_offered_exercises(
                db, actor, page=page, activity_id=activity_id
            ),
        )

    @strawberry.field(description="一份作业 / one exercise", graphql_type=ExerciseNode)
    async def exercise(self, info: Info[Context], id: UUID) -> Any:
        """One exercise of an activity that the actor may see."""
        actor = info.context.actor
        return await info.context.read(lambda db: exercises.get_exercise(db, actor, exercise_id=id))


@strawberry.type
class ExerciseMutations:
    """What may be done about exercises."""

    @strawberry.mutation(description="布置作业 / give an exercise", graphql_type=ExerciseNode)
    async def give_exercise(
        self, info: Info[Context], activity_id: UUID, new: NewExerciseInput
    ) -> Any:
        """Give an exercise to those who take part."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await exercises.give_exercise(
                db, actor, activity_id=activity_id, new=new, now=now()
            )

    @strawberry.mutation(description="修改作业 / change an exercise", graphql_type=ExerciseNode)
    async def update_exercise(
        self, info: Info[Context], exercise_id: UUID, changes: ExerciseChangesInput
    ) -> Any:
        """Change what is to be done, or by when."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await exercises.update_exercise(
                db, actor, exercise_id=exercise_id, changes=changes, now=now()
            )

    @strawberry.mutation(description="撤销作业 / take an exercise back", graphql_type=ExerciseNode)
    async def withdraw_exercise(self, info: Info[Context], exercise_id: UUID) -> Any:
        """Take an exercise back."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await exercises.withdraw_exercise(db, actor, exercise_id=exercise_id, now=now())

    @strawberry.mutation(
        description="作业附件链接 / a link to a file of an exercise", graphql_type=FileLinkNode
    )
    async def create_exercise_link(
        self, info: Info[Context], exercise_id: UUID, file_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to a file of an exercise."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await exercises.create_exercise_link(
                db, actor, exercise_id=exercise_id, file_id=file_id, new=new, links=links, now=now()
            )
