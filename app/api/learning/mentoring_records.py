"""Mentoring records over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import mentoring_records
from app.domain.learning.mentoring_records import (
    MentoringKind,
    MentoringRecordView,
    NewMentoringRecord,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/mentoring-records",
    operation_id="list_mentoring_records",
    response_model=PageOf[MentoringRecordView],
)
async def list_mentoring_records(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    mentorship_id: Annotated[UUID | None, Query(description="师徒结对 / mentorship")] = None,
    kind: Annotated[MentoringKind | None, Query(description="带教形式 / kind")] = None,
    confirmed: Annotated[bool | None, Query(description="是否已确认 / confirmed")] = None,
) -> Response:
    """The records of the mentorships that one may see, by day (`held_on`, `created`)."""
    found = await mentoring_records.list_mentoring_records(
        db, actor, page=page, mentorship_id=mentorship_id, kind=kind, confirmed=confirmed
    )
    await include.into("MentoringRecord", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/mentoring-records/{record_id}",
    operation_id="get_mentoring_record",
    response_model=MentoringRecordView,
)
async def get_mentoring_record(
    request: Request, db: Reading, actor: CurrentActor, record_id: UUID, include: Include
) -> Response:
    """One record."""
    row = await mentoring_records.get_mentoring_record(db, actor, record_id=record_id)
    await include.into("MentoringRecord", [row])
    return answer_one(request, row)


@router.post(
    "/mentorships/{mentorship_id}/records",
    operation_id="write_mentoring_record",
    response_model=MentoringRecordView,
    status_code=201,
)
async def write_mentoring_record(
    db: Transaction, actor: CurrentActor, mentorship_id: UUID, new: NewMentoringRecord
) -> Response:
    """Record what was done, as a mentor or as the apprentice."""
    row = await mentoring_records.write_mentoring_record(
        db, actor, mentorship_id=mentorship_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/mentoring-records/{row['id']}")


@router.post(
    "/mentoring-records/{record_id}/confirm",
    operation_id="confirm_mentoring_record",
    response_model=MentoringRecordView,
)
async def confirm_mentoring_record(
    db: Transaction, actor: CurrentActor, record_id: UUID
) -> Response:
    """Confirm what the other side wrote."""
    return answer(
        await mentoring_records.confirm_mentoring_record(db, actor, record_id=record_id, now=now())
    )
