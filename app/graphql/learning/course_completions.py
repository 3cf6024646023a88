"""Completion of courses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_completions
from app.domain.learning.course_completions import (
    CompletionCorrection,
    CompletionsSettled,
    CourseCompletionView,
    CourseProgress,
    JudgedParticipant,
    JudgementsKept,
    NewCourseJudgements,
    ReachedCondition,
    SettledCompletionView,
)
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# Conditions and lines of a list have no edges: they are the types themselves.
strawberry.pydantic.type(name="ReachedCondition", description=ReachedCondition.__doc__)(
    ReachedCondition
)
strawberry.pydantic.input(name="JudgedParticipant", description=JudgedParticipant.__doc__)(
    JudgedParticipant
)


@node(
    course_completions.COMPLETIONS, name="CourseCompletion", description="结业核定 / a completion"
)
class CourseCompletionNode(Node, CourseCompletionView):
    """What was settled of somebody in a class."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动（班） / the class, null where the actor may not see it",
    )


@strawberry.pydantic.type(
    name="SettledCompletion", description="结业核定（组织者） / as the organiser sees it"
)
class SettledCompletionNode(SettledCompletionView):
    """What was settled, as the organiser sees it."""


@strawberry.pydantic.type(name="CourseProgress", description="结业进度 / how far somebody has come")
class CourseProgressNode(CourseProgress):
    """How far somebody has come."""


@strawberry.pydantic.type(
    name="CompletionsSettled", description="核定结果 / what settling a class did"
)
class CompletionsSettledNode(CompletionsSettled):
    """What settling a class did."""


@strawberry.pydantic.type(name="JudgementsKept", description="评定结果 / judgements kept")
class JudgementsKeptNode(JudgementsKept):
    """How many judgements were kept."""


@strawberry.pydantic.input(name="NewCourseJudgements")
class NewCourseJudgementsInput(NewCourseJudgements):
    """How participants are judged."""


@strawberry.pydantic.input(name="CompletionCorrection")
class CompletionCorrectionInput(CompletionCorrection):
    """What was really so, and why it is corrected."""


@strawberry.type
class CourseCompletionQueries:
    """What may be asked about completion."""

    @strawberry.field(
        description="全班结业进度 / how far everybody in a class has come",
        graphql_type=list[CourseProgressNode],
    )
    async def class_progress(self, info: Info[Context], activity_id: UUID) -> Any:
        """How far everybody in a class that the actor organises has come."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: course_completions.list_class_progress(db, actor, activity_id=activity_id)
        )

    @strawberry.field(
        description="教师的结业进度 / how far one teacher has come", graphql_type=CourseProgressNode
    )
    async def course_progress(
        self, info: Info[Context], activity_id: UUID, teacher_id: UUID
    ) -> Any:
        """How far one teacher has come in a class."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: course_completions.get_course_progress(
                db, actor, activity_id=activity_id, teacher_id=teacher_id
            )
        )

    @strawberry.field(
        description="班的结业核定 / what was settled of a class",
        graphql_type=Connection[SettledCompletionNode],
    )
    async def course_completions(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        completed: bool | None = None,
    ) -> Any:
        """What was settled of a class that the actor organises (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_completions.list_course_completions(
                db, actor, activity_id=activity_id, page=page, completed=completed
            ),
        )

    @strawberry.field(
        description="教师的结业核定 / what was settled of one teacher",
        graphql_type=Connection[CourseCompletionNode],
    )
    async def teacher_course_completions(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """What was settled of one teacher, corrected ones included."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_completions.list_teacher_course_completions(
                db, actor, teacher_id=teacher_id, page=page
            ),
        )

    @strawberry.field(
        description="一次结业核定 / one completion", graphql_type=CourseCompletionNode
    )
    async def course_completion(self, info: Info[Context], id: UUID) -> Any:
        """One completion: one's own, or of a teacher in the actor's place."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: course_completions.get_course_completion(db, actor, completion_id=id)
        )


@strawberry.type
class CourseCompletionMutations:
    """What may be done about completion."""

    @strawberry.mutation(
        description="评定参训者 / judge participants", graphql_type=JudgementsKeptNode
    )
    async def judge_course_participants(
        self, info: Info[Context], activity_id: UUID, new: NewCourseJudgementsInput
    ) -> Any:
        """Judge participants of a class whose course asks for it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_completions.judge_course_participants(
                db, actor, activity_id=activity_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="核定结业 / settle who completed a class", graphql_type=CompletionsSettledNode
    )
    async def settle_course_completions(self, info: Info[Context], activity_id: UUID) -> Any:
        """Settle who completed a closed class."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_completions.settle_course_completions(
                db, actor, activity_id=activity_id, now=now()
            )

    @strawberry.mutation(
        description="更正结业核定 / correct a completion", graphql_type=SettledCompletionNode
    )
    async def correct_course_completion(
        self, info: Info[Context], completion_id: UUID, correction: CompletionCorrectionInput
    ) -> Any:
        """Say otherwise of somebody, and why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_completions.correct_course_completion(
                db, actor, completion_id=completion_id, correction=correction, now=now()
            )
