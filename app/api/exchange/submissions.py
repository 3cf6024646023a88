"""Submissions to the province over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.exchange import submissions
from app.domain.exchange.submissions import (
    NewReceipts,
    NewSubmission,
    RecordKind,
    RecordState,
    RecordView,
    SubmissionKind,
    SubmissionState,
    SubmissionView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/province/submissions", tags=["exchange"], route_class=Route)


@router.get("", operation_id="list_submissions", response_model=PageOf[SubmissionView])
async def list_submissions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[SubmissionKind | None, Query(description="报送内容 / of what")] = None,
    state: Annotated[SubmissionState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The submissions of the actor's cities, in the order of their making (`created`)."""
    found = await submissions.list_submissions(db, actor, page=page, kind=kind, state=state)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_submission", response_model=SubmissionView, status_code=201)
async def create_submission(db: Transaction, actor: CurrentActor, new: NewSubmission) -> Response:
    """Close a submission over what no other holds yet; it is handed over beside the requests."""
    row = await submissions.create_submission(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/province/submissions/{row['id']}")


@router.get("/{submission_id}", operation_id="get_submission", response_model=SubmissionView)
async def get_submission(
    request: Request, db: Reading, actor: CurrentActor, submission_id: UUID
) -> Response:
    """One submission, and how many of its records have which receipt."""
    row = await submissions.get_submission(db, actor, submission_id=submission_id)
    return answer_one(request, row)


@router.get(
    "/{submission_id}/records",
    operation_id="list_submission_records",
    response_model=PageOf[RecordView],
)
async def list_submission_records(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    submission_id: UUID,
    page: PageParameters,
    fields: Fields,
    state: Annotated[RecordState | None, Query(description="回执 / receipt")] = None,
    kind: Annotated[RecordKind | None, Query(description="记录类型 / kind")] = None,
) -> Response:
    """The records of a submission with their receipts, in their order (`ordinal`)."""
    found = await submissions.list_submission_records(
        db, actor, submission_id=submission_id, page=page, state=state, kind=kind
    )
    return answer_page(request, found, fields)


@router.post(
    "/{submission_id}/resend",
    operation_id="resend_submission",
    response_model=SubmissionView,
    status_code=201,
)
async def resend_submission(db: Transaction, actor: CurrentActor, submission_id: UUID) -> Response:
    """Send again, as a submission of its own, what was rejected and has been put right."""
    row = await submissions.resend_submission(db, actor, submission_id=submission_id, now=now())
    return answer_created(row, f"/api/v1/province/submissions/{row['id']}")


@router.post(
    "/{submission_id}/hasten", operation_id="hasten_submission", response_model=SubmissionView
)
async def hasten_submission(db: Transaction, actor: CurrentActor, submission_id: UUID) -> Response:
    """Take a submission up at once, whatever pause it is in."""
    row = await submissions.hasten_submission(db, actor, submission_id=submission_id, now=now())
    return answer(row)


@router.post(
    "/{submission_id}/acknowledge",
    operation_id="acknowledge_submission",
    response_model=SubmissionView,
)
async def acknowledge_submission(
    db: Transaction, actor: CurrentActor, submission_id: UUID, receipts: NewReceipts
) -> Response:
    """Receipts from the province itself; what was accepted or rejected before stays as it is."""
    row = await submissions.acknowledge_submission(
        db, actor, submission_id=submission_id, receipts=receipts, now=now()
    )
    return answer(row)
