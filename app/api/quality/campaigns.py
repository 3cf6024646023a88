"""Campaigns over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import campaigns
from app.domain.quality.campaigns import (
    CampaignActivityChoice,
    CampaignChanges,
    CampaignFigures,
    CampaignView,
    NewCampaign,
)
from app.domain.training.activities import ActivityState, ActivityView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/campaigns", operation_id="list_campaigns", response_model=PageOf[CampaignView])
async def list_campaigns(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="主办单位 / unit")] = None,
    as_of: Annotated[date | None, Query(description="在该日进行中 / that run on this day")] = None,
) -> Response:
    """The campaigns that are held in the actor's place (`starts_on`, `title`)."""
    found = await campaigns.list_campaigns(db, actor, page=page, unit_id=unit_id, as_of=as_of)
    return answer_page(request, found, fields)


@router.get("/me/campaigns", operation_id="list_own_campaigns", response_model=PageOf[CampaignView])
async def list_own_campaigns(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    as_of: Annotated[date | None, Query(description="在该日进行中 / that run on this day")] = None,
) -> Response:
    """The campaigns of the actor's units, and of those above them (`starts_on`, `title`)."""
    found = await campaigns.list_own_campaigns(db, actor, page=page, as_of=as_of)
    return answer_page(request, found, fields)


@router.post(
    "/campaigns", operation_id="create_campaign", response_model=CampaignView, status_code=201
)
async def create_campaign(db: Transaction, actor: CurrentActor, new: NewCampaign) -> Response:
    """Set up a campaign of a unit."""
    row = await campaigns.create_campaign(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/campaigns/{row['id']}")


@router.get("/campaigns/{campaign_id}", operation_id="get_campaign", response_model=CampaignView)
async def get_campaign(
    request: Request, db: Reading, actor: CurrentActor, campaign_id: UUID
) -> Response:
    """One campaign of the actor's place, or of a unit at or above the actor's."""
    return answer_one(request, await campaigns.get_campaign(db, actor, campaign_id=campaign_id))


@router.patch(
    "/campaigns/{campaign_id}", operation_id="update_campaign", response_model=CampaignView
)
async def update_campaign(
    db: Transaction, actor: CurrentActor, campaign_id: UUID, changes: CampaignChanges
) -> Response:
    """Change what a campaign is called and is for, or when it ends."""
    return answer(
        await campaigns.update_campaign(db, actor, campaign_id=campaign_id, changes=changes)
    )


@router.get(
    "/campaigns/{campaign_id}/activities",
    operation_id="list_campaign_activities",
    response_model=PageOf[ActivityView],
)
async def list_campaign_activities(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    campaign_id: UUID,
    state: Annotated[ActivityState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The activities of a campaign that are organised in the actor's place (`starts_on`, `created`)."""
    found = await campaigns.list_campaign_activities(
        db, actor, page=page, campaign_id=campaign_id, state=state
    )
    return answer_page(request, found, fields)


@router.post(
    "/campaigns/{campaign_id}/activities",
    operation_id="add_campaign_activity",
    response_model=ActivityView,
    status_code=201,
)
async def add_campaign_activity(
    db: Transaction, actor: CurrentActor, campaign_id: UUID, choice: CampaignActivityChoice
) -> Response:
    """Let an activity belong to a campaign of its unit, or of one above."""
    return answer(
        await campaigns.add_campaign_activity(
            db, actor, campaign_id=campaign_id, choice=choice, now=now()
        ),
        201,
    )


@router.delete(
    "/campaigns/{campaign_id}/activities/{activity_id}",
    operation_id="remove_campaign_activity",
    response_model=ActivityView,
)
async def remove_campaign_activity(
    db: Transaction, actor: CurrentActor, campaign_id: UUID, activity_id: UUID
) -> Response:
    """Take an activity out of a campaign."""
    return answer(
        await campaigns.remove_campaign_activity(
            db, actor, campaign_id=campaign_id, activity_id=activity_id
        )
    )


@router.get(
    "/campaigns/{campaign_id}/figures",
    operation_id="get_campaign_figures",
    response_model=CampaignFigures,
)
async def get_campaign_figures(db: Reading, actor: CurrentActor, campaign_id: UUID) -> Response:
    """What a campaign has come to: 人 and 人次 are two figures."""
    return answer(await campaigns.get_campaign_figures(db, actor, campaign_id=campaign_id))
