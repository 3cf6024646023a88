"""Links to surveys over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.training import survey_links
from app.domain.training.survey_links import IssuedSurveyLink, NewSurveyLink, SurveyLinkView
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.security import passwords


@node(survey_links.SURVEY_LINKS, name="SurveyLink", description="家长问卷链接 / a link for parents")
class SurveyLinkNode(Node, SurveyLinkView):
    """A link with its edge."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school",
    )


@strawberry.pydantic.type(name="IssuedSurveyLink", description="新链接及其口令 / with its tokens")
class IssuedSurveyLinkNode(IssuedSurveyLink):
    """A new link, with its tokens."""


@strawberry.pydantic.input(name="NewSurveyLink")
class NewSurveyLinkInput(NewSurveyLink):
    """A link to be made."""


@strawberry.type
class SurveyLinkQueries:
    """What may be asked about links."""

    @strawberry.field(
        description="一份问卷的家长链接 / links of a survey",
        graphql_type=Connection[SurveyLinkNode],
    )
    async def survey_links(
        self,
        info: Info[Context],
        survey_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of the links of one survey."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: survey_links.list_survey_links(db, actor, survey_id=survey_id, page=page),
        )


@strawberry.type
class SurveyLinkMutations:
    """What may be done with links."""

    @strawberry.mutation(
        description="生成家长链接 / make a link", graphql_type=IssuedSurveyLinkNode
    )
    async def create_survey_link(
        self, info: Info[Context], survey_id: UUID, new: NewSurveyLinkInput
    ) -> Any:
        """Make a link for the parents of a school; its tokens are shown this once."""
        secrets = passwords.new_secrets(new.tokens)
        async with info.context.transaction() as db:
            return await survey_links.create_survey_link(
                db, info.context.actor, survey_id=survey_id, new=new, secrets=secrets, now=now()
            )

    @strawberry.mutation(description="作废链接 / revoke a link", graphql_type=SurveyLinkNode)
    async def revoke_survey_link(self, info: Info[Context], link_id: UUID) -> Any:
        """Let a link be used no more."""
        async with info.context.transaction() as db:
            return await survey_links.revoke_survey_link(
                db, info.context.actor, link_id=link_id, now=now()
            )
