"""The signed-in person over REST."""

from fastapi import APIRouter, Request, Response

from app.api.answers import answer
from app.domain.access import profile
from app.domain.access.profile import PasswordChange, ProfileView
from app.request import CurrentActor, Reading, Route, begin_transaction, now, resources
from app.request.password_change import check_password_change

router = APIRouter(prefix="/me", tags=["access"], route_class=Route)


@router.get("", operation_id="get_profile", response_model=ProfileView)
async def get_profile(db: Reading, actor: CurrentActor) -> Response:
    """Who is signed in, with which roles, and what these permit."""
    return answer(await profile.get_profile(db, actor))


@router.post("/password", operation_id="change_password", response_model=ProfileView)
async def change_password(
    request: Request, actor: CurrentActor, change: PasswordChange
) -> Response:
    """Change one's own password; every token that the account holds ends, this one included."""
    account, new = await check_password_change(resources(request).pool, actor, change)
    async with begin_transaction(request, actor) as db:
        row = await profile.change_password(db, actor, account=account, new=new, now=now())
    return answer(row)
