"""Cohorts of programmes over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.people import cohorts
from app.domain.people.cohorts import CohortQuotaView, CohortView, NewCohort, NewCohortQuota
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction
from app.request.inclusions import Include

router = APIRouter(tags=["people"], route_class=Route)


@router.get("/cohorts", operation_id="list_cohorts", response_model=PageOf[CohortView])
async def list_cohorts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    programme_id: Annotated[UUID | None, Query(description="培养工程 / programme")] = None,
    year: Annotated[int | None, Query(ge=1990, le=2100, description="年度 / year")] = None,
    offered: Annotated[
        bool | None,
        Query(
            description="改为列出本单位及上级主办的 / those instead of one's own units and above"
        ),
    ] = None,
) -> Response:
    """The cohorts of one's place, by year (`year`, `created`)."""
    found = await cohorts.list_cohorts(
        db, actor, page=page, programme_id=programme_id, year=year, offered=offered
    )
    await include.into("Cohort", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/programmes/{programme_id}/cohorts",
    operation_id="open_cohort",
    response_model=CohortView,
    status_code=201,
)
async def open_cohort(
    db: Transaction, actor: CurrentActor, programme_id: UUID, new: NewCohort
) -> Response:
    """Open a cohort of a programme."""
    row = await cohorts.open_cohort(db, actor, programme_id=programme_id, new=new)
    return answer_created(row, f"/api/v1/cohorts/{row['id']}")


@router.get("/cohorts/{cohort_id}", operation_id="get_cohort", response_model=CohortView)
async def get_cohort(
    request: Request, db: Reading, actor: CurrentActor, cohort_id: UUID, include: Include
) -> Response:
    """One cohort, with its goals and how many it has."""
    row = await cohorts.get_cohort(db, actor, cohort_id=cohort_id)
    await include.into("Cohort", [row])
    return answer_one(request, row)


@router.get(
    "/cohorts/{cohort_id}/quotas",
    operation_id="list_cohort_quotas",
    response_model=list[CohortQuotaView],
)
async def list_cohort_quotas(db: Reading, actor: CurrentActor, cohort_id: UUID) -> Response:
    """How many teachers each school may nominate; any number where nothing is said."""
    return answer(await cohorts.list_cohort_quotas(db, actor, cohort_id=cohort_id))


@router.post(
    "/cohorts/{cohort_id}/quotas",
    operation_id="set_cohort_quota",
    response_model=CohortQuotaView,
)
async def set_cohort_quota(
    db: Transaction, actor: CurrentActor, cohort_id: UUID, new: NewCohortQuota
) -> Response:
    """Say how many teachers a school may nominate."""
    return answer(await cohorts.set_cohort_quota(db, actor, cohort_id=cohort_id, new=new))
