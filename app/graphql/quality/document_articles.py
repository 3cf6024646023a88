"""Articles of official documents over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import document_articles, official_documents
from app.domain.quality.document_articles import ArticleView, DocumentArticles, NewArticle
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node

strawberry.pydantic.input(name="NewArticle", description=NewArticle.__doc__)(NewArticle)


@node(
    document_articles.ARTICLES,
    name="DocumentArticle",
    description="条款 / an article of a document",
)
class DocumentArticleNode(Node, ArticleView):
    """An article and its document."""

    document = edge(
        official_documents.documents_by_id,
        lazy("app.graphql.quality.official_documents", "OfficialDocumentNode"),
        many=False,
        keys="document_ids",
        key="document_id",
        description="文件 / document",
    )


@strawberry.pydantic.input(name="DocumentArticles")
class DocumentArticlesInput(DocumentArticles):
    """All the articles of a draft."""


@strawberry.type
class DocumentArticleQueries:
    """What may be asked about articles of documents."""

    @strawberry.field(
        description="条款 / articles of a document", graphql_type=list[DocumentArticleNode]
    )
    async def document_articles(self, info: Info[Context], document_id: UUID) -> Any:
        """The articles of a document, in their order."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: document_articles.list_document_articles(db, actor, document_id=document_id)
        )


@strawberry.type
class DocumentArticleMutations:
    """What may be done with articles of documents."""

    @strawberry.mutation(
        description="写入条款 / write the articles of a draft",
        graphql_type=list[DocumentArticleNode],
    )
    async def write_document_articles(
        self, info: Info[Context], document_id: UUID, new: DocumentArticlesInput
    ) -> Any:
        """Let a draft have these articles and no others."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await document_articles.write_document_articles(
                db, actor, document_id=document_id, new=new
            )
