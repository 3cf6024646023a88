"""Evaluation of courses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_evaluations
from app.domain.learning.course_evaluations import (
    CourseEvaluation,
    EvaluatedQuestion,
    EvaluatedVersion,
)
from app.graphql.context import Context

# Versions and questions have no edges: they are the types themselves.
for each in (EvaluatedQuestion, EvaluatedVersion):
    strawberry.pydantic.type(name=each.__name__, description=each.__doc__)(each)


@strawberry.pydantic.type(
    name="CourseEvaluation", description="课程评价 / what was thought of a course"
)
class CourseEvaluationNode(CourseEvaluation):
    """What was thought of a course."""


@strawberry.type
class CourseEvaluationQueries:
    """What may be asked about evaluations of courses."""

    @strawberry.field(
        description="课程评价 / what was thought of a course", graphql_type=CourseEvaluationNode
    )
    async def course_evaluation(self, info: Info[Context], course_id: UUID) -> Any:
        """What those who took each version of a course thought of it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: course_evaluations.get_course_evaluation(db, actor, course_id=course_id)
        )
