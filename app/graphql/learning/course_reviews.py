"""Reviews of courses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import course_reviews
from app.domain.learning.course_reviews import CourseOpinion, CourseRetirement, CourseReviewView
from app.domain.learning.courses import CourseRevision
from app.graphql.context import Context
from app.graphql.learning.courses import CourseNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    course_reviews.COURSE_REVIEWS,
    name="CourseReview",
    description="申报或审核环节 / a step of a course",
)
class CourseReviewNode(Node, CourseReviewView):
    """A step of a course."""


@strawberry.pydantic.input(name="CourseRevision")
class CourseRevisionInput(CourseRevision):
    """What an agreed course is to say."""


@strawberry.pydantic.input(name="CourseOpinion")
class CourseOpinionInput(CourseOpinion):
    """What the superior says to a course."""


@strawberry.pydantic.input(name="CourseRetirement")
class CourseRetirementInput(CourseRetirement):
    """Why a course is given no more."""


@strawberry.type
class CourseReviewQueries:
    """What may be asked about reviews of courses."""

    @strawberry.field(
        description="申报与审核记录 / what was done with a course",
        graphql_type=Connection[CourseReviewNode],
    )
    async def course_reviews(
        self,
        info: Info[Context],
        course_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """What was done with a course: by whom, when, with which opinion (`taken`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: course_reviews.list_course_reviews(
                db, actor, course_id=course_id, page=page
            ),
        )


@strawberry.type
class CourseReviewMutations:
    """What may be done about reviews of courses."""

    @strawberry.mutation(description="申报 / declare a course", graphql_type=CourseNode)
    async def submit_course(self, info: Info[Context], course_id: UUID) -> Any:
        """Declare a course to the superior; what it says is kept as a version."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_reviews.submit_course(db, actor, course_id=course_id, now=now())

    @strawberry.mutation(description="提出修订 / revise an agreed course", graphql_type=CourseNode)
    async def revise_course(
        self, info: Info[Context], course_id: UUID, revision: CourseRevisionInput
    ) -> Any:
        """Submit what an agreed course is to say; until it is agreed to, it says what it said."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_reviews.revise_course(
                db, actor, course_id=course_id, revision=revision, now=now()
            )

    @strawberry.mutation(description="撤回 / withdraw a course", graphql_type=CourseNode)
    async def withdraw_course(self, info: Info[Context], course_id: UUID) -> Any:
        """Take a course, or a revision, back that has not been decided on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_reviews.withdraw_course(db, actor, course_id=course_id, now=now())

    @strawberry.mutation(description="退回 / return a course", graphql_type=CourseNode)
    async def return_course(
        self, info: Info[Context], course_id: UUID, opinion: CourseOpinionInput
    ) -> Any:
        """Give a course back to be written on, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_reviews.return_course(
                db, actor, course_id=course_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="审核通过 / approve a course", graphql_type=CourseNode)
    async def approve_course(
        self, info: Info[Context], course_id: UUID, opinion: CourseOpinionInput
    ) -> Any:
        """Agree to a course, or to its revision."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_reviews.approve_course(
                db, actor, course_id=course_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="发布 / publish a course", graphql_type=CourseNode)
    async def publish_course(self, info: Info[Context], course_id: UUID) -> Any:
        """Put an agreed course into the catalogue of those it is for."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_reviews.publish_course(db, actor, course_id=course_id, now=now())

    @strawberry.mutation(description="停用 / retire a course", graphql_type=CourseNode)
    async def retire_course(
        self, info: Info[Context], course_id: UUID, retirement: CourseRetirementInput
    ) -> Any:
        """Take an agreed course out of the catalogue, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await course_reviews.retire_course(
                db, actor, course_id=course_id, retirement=retirement, now=now()
            )
