"""Suggestions of mentors over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import mentor_suggestions
from app.domain.learning.mentor_suggestions import MentorSuggestionView
from app.domain.people.teachers import Subject
from app.graphql.context import Context


@strawberry.pydantic.type(
    name="MentorSuggestion", description="导师推荐 / somebody who could mentor, and why"
)
class MentorSuggestionNode(MentorSuggestionView):
    """Somebody who could mentor, and why."""


@strawberry.type
class MentorSuggestionQueries:
    """What may be asked: suggestions of mentors."""

    @strawberry.field(
        description="推荐导师 / who could mentor", graphql_type=list[MentorSuggestionNode]
    )
    async def mentor_suggestions(
        self, info: Info[Context], teacher_id: UUID, target_subject: Subject | None = None
    ) -> Any:
        """Who could mentor a teacher, whom fits best first, with the points by what they are given for."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentor_suggestions.list_mentor_suggestions(
                db, actor, teacher_id=teacher_id, target_subject=target_subject
            )
        )
