"""Links of articles over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import article_links, document_articles
from app.domain.quality.article_links import ArticleLinkView, NewArticleLink
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.request import now


@node(
    article_links.LINKS,
    name="ArticleLink",
    description="条款落实形式 / what an article has called into being",
)
class ArticleLinkNode(Node, ArticleLinkView):
    """A link and its article."""

    article = edge(
        document_articles.articles_by_id,
        lazy("app.graphql.quality.document_articles", "DocumentArticleNode"),
        many=False,
        keys="article_ids",
        key="article_id",
        description="条款 / article",
    )


@strawberry.pydantic.input(name="NewArticleLink")
class NewArticleLinkInput(NewArticleLink):
    """Something that an article stands behind."""


@strawberry.type
class ArticleLinkQueries:
    """What may be asked about links of articles."""

    @strawberry.field(
        description="条款的落实形式 / links of a document", graphql_type=list[ArticleLinkNode]
    )
    async def article_links(self, info: Info[Context], document_id: UUID) -> Any:
        """What the articles of a document have called into being, by article."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: article_links.list_article_links(db, actor, document_id=document_id)
        )


@strawberry.type
class ArticleLinkMutations:
    """What may be done with links of articles."""

    @strawberry.mutation(
        description="关联条款与规则、期限、通知、指标 / link an article",
        graphql_type=ArticleLinkNode,
    )
    async def add_article_link(
        self, info: Info[Context], article_id: UUID, new: NewArticleLinkInput
    ) -> Any:
        """Say what an article of an issued document has called into being."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await article_links.add_article_link(
                db, actor, article_id=article_id, new=new, now=now()
            )

    @strawberry.mutation(description="取消关联 / remove a link", graphql_type=ArticleLinkNode)
    async def remove_article_link(self, info: Info[Context], link_id: UUID) -> Any:
        """Take a link away; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await article_links.remove_article_link(db, actor, link_id=link_id)
