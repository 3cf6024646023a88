"""Follow-ups of assessments over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import teachers
from app.domain.quality import follow_ups
from app.domain.quality.follow_ups import (
    FollowUpReply,
    FollowUpReview,
    FollowUpView,
    NewFollowUp,
    NewRecommendation,
    RecommendationView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# What stands within has no edges: these are the types themselves.
strawberry.pydantic.type(name="Recommendation", description=RecommendationView.__doc__)(
    RecommendationView
)
strawberry.pydantic.input(name="NewRecommendation", description=NewRecommendation.__doc__)(
    NewRecommendation
)


@node(
    follow_ups.FOLLOW_UPS,
    name="FollowUp",
    description="考核跟进指导 / a follow-up of an assessment",
)
class FollowUpNode(Node, FollowUpView):
    """What a teacher was told after an assessment."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )


@strawberry.pydantic.input(name="NewFollowUp")
class NewFollowUpInput(NewFollowUp):
    """What is to be told."""


@strawberry.pydantic.input(name="FollowUpReply")
class FollowUpReplyInput(FollowUpReply):
    """What the teacher answers."""


@strawberry.pydantic.input(name="FollowUpReview")
class FollowUpReviewInput(FollowUpReview):
    """What was found later."""


@strawberry.type
class FollowUpQueries:
    """What may be asked: follow-ups of assessments."""

    @strawberry.field(
        description="考核跟进指导 / follow-ups", graphql_type=Connection[FollowUpNode]
    )
    async def follow_ups(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        school_id: UUID | None = None,
        assessment_id: UUID | None = None,
        reviewed: bool | None = None,
    ) -> Any:
        """The follow-ups in the actor's place, and one's own (`follow_up_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: follow_ups.list_follow_ups(
                db,
                actor,
                page=page,
                teacher_id=teacher_id,
                school_id=school_id,
                assessment_id=assessment_id,
                reviewed=reviewed,
            ),
        )

    @strawberry.field(description="考核跟进指导 / a follow-up", graphql_type=FollowUpNode)
    async def follow_up(self, info: Info[Context], follow_up_id: UUID) -> Any:
        """One follow-up, for the teacher and for those in charge."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: follow_ups.get_follow_up(db, actor, follow_up_id=follow_up_id)
        )


@strawberry.type
class FollowUpMutations:
    """What may be done: follow-ups of assessments."""

    @strawberry.mutation(description="反馈指导意见 / tell a teacher", graphql_type=FollowUpNode)
    async def give_follow_up(
        self, info: Info[Context], assessment_id: UUID, new: NewFollowUpInput
    ) -> Any:
        """Tell a teacher after an assessment what is good, what to work on, and by what."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await follow_ups.give_follow_up(
                db, actor, assessment_id=assessment_id, new=new, now=now()
            )

    @strawberry.mutation(description="回应指导意见 / answer", graphql_type=FollowUpNode)
    async def reply_to_follow_up(
        self, info: Info[Context], follow_up_id: UUID, said: FollowUpReplyInput
    ) -> Any:
        """Answer in person what one was told."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await follow_ups.reply_to_follow_up(
                db, actor, follow_up_id=follow_up_id, said=said, now=now()
            )

    @strawberry.mutation(description="跟进评价 / look at it again", graphql_type=FollowUpNode)
    async def review_follow_up(
        self, info: Info[Context], follow_up_id: UUID, said: FollowUpReviewInput
    ) -> Any:
        """Say what came of it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await follow_ups.review_follow_up(
                db, actor, follow_up_id=follow_up_id, said=said, now=now()
            )
