"""Tests over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_tests
from app.domain.learning.course_tests import (
    CourseTestChanges,
    CourseTestState,
    CourseTestView,
    NewCourseTest,
    NewTestSection,
    SectionFields,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# A part has no edges: it is the type itself.
strawberry.pydantic.type(name="TestSection", description=SectionFields.__doc__)(SectionFields)
strawberry.pydantic.input(name="NewTestSection", description=NewTestSection.__doc__)(NewTestSection)


@node(course_tests.COURSE_TESTS, name="CourseTest", description="测验 / a test")
class CourseTestNode(Node, CourseTestView):
    """A test."""


@strawberry.pydantic.input(name="NewCourseTest")
class NewCourseTestInput(NewCourseTest):
    """A test to be drafted."""


@strawberry.pydantic.input(name="CourseTestChanges")
class CourseTestChangesInput(CourseTestChanges):
    """What of a draft is to be changed."""


@strawberry.type
class CourseTestQueries:
    """What may be asked about tests."""

    @strawberry.field(description="测验列表 / tests", graphql_type=Connection[CourseTestNode])
    async def course_tests(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        course_id: UUID | None = None,
        state: CourseTestState | None = None,
    ) -> Any:
        """The tests in the actor's place, the first drafted first (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_tests.list_course_tests(
                db, actor, page=page, activity_id=activity_id, course_id=course_id, state=state
            ),
        )

    @strawberry.field(
        description="已向本人发布的测验 / tests published to the one who asks",
        graphql_type=Connection[CourseTestNode],
    )
    async def offered_course_tests(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        course_id: UUID | None = None,
    ) -> Any:
        """The tests that are published to the actor (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_tests.list_offered_course_tests(
                db, actor, page=page, activity_id=activity_id, course_id=course_id
            ),
        )

    @strawberry.field(description="一项测验 / one test", graphql_type=CourseTestNode)
    async def course_test(self, info: Info[Context], id: UUID) -> Any:
        """One test in the actor's place, or published to the actor."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: course_tests.get_course_test(db, actor, test_id=id)
        )


@strawberry.type
class CourseTestMutations:
    """What may be done about tests."""

    @strawberry.mutation(description="起草测验 / draft a test", graphql_type=CourseTestNode)
    async def draft_course_test(self, info: Info[Context], new: NewCourseTestInput) -> Any:
        """Draft a test of an activity, or of a version of a course."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_tests.draft_course_test(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改测验 / change a draft", graphql_type=CourseTestNode)
    async def update_course_test(
        self, info: Info[Context], test_id: UUID, changes: CourseTestChangesInput
    ) -> Any:
        """Change a draft."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_tests.update_course_test(
                db, actor, test_id=test_id, changes=changes
            )

    @strawberry.mutation(description="发布测验 / publish a test", graphql_type=CourseTestNode)
    async def publish_course_test(self, info: Info[Context], test_id: UUID) -> Any:
        """Publish a draft: it draws out of the versions that its questions have now."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_tests.publish_course_test(db, actor, test_id=test_id, now=now())

    @strawberry.mutation(description="撤回测验 / withdraw a test", graphql_type=CourseTestNode)
    async def withdraw_course_test(self, info: Info[Context], test_id: UUID) -> Any:
        """Make a draft again of a test that nobody has begun."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_tests.withdraw_course_test(db, actor, test_id=test_id)
