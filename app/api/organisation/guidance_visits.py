"""Guidance over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.organisation import guidance_visits
from app.domain.organisation.guidance_visits import (
    GuidanceAnswer,
    GuidanceConclusion,
    GuidanceKind,
    GuidanceVisitView,
    NewGuidanceVisit,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["organisation"], route_class=Route)


@router.get(
    "/guidance-visits",
    operation_id="list_guidance_visits",
    response_model=PageOf[GuidanceVisitView],
)
async def list_guidance_visits(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="被指导单位 / unit visited")] = None,
    by_unit_id: Annotated[UUID | None, Query(description="指导方 / bureau behind it")] = None,
    assignment_id: Annotated[UUID | None, Query(description="所依安排 / assignment")] = None,
    kind: Annotated[GuidanceKind | None, Query(description="方式 / kind")] = None,
    closed: Annotated[bool | None, Query(description="是否办结 / whether it is closed")] = None,
    due_before: Annotated[
        date | None, Query(description="整改期限早于该日 / asked for before this day")
    ] = None,
) -> Response:
    """The visits that the actor may see, by day unless sorted otherwise (`visited_on`, `created`)."""
    found = await guidance_visits.list_guidance_visits(
        db, actor, page=page, unit_id=unit_id, by_unit_id=by_unit_id,
        assignment_id=assignment_id, kind=kind, closed=closed, due_before=due_before,
    )  # fmt: skip
    await include.into("GuidanceVisit", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/guidance-visits",
    operation_id="record_guidance_visit",
    response_model=GuidanceVisitView,
    status_code=201,
)
async def record_guidance_visit(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewGuidanceVisit
) -> Response:
    """Record what was done in a unit, what was found there and what is asked for."""
    row = await guidance_visits.record_guidance_visit(
        db, actor, unit_id=unit_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/guidance-visits/{row['id']}")


@router.get(
    "/guidance-visits/{visit_id}",
    operation_id="get_guidance_visit",
    response_model=GuidanceVisitView,
)
async def get_guidance_visit(
    request: Request, db: Reading, actor: CurrentActor, visit_id: UUID, include: Include
) -> Response:
    """One visit, seen by the visited unit, by those above it and by the holder of the assignment."""
    row = await guidance_visits.get_guidance_visit(db, actor, visit_id=visit_id)
    await include.into("GuidanceVisit", [row])
    return answer_one(request, row)


@router.post(
    "/guidance-visits/{visit_id}/answer",
    operation_id="answer_guidance_visit",
    response_model=GuidanceVisitView,
)
async def answer_guidance_visit(
    db: Transaction, actor: CurrentActor, visit_id: UUID, reply: GuidanceAnswer
) -> Response:
    """Answer for the visited unit; until it is closed, a later answer takes an earlier one's place."""
    row = await guidance_visits.answer_guidance_visit(
        db, actor, visit_id=visit_id, reply=reply, now=now()
    )
    return answer(row)


@router.post(
    "/guidance-visits/{visit_id}/close",
    operation_id="close_guidance_visit",
    response_model=GuidanceVisitView,
)
async def close_guidance_visit(
    db: Transaction, actor: CurrentActor, visit_id: UUID, conclusion: GuidanceConclusion
) -> Response:
    """Close a visit; whoever could have recorded it closes it."""
    row = await guidance_visits.close_guidance_visit(
        db, actor, visit_id=visit_id, conclusion=conclusion, now=now()
    )
    return answer(row)
