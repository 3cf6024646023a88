"""Campaigns over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import campaigns, official_documents
from app.domain.quality.campaigns import (
    CampaignActivityChoice,
    CampaignChanges,
    CampaignFigures,
    CampaignView,
    NewCampaign,
)
from app.domain.training.activities import ActivityState
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.activities import ActivityNode
from app.request import now


@node(campaigns.CAMPAIGNS, name="Campaign", description="专项活动 / a campaign")
class CampaignNode(Node, CampaignView):
    """A campaign, its unit and the document that it rests on."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="主办单位 / unit that holds it",
    )

    document = edge(
        official_documents.documents_by_id,
        lazy("app.graphql.quality.official_documents", "OfficialDocumentNode"),
        many=False,
        keys="document_ids",
        key="document_id",
        description="依据文件 / document that it rests on",
    )


@strawberry.pydantic.type(
    name="CampaignFigures", description="专项活动数据 / what a campaign has come to"
)
class CampaignFiguresNode(CampaignFigures):
    """What a campaign has come to."""


@strawberry.pydantic.input(name="NewCampaign")
class NewCampaignInput(NewCampaign):
    """A campaign to be held."""


@strawberry.pydantic.input(name="CampaignChanges")
class CampaignChangesInput(CampaignChanges):
    """What of a campaign is to be changed."""


@strawberry.pydantic.input(name="CampaignActivityChoice")
class CampaignActivityChoiceInput(CampaignActivityChoice):
    """Which activity is to belong to a campaign."""


@strawberry.type
class CampaignQueries:
    """What may be asked about campaigns."""

    @strawberry.field(description="专项活动 / campaigns", graphql_type=Connection[CampaignNode])
    async def campaigns(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        as_of: date | None = None,
    ) -> Any:
        """The campaigns that are held in the actor's place (`starts_on`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: campaigns.list_campaigns(db, actor, page=page, unit_id=unit_id, as_of=as_of),
        )

    @strawberry.field(
        description="本单位及上级的专项活动 / campaigns for the actor",
        graphql_type=Connection[CampaignNode],
    )
    async def own_campaigns(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
    ) -> Any:
        """The campaigns of the actor's units, and of those above them (`starts_on`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: campaigns.list_own_campaigns(db, actor, page=page, as_of=as_of)
        )

    @strawberry.field(description="一项专项活动 / one campaign", graphql_type=CampaignNode)
    async def campaign(self, info: Info[Context], id: UUID) -> Any:
        """One campaign of the actor's place, or of a unit at or above the actor's."""
        actor = info.context.actor
        return await info.context.read(lambda db: campaigns.get_campaign(db, actor, campaign_id=id))

    @strawberry.field(
        description="专项活动中的活动 / activities of a campaign",
        graphql_type=Connection[ActivityNode],
    )
    async def campaign_activities(
        self,
        info: Info[Context],
        campaign_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: ActivityState | None = None,
    ) -> Any:
        """The activities of a campaign that are organised in the actor's place (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: campaigns.list_campaign_activities(
                db, actor, page=page, campaign_id=campaign_id, state=state
            ),
        )

    @strawberry.field(
        description="专项活动数据 / figures of a campaign", graphql_type=CampaignFiguresNode
    )
    async def campaign_figures(self, info: Info[Context], campaign_id: UUID) -> Any:
        """What a campaign has come to: 人 and 人次 are two figures."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: campaigns.get_campaign_figures(db, actor, campaign_id=campaign_id)
        )


@strawberry.type
class CampaignMutations:
    """What may be done with campaigns."""

    @strawberry.mutation(description="发起专项活动 / set up a campaign", graphql_type=CampaignNode)
    async def create_campaign(self, info: Info[Context], new: NewCampaignInput) -> Any:
        """Set up a campaign of a unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await campaigns.create_campaign(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改专项活动 / change a campaign", graphql_type=CampaignNode)
    async def update_campaign(
        self, info: Info[Context], campaign_id: UUID, changes: CampaignChangesInput
    ) -> Any:
        """Change what a campaign is called and is for, or when it ends."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await campaigns.update_campaign(
                db, actor, campaign_id=campaign_id, changes=changes
            )

    @strawberry.mutation(
        description="列入专项活动 / let an activity belong to a campaign", graphql_type=ActivityNode
    )
    async def add_campaign_activity(
        self, info: Info[Context], campaign_id: UUID, choice: CampaignActivityChoiceInput
    ) -> Any:
        """Let an activity belong to a campaign of its unit, or of one above."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await campaigns.add_campaign_activity(
                db, actor, campaign_id=campaign_id, choice=choice, now=now()
            )

    @strawberry.mutation(
        description="移出专项活动 / take an activity out", graphql_type=ActivityNode
    )
    async def remove_campaign_activity(
        self, info: Info[Context], campaign_id: UUID, activity_id: UUID
    ) -> Any:
        """Take an activity out of a campaign."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await campaigns.remove_campaign_activity(
                db, actor, campaign_id=campaign_id, activity_id=activity_id
            )
