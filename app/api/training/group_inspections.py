"""Inspections of groups over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import group_inspections
from app.domain.training.group_inspections import (
    InspectionAnswer,
    InspectionConclusion,
    InspectionCountView,
    InspectionView,
    NewInspection,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/group-inspections",
    operation_id="list_group_inspections",
    response_model=PageOf[InspectionView],
)
async def list_group_inspections(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    group_id: Annotated[UUID | None, Query(description="教研组 / group")] = None,
    unit_id: Annotated[UUID | None, Query(description="教研组所属单位 / unit of the group")] = None,
    by_unit_id: Annotated[UUID | None, Query(description="检查单位 / on whose behalf")] = None,
    answered: Annotated[bool | None, Query(description="是否已答复 / whether answered")] = None,
    closed: Annotated[bool | None, Query(description="是否办结 / whether closed")] = None,
) -> Response:
    """The inspections that the actor may see, by day unless sorted otherwise (`inspected_on`, `created`)."""
    found = await group_inspections.list_group_inspections(
        db, actor, page=page, group_id=group_id, unit_id=unit_id, by_unit_id=by_unit_id,
        answered=answered, closed=closed,
    )  # fmt: skip
    return answer_page(request, found, fields)


@router.post(
    "/groups/{group_id}/inspections",
    operation_id="inspect_group",
    response_model=InspectionView,
    status_code=201,
)
async def inspect_group(
    db: Transaction, actor: CurrentActor, group_id: UUID, new: NewInspection
) -> Response:
    """Record how a group was found on a day, for its school or for a bureau above."""
    row = await group_inspections.inspect_group(db, actor, group_id=group_id, new=new, now=now())
    return answer_created(row, f"/api/v1/group-inspections/{row['id']}")


@router.get(
    "/group-inspections/{inspection_id}",
    operation_id="get_group_inspection",
    response_model=InspectionView,
)
async def get_group_inspection(
    request: Request, db: Reading, actor: CurrentActor, inspection_id: UUID
) -> Response:
    """One inspection, seen by all who see the group."""
    row = await group_inspections.get_group_inspection(db, actor, inspection_id=inspection_id)
    return answer_one(request, row)


@router.post(
    "/group-inspections/{inspection_id}/answer",
    operation_id="answer_group_inspection",
    response_model=InspectionView,
)
async def answer_group_inspection(
    db: Transaction, actor: CurrentActor, inspection_id: UUID, reply: InspectionAnswer
) -> Response:
    """Answer as a leader of the group; a later answer takes an earlier one's place."""
    row = await group_inspections.answer_group_inspection(
        db, actor, inspection_id=inspection_id, reply=reply, now=now()
    )
    return answer(row)


@router.post(
    "/group-inspections/{inspection_id}/close",
    operation_id="close_group_inspection",
    response_model=InspectionView,
)
async def close_group_inspection(
    db: Transaction, actor: CurrentActor, inspection_id: UUID, conclusion: InspectionConclusion
) -> Response:
    """Close an inspection, answered or not."""
    row = await group_inspections.close_group_inspection(
        db, actor, inspection_id=inspection_id, conclusion=conclusion, now=now()
    )
    return answer(row)


@router.get(
    "/units/{unit_id}/group-inspection-counts",
    operation_id="list_group_inspection_counts",
    response_model=list[InspectionCountView],
)
async def list_group_inspection_counts(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    since: Annotated[
        date | None, Query(description="起始日，默认本学年 / first day; of the school year")
    ] = None,
    until: Annotated[date | None, Query(description="终止日（含），默认今天 / last day")] = None,
) -> Response:
    """How often each open group of a unit was inspected in a term, and how it was found."""
    rows = await group_inspections.list_group_inspection_counts(
        db, actor, unit_id=unit_id, now=now(), since=since, until=until
    )
    return answer(rows)
