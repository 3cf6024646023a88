"""What mentoring comes to over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import mentoring_counts
from app.domain.learning.mentoring_counts import (
    ConcludedMentorshipView,
    MentoringCountView,
    MentoringObligationView,
)
from app.domain.people.careers import Rank
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@strawberry.pydantic.type(name="MentoringCount", description="学校带教统计 / mentoring by school")
class MentoringCountNode(MentoringCountView):
    """Mentoring by school."""


@strawberry.pydantic.type(name="MentoringObligation", description="带教义务 / what a rank asks")
class MentoringObligationNode(MentoringObligationView):
    """What a rank asks."""


@strawberry.pydantic.type(
    name="ConcludedMentorship", description="已结业带教 / what a concluded term was for somebody"
)
class ConcludedMentorshipNode(ConcludedMentorshipView):
    """What a concluded term was for somebody."""


@strawberry.type
class MentoringCountQueries:
    """What may be asked: what mentoring comes to."""

    @strawberry.field(
        description="带教统计 / mentoring by school", graphql_type=list[MentoringCountNode]
    )
    async def mentoring_counts(
        self, info: Info[Context], unit_id: UUID, since: date, until: date
    ) -> Any:
        """How many teachers of each school mentored on days of a period, the most first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentoring_counts.list_mentoring_counts(
                db, actor, unit_id=unit_id, since=since, until=until
            )
        )

    @strawberry.field(
        description="带教义务履行 / what ranks ask, and what there is",
        graphql_type=Connection[MentoringObligationNode],
    )
    async def mentoring_obligations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        rank: Rank | None = None,
        lacking: bool | None = None,
    ) -> Any:
        """What the city asks of oneself and of the teachers in one's place, and what there is of it."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: mentoring_counts.list_mentoring_obligations(
                db, actor, page=page, school_id=school_id, rank=rank, lacking=lacking
            ),
        )

    @strawberry.field(
        description="已结业的带教 / concluded mentorships of a teacher",
        graphql_type=list[ConcludedMentorshipNode],
    )
    async def concluded_mentorships(self, info: Info[Context], teacher_id: UUID) -> Any:
        """What concluded mentorships were for one teacher, as apprentice and as mentor."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentoring_counts.list_concluded_mentorships(db, actor, teacher_id=teacher_id)
        )
