"""Reversals and corrections over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer_created
from app.domain.credits import reversals
from app.domain.credits.entries import CreditEntryView
from app.domain.credits.reversals import NewEntryCorrection, NewReversal
from app.request import CurrentActor, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.post(
    "/credit-entries/{entry_id}/reversal",
    operation_id="reverse_entry",
    response_model=CreditEntryView,
    status_code=201,
)
async def reverse_entry(
    db: Transaction, actor: CurrentActor, entry_id: UUID, new: NewReversal
) -> Response:
    """Strike an entry by another one; the person's cycle is counted again."""
    row = await reversals.reverse_entry(db, actor, entry_id=entry_id, new=new, now=now())
    return answer_created(row, f"/api/v1/credit-entries/{row['id']}")


@router.post(
    "/credit-entries/{entry_id}/correction",
    operation_id="correct_entry",
    response_model=CreditEntryView,
    status_code=201,
)
async def correct_entry(
    db: Transaction, actor: CurrentActor, entry_id: UUID, new: NewEntryCorrection
) -> Response:
    """Strike an entry and enter what is right, as the next attempt of its source; the new entry."""
    row = await reversals.correct_entry(db, actor, entry_id=entry_id, new=new, now=now())
    return answer_created(row, f"/api/v1/credit-entries/{row['id']}")
