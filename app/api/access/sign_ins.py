"""Sign-ins over REST: where one is signed in."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.access import administration, sign_ins
from app.domain.access.accounts import AccountView
from app.domain.access.sign_ins import SignInView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["access"], route_class=Route)


@router.get("/me/sign-ins", operation_id="list_sign_ins", response_model=list[SignInView])
async def list_sign_ins(db: Reading, actor: CurrentActor) -> Response:
    """Where one is signed in at present, the latest used first."""
    return answer(await sign_ins.list_sign_ins(db, actor, now=now()))


@router.post("/me/sign-ins/{sign_in_id}/end", operation_id="end_sign_in", response_model=SignInView)
async def end_sign_in(db: Transaction, actor: CurrentActor, sign_in_id: UUID) -> Response:
    """End one of one's own sign-ins; its tokens are refused within seconds."""
    return answer(await sign_ins.end_sign_in(db, actor, sign_in_id=sign_in_id, now=now()))


@router.post(
    "/accounts/{account_id}/end-sign-ins",
    operation_id="end_account_sign_ins",
    response_model=AccountView,
)
async def end_account_sign_ins(db: Transaction, actor: CurrentActor, account_id: UUID) -> Response:
    """End every sign-in of an account below the actor, as when a telephone was lost."""
    row = await administration.end_account_sign_ins(db, actor, account_id=account_id, now=now())
    return answer(row)
