"""Recognition of activities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import recognition
from app.domain.credits.recognition import LeftOutView, RecognitionView
from app.graphql.context import Context
from app.request import now

strawberry.pydantic.type(name="LeftOut", description=LeftOutView.__doc__)(LeftOutView)


@strawberry.pydantic.type(name="Recognition", description="学分认定结果 / what a recognition did")
class RecognitionNode(RecognitionView):
    """What recognising an activity did."""


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
