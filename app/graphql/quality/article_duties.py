"""Duties of articles over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import article_duties, document_articles
from app.domain.quality.article_duties import (
    ArticleCoverageView,
    ArticleDutyView,
    DutyFulfilmentView,
    FulfilmentRowView,
    NewArticleDuty,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.request import now


@node(
    article_duties.DUTIES,
    name="ArticleDuty",
    description="条款职责 / a duty that an article lays on units",
)
class ArticleDutyNode(Node, ArticleDutyView):
    """A duty and its article."""

    article = edge(
        document_articles.articles_by_id,
        lazy("app.graphql.quality.document_articles", "DocumentArticleNode"),
        many=False,
        keys="article_ids",
        key="article_id",
        description="条款 / article",
    )


@strawberry.pydantic.type(name="ArticleCoverage", description="条款落实 / how an article stands")
class ArticleCoverageNode(ArticleCoverageView):
    """How an article stands, by one of its duties."""


@strawberry.pydantic.type(
    name="DutyFulfilment", description="落实情况 / how a unit stands with a duty"
)
class DutyFulfilmentNode(DutyFulfilmentView):
    """Whether a unit has done a duty."""


@strawberry.pydantic.type(name="FulfilmentRow", description="数据依据 / a row behind a figure")
class FulfilmentRowNode(FulfilmentRowView):
    """One row of the register behind a figure."""


@strawberry.pydantic.input(name="NewArticleDuty")
class NewArticleDutyInput(NewArticleDuty):
    """A duty that an article is to lay on units."""


@strawberry.type
class ArticleDutyQueries:
    """What may be asked about duties of articles."""

    @strawberry.field(
        description="条款职责 / duties of a document", graphql_type=list[ArticleDutyNode]
    )
    async def article_duties(self, info: Info[Context], document_id: UUID) -> Any:
        """The duties that a document lays on units, by article."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: article_duties.list_article_duties(db, actor, document_id=document_id)
        )

    @strawberry.field(
        description="条款落实总表 / coverage of the articles",
        graphql_type=list[ArticleCoverageNode],
    )
    async def article_coverage(
        self, info: Info[Context], document_id: UUID, school_year: int | None = None
    ) -> Any:
        """How each article of a document stands in a school year, by each of its duties."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: article_duties.list_article_coverage(
                db, actor, document_id=document_id, school_year=school_year, now=now()
            )
        )

    @strawberry.field(
        description="一个单位的落实情况 / how a unit stands", graphql_type=list[DutyFulfilmentNode]
    )
    async def unit_fulfilments(
        self, info: Info[Context], document_id: UUID, unit_id: UUID, school_year: int | None = None
    ) -> Any:
        """How one unit stands with each of its duties of a document, by article."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: article_duties.list_unit_fulfilments(
                db,
                actor,
                document_id=document_id,
                unit_id=unit_id,
                school_year=school_year,
                now=now(),
            )
        )

    @strawberry.field(
        description="一项职责的落实情况 / which units have done a duty",
        graphql_type=list[DutyFulfilmentNode],
    )
    async def duty_fulfilments(
        self,
        info: Info[Context],
        duty_id: UUID,
        school_year: int | None = None,
        fulfilled: bool | None = None,
    ) -> Any:
        """Which units have done a duty in a school year, by name."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: article_duties.list_duty_fulfilments(
                db, actor, duty_id=duty_id, school_year=school_year, fulfilled=fulfilled, now=now()
            )
        )

    @strawberry.field(
        description="数据依据 / rows behind a figure", graphql_type=list[FulfilmentRowNode]
    )
    async def fulfilment_rows(
        self, info: Info[Context], duty_id: UUID, unit_id: UUID, school_year: int | None = None
    ) -> Any:
        """The rows of the register behind the figure of a unit."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: article_duties.list_fulfilment_rows(
                db, actor, duty_id=duty_id, unit_id=unit_id, school_year=school_year, now=now()
            )
        )


@strawberry.type
class ArticleDutyMutations:
    """What may be done with duties of articles."""

    @strawberry.mutation(description="设定职责 / lay down a duty", graphql_type=ArticleDutyNode)
    async def create_article_duty(
        self, info: Info[Context], article_id: UUID, new: NewArticleDutyInput
    ) -> Any:
        """Say what an article of an issued document asks of each unit of a level."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await article_duties.create_article_duty(
                db, actor, article_id=article_id, new=new
            )

    @strawberry.mutation(description="撤销职责 / take a duty back", graphql_type=ArticleDutyNode)
    async def remove_article_duty(self, info: Info[Context], duty_id: UUID) -> Any:
        """Take back what an article was said to ask; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await article_duties.remove_article_duty(db, actor, duty_id=duty_id)
