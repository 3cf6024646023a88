"""What mentoring comes to over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import mentoring_counts
from app.domain.learning.mentoring_counts import (
    ConcludedMentorshipView,
    MentoringCountView,
    MentoringObligationView,
)
from app.domain.people.careers import Rank
from app.request import CurrentActor, PageParameters, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/units/{unit_id}/mentoring-counts",
    operation_id="list_mentoring_counts",
    response_model=list[MentoringCountView],
)
async def list_mentoring_counts(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    since: Annotated[date, Query(description="起始日 / from")],
    until: Annotated[date, Query(description="截止日（含） / to, included")],
) -> Response:
    """How many teachers of each school mentored on days of a period, the most first."""
    return answer(
        await mentoring_counts.list_mentoring_counts(
            db, actor, unit_id=unit_id, since=since, until=until
        )
    )


@router.get(
    "/mentoring-obligations",
    operation_id="list_mentoring_obligations",
    response_model=PageOf[MentoringObligationView],
)
async def list_mentoring_obligations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    rank: Annotated[Rank | None, Query(description="职称 / rank")] = None,
    lacking: Annotated[
        bool | None, Query(description="是否未完成 / whether some are missing")
    ] = None,
) -> Response:
    """What the city asks of oneself and of the teachers in one's place, and what there is of it."""
    found = await mentoring_counts.list_mentoring_obligations(
        db, actor, page=page, school_id=school_id, rank=rank, lacking=lacking
    )
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/concluded-mentorships",
    operation_id="list_concluded_mentorships",
    response_model=list[ConcludedMentorshipView],
)
async def list_concluded_mentorships(
    db: Reading, actor: CurrentActor, teacher_id: UUID
) -> Response:
    """What concluded mentorships were for one teacher, as apprentice and as mentor."""
    return answer(
        await mentoring_counts.list_concluded_mentorships(db, actor, teacher_id=teacher_id)
    )
