"""Designations of schools over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.organisation import designations
from app.domain.organisation.designations import (
    DesignationCountView,
    DesignationEnd,
    DesignationKind,
    DesignationLevel,
    DesignationView,
    NewDesignation,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["organisation"], route_class=Route)


@router.get(
    "/designations", operation_id="list_designations", response_model=PageOf[DesignationView]
)
async def list_designations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    county_id: Annotated[UUID | None, Query(description="主管教育局 / bureau in charge")] = None,
    kind: Annotated[DesignationKind | None, Query(description="类型 / kind")] = None,
    level: Annotated[DesignationLevel | None, Query(description="级别 / level")] = None,
    as_of: Annotated[date | None, Query(description="该日有效 / that held on this day")] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """The titles of the schools that the actor may see, by first day (`valid_from`, `created`)."""
    found = await designations.list_designations(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        county_id=county_id,
        kind=kind,
        level=level,
        as_of=as_of,
        known_on=known_on,
    )
    return answer_page(request, found, fields)


@router.get(
    "/units/{unit_id}/designation-counts",
    operation_id="list_designation_counts",
    response_model=list[DesignationCountView],
)
async def list_designation_counts(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    as_of: Annotated[date | None, Query(description="日期，默认今天 / day, today")] = None,
) -> Response:
    """How many schools in and below a unit bear which title."""
    rows = await designations.list_designation_counts(
        db, actor, unit_id=unit_id, as_of=as_of, now=now()
    )
    return answer(rows)


@router.post(
    "/units/{unit_id}/designations",
    operation_id="award_designation",
    response_model=DesignationView,
    status_code=201,
)
async def award_designation(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewDesignation
) -> Response:
    """Record that a school was given a title, by whom and by which document."""
    row = await designations.award_designation(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/designations/{designation_id}/end",
    operation_id="end_designation",
    response_model=DesignationView,
)
async def end_designation(
    db: Transaction, actor: CurrentActor, designation_id: UUID, end: DesignationEnd
) -> Response:
    """End a designation on a day; that it was held until then can still be told."""
    row = await designations.end_designation(
        db, actor, designation_id=designation_id, end=end, now=now()
    )
    return answer(row)
