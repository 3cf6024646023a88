"""Articles of official documents over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.quality import document_articles
from app.domain.quality.document_articles import ArticleView, DocumentArticles
from app.request import CurrentActor, Reading, Route, Transaction

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/official-documents/{document_id}/articles",
    operation_id="list_document_articles",
    response_model=list[ArticleView],
)
async def list_document_articles(db: Reading, actor: CurrentActor, document_id: UUID) -> Response:
    """The articles of a document, in their order."""
    return answer(
        await document_articles.list_document_articles(db, actor, document_id=document_id)
    )


@router.put(
    "/official-documents/{document_id}/articles",
    operation_id="write_document_articles",
    response_model=list[ArticleView],
)
async def write_document_articles(
    db: Transaction, actor: CurrentActor, document_id: UUID, new: DocumentArticles
) -> Response:
    """Let a draft have these articles and no others."""
    return answer(
        await document_articles.write_document_articles(db, actor, document_id=document_id, new=new)
    )
