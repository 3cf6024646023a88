"""Checks of notes, observation sheets and evidence over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.training import evidence_checks
from app.domain.training.evidence_checks import ChecksRecorded, CheckView, NewChecks
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.post("/evidence-checks", operation_id="check_evidence", response_model=ChecksRecorded)
async def check_evidence(db: Transaction, actor: CurrentActor, new: NewChecks) -> Response:
    """Record what the school says of up to two hundred notes, sheets and pieces of evidence."""
    return answer(await evidence_checks.check_evidence(db, actor, new=new, now=now()))


@router.get(
    "/notes/{note_id}/checks", operation_id="list_note_checks", response_model=list[CheckView]
)
async def list_note_checks(db: Reading, actor: CurrentActor, note_id: UUID) -> Response:
    """The checks of a note, the latest first."""
    return answer(await evidence_checks.list_note_checks(db, actor, note_id=note_id))


@router.get(
    "/observation-sheets/{sheet_id}/checks",
    operation_id="list_observation_sheet_checks",
    response_model=list[CheckView],
)
async def list_observation_sheet_checks(
    db: Reading, actor: CurrentActor, sheet_id: UUID
) -> Response:
    """The checks of an observation sheet, the latest first."""
    found = await evidence_checks.list_observation_sheet_checks(db, actor, sheet_id=sheet_id)
    return answer(found)


@router.get(
    "/evidence/{evidence_id}/checks",
    operation_id="list_evidence_checks",
    response_model=list[CheckView],
)
async def list_evidence_checks(db: Reading, actor: CurrentActor, evidence_id: UUID) -> Response:
    """The checks of a piece of evidence, the latest first."""
    found = await evidence_checks.list_evidence_checks(db, actor, evidence_id=evidence_id)
    return answer(found)
