"""Courses that trainers give, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import courses, trainer_courses
from app.domain.learning.trainer_courses import NewTrainerCourse, TrainerCourseView
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.learning.courses import CourseNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    trainer_courses.TRAINER_COURSES,
    name="TrainerCourse",
    description="授课课程 / a course that a trainer gives",
)
class TrainerCourseNode(Node, TrainerCourseView):
    """A course that a trainer gives."""

    course = edge(
        courses.courses_by_id,
        CourseNode,
        many=False,
        keys="course_ids",
        key="course_id",
        description="课程 / course, null where the actor may not see it",
    )


@strawberry.pydantic.input(name="NewTrainerCourse")
class NewTrainerCourseInput(NewTrainerCourse):
    """A course that a trainer is to give."""


@strawberry.type
class TrainerCourseQueries:
    """What may be asked about the courses that trainers give."""

    @strawberry.field(
        description="导师授课课程 / courses that trainers give",
        graphql_type=Connection[TrainerCourseNode],
    )
    async def trainer_courses(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        trainer_id: UUID | None = None,
        course_id: UUID | None = None,
    ) -> Any:
        """Which courses oneself and the trainers in one's place give."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainer_courses.list_trainer_courses(
                db, actor, page=page, trainer_id=trainer_id, course_id=course_id
            ),
        )


@strawberry.type
class TrainerCourseMutations:
    """How courses are given to trainers and taken back."""

    @strawberry.mutation(description="登记授课课程 / add a course", graphql_type=TrainerCourseNode)
    async def add_trainer_course(
        self, info: Info[Context], trainer_id: UUID, new: NewTrainerCourseInput
    ) -> Any:
        """Say that a trainer gives a published course."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainer_courses.add_trainer_course(
                db, actor, trainer_id=trainer_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="取消授课课程 / take a course back", graphql_type=TrainerCourseNode
    )
    async def remove_trainer_course(self, info: Info[Context], given_id: UUID) -> Any:
        """Take a course from those that a trainer gives."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainer_courses.remove_trainer_course(db, actor, given_id=given_id)
