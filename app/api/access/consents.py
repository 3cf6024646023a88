"""Consents over REST: which applications one has allowed."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.access import consents
from app.domain.access.consents import ConsentView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(prefix="/me/consents", tags=["access"], route_class=Route)


@router.get("", operation_id="list_consents", response_model=list[ConsentView])
async def list_consents(db: Reading, actor: CurrentActor) -> Response:
    """The applications that one has allowed to act for oneself, the latest first."""
    return answer(await consents.list_consents(db, actor))


@router.post("/{consent_id}/revoke", operation_id="revoke_consent", response_model=ConsentView)
async def revoke_consent(db: Transaction, actor: CurrentActor, consent_id: UUID) -> Response:
    """Take a consent back; the application's tokens for oneself are refused within seconds."""
    return answer(await consents.revoke_consent(db, actor, consent_id=consent_id, now=now()))
