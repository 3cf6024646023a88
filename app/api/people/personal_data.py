"""What is sealed of a teacher over REST: shown for a reason, found by a whole number; who looked."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.people import personal_data
from app.domain.people.personal_data import LookView, NumberSought, RevealedView, RevealRequest
from app.domain.people.teachers import TeacherView
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)

router = APIRouter(tags=["people"], route_class=Route)


@router.post(
    "/teachers/{teacher_id}/reveal",
    operation_id="reveal_personal_data",
    response_model=RevealedView,
)
async def reveal_personal_data(
    request: Request, actor: CurrentActor, teacher_id: UUID, reveal: RevealRequest
) -> Response:
    """What is sealed of a teacher, in full, for a reason; so often a day, and the teacher is told.

    It is not repeated for an `Idempotency-Key`: the answer is kept nowhere.
    """
    async with begin_transaction(request, actor) as db:
        row = await personal_data.reveal_personal_data(
            db,
            actor,
            teacher_id=teacher_id,
            request=reveal,
            cipher=resources(request).cipher,
            now=now(),
        )
    return answer(row, headers={"Cache-Control": "no-store"})


@router.post(
    "/personal-data/find-teachers", operation_id="find_teachers", response_model=list[TeacherView]
)
async def find_teachers(
    request: Request, db: Transaction, actor: CurrentActor, sought: NumberSought
) -> Response:
    """Whose a whole ID number or telephone number is, within one's own place; mostly one, or nobody."""
    cipher = resources(request).cipher
    rows = await personal_data.find_teachers(db, actor, sought=sought, cipher=cipher, now=now())
    return answer(rows, headers={"Cache-Control": "no-store"})


@router.get("/me/record/looks", operation_id="list_looks", response_model=PageOf[LookView])
async def list_looks(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """Who saw what is sealed of oneself, when and why, the latest first (`at`)."""
    return answer_page(request, await personal_data.list_looks(db, actor, page=page), fields)
