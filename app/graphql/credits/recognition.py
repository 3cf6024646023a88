"""Recognition of activities, and of what was concluded, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import recognition
from app.domain.credits.recognition import (
    LeftOutView,
    MentorshipRecognitionView,
    RecognitionView,
    SelfStudyRecognitionView,
    TopicRecognitionView,
)
from app.graphql.context import Context
from app.request import now

strawberry.pydantic.type(name="LeftOut", description=LeftOutView.__doc__)(LeftOutView)


@strawberry.pydantic.type(name="Recognition", description="学分认定结果 / what a recognition did")
class RecognitionNode(RecognitionView):
    """What recognising an activity did."""


@strawberry.pydantic.type(
    name="MentorshipRecognition",
    description="师徒结对学分认定结果 / what recognising a concluded term of mentoring did",
)
class MentorshipRecognitionNode(MentorshipRecognitionView):
    """What recognising a concluded term of mentoring did."""


@strawberry.pydantic.type(
    name="TopicRecognition", description="课题学分认定结果 / what recognising a concluded topic did"
)
class TopicRecognitionNode(TopicRecognitionView):
    """What recognising a concluded topic did."""


@strawberry.pydantic.type(
    name="SelfStudyRecognition",
    description="自主学习课程学分认定结果 / what recognising a concluded self-study did",
)
class SelfStudyRecognitionNode(SelfStudyRecognitionView):
    """What recognising a concluded self-study did."""


@strawberry.type
class RecognitionMutations:
    """What may be done about recognition."""

    @strawberry.mutation(
        description="认定活动学分 / recognise an activity", graphql_type=RecognitionNode
    )
    async def recognise_activity(self, info: Info[Context], activity_id: UUID) -> Any:
        """Enter what a closed activity earned."""
        async with info.context.transaction() as db:
            return await recognition.recognise_activity(
                db, info.context.actor, activity_id=activity_id, now=now()
            )

    @strawberry.mutation(
        description="认定师徒结对学分 / recognise a concluded term of mentoring",
        graphql_type=MentorshipRecognitionNode,
    )
    async def recognise_mentorship(self, info: Info[Context], mentorship_id: UUID) -> Any:
        """Enter what a concluded term of mentoring earned."""
        async with info.context.transaction() as db:
            return await recognition.recognise_mentorship(
                db, info.context.actor, mentorship_id=mentorship_id, now=now()
            )

    @strawberry.mutation(
        description="认定课题学分 / recognise a concluded topic", graphql_type=TopicRecognitionNode
    )
    async def recognise_topic(self, info: Info[Context], topic_id: UUID) -> Any:
        """Enter what a concluded topic earned."""
        async with info.context.transaction() as db:
            return await recognition.recognise_topic(
                db, info.context.actor, topic_id=topic_id, now=now()
            )

    @strawberry.mutation(
        description="认定自主学习课程学分 / recognise a concluded self-study",
        graphql_type=SelfStudyRecognitionNode,
    )
    async def recognise_self_study(self, info: Info[Context], study_id: UUID) -> Any:
        """Enter what a concluded self-study earned."""
        async with info.context.transaction() as db:
            return await recognition.recognise_self_study(
                db, info.context.actor, study_id=study_id, now=now()
            )
