"""Classes of runs over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_classes, course_runs
from app.domain.learning.course_classes import CourseClassView, NewCourseClass
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(course_classes.COURSE_CLASSES, name="CourseClass", description="班 / a class of a run")
class CourseClassNode(Node, CourseClassView):
    """A class with its run and its activity."""

    run = edge(
        course_runs.course_runs_by_id,
        lazy("app.graphql.learning.course_runs", "CourseRunNode"),
        many=False,
        keys="run_ids",
        key="run_id",
        description="开课 / run",
    )
    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / activity that it is",
    )


@strawberry.pydantic.input(name="NewCourseClass")
class NewCourseClassInput(NewCourseClass):
    """A class to be opened."""


@strawberry.type
class CourseClassQueries:
    """What may be asked about classes of runs."""

    @strawberry.field(description="班列表 / classes", graphql_type=Connection[CourseClassNode])
    async def course_classes(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        run_id: UUID | None = None,
        course_id: UUID | None = None,
        activity_id: UUID | None = None,
    ) -> Any:
        """The classes in the actor's place: of a run, a course, or of an activity (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_classes.list_course_classes(
                db, actor, page=page, run_id=run_id, course_id=course_id, activity_id=activity_id
            ),
        )

    @strawberry.field(
        description="已向本人发布的班 / classes published to the one who asks",
        graphql_type=Connection[CourseClassNode],
    )
    async def offered_course_classes(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        run_id: UUID | None = None,
        course_id: UUID | None = None,
        activity_id: UUID | None = None,
    ) -> Any:
        """The classes that are published to the actor (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_classes.list_offered_course_classes(
                db, actor, page=page, run_id=run_id, course_id=course_id, activity_id=activity_id
            ),
        )


@strawberry.type
class CourseClassMutations:
    """What may be done about classes of runs."""

    @strawberry.mutation(description="开班 / open a class", graphql_type=CourseClassNode)
    async def open_course_class(
        self, info: Info[Context], run_id: UUID, new: NewCourseClassInput
    ) -> Any:
        """Open a class of a run: an activity is drafted, to which its sessions are added."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_classes.open_course_class(db, actor, run_id=run_id, new=new)
