"""Responsibilities in schools over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.organisation import responsibilities
from app.domain.organisation.responsibilities import (
    NewResponsibility,
    ResponsibilityEnd,
    ResponsibilityView,
    SchoolDuty,
)
from app.domain.organisation.units import UnitView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["organisation"], route_class=Route)


@router.get(
    "/responsibilities",
    operation_id="list_responsibilities",
    response_model=PageOf[ResponsibilityView],
)
async def list_responsibilities(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    duty: Annotated[SchoolDuty | None, Query(description="职责 / duty")] = None,
    as_of: Annotated[date | None, Query(description="该日有效 / that held on this day")] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """Who answers for what in the schools that the actor may see (`duty`, `valid_from`)."""
    found = await responsibilities.list_responsibilities(
        db, actor, page=page, unit_id=unit_id, duty=duty, as_of=as_of, known_on=known_on
    )
    return answer_page(request, found, fields)


@router.get(
    "/schools-without-responsible",
    operation_id="list_schools_without_responsible",
    response_model=PageOf[UnitView],
)
async def list_schools_without_responsible(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    duty: Annotated[
        SchoolDuty, Query(description="职责，默认教师培训专管 / duty; training by default")
    ] = SchoolDuty.TRAINING_LEAD,
) -> Response:
    """The open schools in which nobody answers for a duty, by name (`name`, `created`)."""
    found = await responsibilities.list_schools_without_responsible(db, actor, page=page, duty=duty)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/responsibilities",
    operation_id="name_responsible",
    response_model=ResponsibilityView,
    status_code=201,
)
async def name_responsible(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewResponsibility
) -> Response:
    """Name who answers for a duty in a school from a day on; who did before no longer does."""
    row = await responsibilities.name_responsible(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/responsibilities/{responsibility_id}/end",
    operation_id="end_responsibility",
    response_model=ResponsibilityView,
)
async def end_responsibility(
    db: Transaction, actor: CurrentActor, responsibility_id: UUID, end: ResponsibilityEnd
) -> Response:
    """End a responsibility on a day."""
    row = await responsibilities.end_responsibility(
        db, actor, responsibility_id=responsibility_id, end=end, now=now()
    )
    return answer(row)
