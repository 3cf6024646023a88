"""Visits to schools that apply for a title over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.organisation.guidance_visits import GuidanceVisitView
from app.domain.quality import demonstration_visits
from app.domain.quality.demonstration_visits import DemonstrationVisitChoice
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/demonstrations/{demonstration_id}/visits",
    operation_id="list_demonstration_visits",
    response_model=list[GuidanceVisitView],
)
async def list_demonstration_visits(
    db: Reading,
    actor: CurrentActor,
    demonstration_id: UUID,
) -> Response:
    """The visits that were made for an application."""
    return answer(
        await demonstration_visits.list_demonstration_visits(
            db, actor, demonstration_id=demonstration_id
        )
    )


@router.post(
    "/demonstrations/{demonstration_id}/visits",
    operation_id="add_demonstration_visit",
    response_model=GuidanceVisitView,
)
async def add_demonstration_visit(
    db: Transaction,
    actor: CurrentActor,
    demonstration_id: UUID,
    choice: DemonstrationVisitChoice,
) -> Response:
    """Name a recorded visit to the school for its application."""
    row = await demonstration_visits.add_demonstration_visit(
        db, actor, demonstration_id=demonstration_id, choice=choice, now=now()
    )
    return answer(row)
