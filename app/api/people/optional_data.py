"""Optional data over REST: what a person allows, and the telephone number that is kept under it."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import answer
from app.domain.people import optional_data
from app.domain.people.optional_data import DataConsentView, NewDataConsent, NewPhone, PhoneView
from app.request import CurrentActor, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["people"], route_class=Route)


@router.get(
    "/me/data-consents", operation_id="list_data_consents", response_model=list[DataConsentView]
)
async def list_data_consents(db: Reading, actor: CurrentActor) -> Response:
    """What one has allowed beyond what the law asks for, and has taken back, the latest first."""
    return answer(await optional_data.list_data_consents(db, actor))


@router.post(
    "/me/data-consents",
    operation_id="give_data_consent",
    response_model=DataConsentView,
    status_code=201,
)
async def give_data_consent(db: Transaction, actor: CurrentActor, new: NewDataConsent) -> Response:
    """Allow one kind of optional data about oneself; a consent that stands already is the answer."""
    return answer(await optional_data.give_data_consent(db, actor, new=new, now=now()), 201)


@router.post(
    "/me/data-consents/{consent_id}/withdraw",
    operation_id="withdraw_data_consent",
    response_model=DataConsentView,
)
async def withdraw_data_consent(db: Transaction, actor: CurrentActor, consent_id: UUID) -> Response:
    """Take a consent back; what was kept under it is erased at once."""
    row = await optional_data.withdraw_data_consent(db, actor, consent_id=consent_id, now=now())
    return answer(row)


@router.get("/teachers/{teacher_id}/phone", operation_id="get_phone", response_model=PhoneView)
async def get_phone(db: Reading, actor: CurrentActor, teacher_id: UUID) -> Response:
    """The telephone number of a teacher, masked."""
    return answer(await optional_data.get_phone(db, actor, teacher_id=teacher_id))


@router.post("/teachers/{teacher_id}/phone", operation_id="set_phone", response_model=PhoneView)
async def set_phone(
    request: Request, db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewPhone
) -> Response:
    """Enter a teacher's telephone number, if the teacher has allowed it; it takes the former's place."""
    row = await optional_data.set_phone(
        db, actor, teacher_id=teacher_id, new=new, cipher=resources(request).cipher, now=now()
    )
    return answer(row)


@router.post(
    "/teachers/{teacher_id}/phone/remove", operation_id="remove_phone", response_model=PhoneView
)
async def remove_phone(db: Transaction, actor: CurrentActor, teacher_id: UUID) -> Response:
    """Erase a teacher's telephone number."""
    return answer(await optional_data.remove_phone(db, actor, teacher_id=teacher_id))
