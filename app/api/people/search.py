"""Searching teachers over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.people import search
from app.domain.people.search import MOST_FOUND
from app.domain.people.teachers import TeacherView
from app.request import CurrentActor, Reading, Route

router = APIRouter(prefix="/teachers/search", tags=["people"], route_class=Route)


@router.get("", operation_id="search_teachers", response_model=list[TeacherView])
async def search_teachers(
    db: Reading,
    actor: CurrentActor,
    q: Annotated[
        str, Query(max_length=60, description="姓名、拼音或首字母 / name, pinyin or initials")
    ],
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND, description="最多人数 / how many")] = 20,
) -> Response:
    """The teachers whose names have this in them, the nearest first."""
    return answer(await search.search_teachers(db, actor, q=q, limit=limit))
