"""Kinds of content and their taxonomies over REST."""

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.training import content_kinds
from app.domain.training.content_kinds import ContentKindView
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/content-kinds", operation_id="list_content_kinds", response_model=list[ContentKindView]
)
async def list_content_kinds(db: Reading, actor: CurrentActor) -> Response:
    """Every kind of content with its source and its family, area and aspect."""
    return answer(await content_kinds.list_content_kinds(db, actor))
