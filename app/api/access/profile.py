"""The signed-in person over REST."""

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.access import profile
from app.domain.access.profile import ProfileView
from app.request import CurrentActor, Reading, Route

router = APIRouter(prefix="/me", tags=["access"], route_class=Route)


@router.get("", operation_id="get_profile", response_model=ProfileView)
async def get_profile(db: Reading, actor: CurrentActor) -> Response:
    """Who is signed in, with which roles, and what these permit."""
    return answer(await profile.get_profile(db, actor))
