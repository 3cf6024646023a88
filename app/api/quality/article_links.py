"""Links of articles over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.quality import article_links
from app.domain.quality.article_links import ArticleLinkView, NewArticleLink
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/official-documents/{document_id}/links",
    operation_id="list_article_links",
    response_model=list[ArticleLinkView],
)
async def list_article_links(db: Reading, actor: CurrentActor, document_id: UUID) -> Response:
    """What the articles of a document have called into being, by article."""
    return answer(await article_links.list_article_links(db, actor, document_id=document_id))


@router.post(
    "/document-articles/{article_id}/links",
    operation_id="add_article_link",
    response_model=ArticleLinkView,
    status_code=201,
)
async def add_article_link(
    db: Transaction, actor: CurrentActor, article_id: UUID, new: NewArticleLink
) -> Response:
    """Say what an article of an issued document has called into being."""
    return answer(
        await article_links.add_article_link(db, actor, article_id=article_id, new=new, now=now()),
        201,
    )


@router.delete(
    "/article-links/{link_id}", operation_id="remove_article_link", response_model=ArticleLinkView
)
async def remove_article_link(db: Transaction, actor: CurrentActor, link_id: UUID) -> Response:
    """Take a link away; what it was."""
    return answer(await article_links.remove_article_link(db, actor, link_id=link_id))
