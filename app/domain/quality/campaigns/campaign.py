"""A campaign: who sees it, and what may be asked of it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import any_, exists, or_, select
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.campaigns.table import Campaign, CampaignActivity, CampaignFields
from app.domain.training.activities import ACTIVITIES, Activity, ActivityState
from app.sql import Connection, Row


class CampaignView(CampaignFields):
    """A campaign as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="主办单位 / unit that holds it")
    standing: bool = Field(description="是否常设 / whether it has no end")


# What can be refused.


class CampaignNotFound(NotFound):
    """There is no such campaign for the one who asks."""

    code = "campaign_not_found"
    zh = "未找到该专项活动。"
    en = "There is no such campaign."


# What may be asked.

_C: Any = Campaign.__table__  # type: ignore[attr-defined]
_L: Any = CampaignActivity.__table__  # type: ignore[attr-defined]
_A: Any = Activity.__table__  # type: ignore[attr-defined]

CAMPAIGNS = Door(
    table=Campaign,
    view=CampaignView,
    read=Permission.ACTIVITY_READ,
    missing=CampaignNotFound,
    audience=lambda addresses: _C.c.unit_id == any_(addresses),
    computed={"standing": _C.c.ends_on.is_(None)},
    filters={
        "unit_id": _C.c.unit_id,
        "as_of": lambda day: (
            (_C.c.starts_on <= day) & or_(_C.c.ends_on.is_(None), _C.c.ends_on >= day)
        ),
    },
    sorts={"starts_on": (_C.c.starts_on,), "title": (_C.c.title,)},
)
"""Campaigns are known to all at and below the unit that holds them."""


async def get_campaign(db: Connection, actor: Actor, *, campaign_id: UUID) -> Row:
    """One campaign of the actor's place, or of a unit at or above the actor's."""
    return await CAMPAIGNS.get(db, actor, campaign_id)


async def list_campaigns(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    as_of: date | None = None,
) -> Page:
    """The campaigns that are held in the actor's place, the first begun first."""
    return await CAMPAIGNS.page(db, actor, page, filters={"unit_id": unit_id, "as_of": as_of})


async def list_own_campaigns(
    db: Connection, actor: Actor, *, page: PageRequest, as_of: date | None = None
) -> Page:
    """The campaigns of the actor's units, and of those above them."""
    return await CAMPAIGNS.page(db, actor, page, filters={"as_of": as_of}, published=True)


_OF_CAMPAIGN = replace(
    ACTIVITIES,
    filters={
        **ACTIVITIES.filters,
        "campaign_id": lambda campaign_id: exists(
            select(_L.c.activity_id).where(
                _L.c.activity_id == _A.c.id, _L.c.campaign_id == campaign_id
            )
        ),
    },
)


async def list_campaign_activities(
    db: Connection,
    actor: Actor,
    *,
    campaign_id: UUID,
    page: PageRequest,
    state: ActivityState | None = None,
) -> Page:
    """The activities of a campaign that are organised in the actor's place."""
    await CAMPAIGNS.get(db, actor, campaign_id)
    return await _OF_CAMPAIGN.page(
        db, actor, page, filters={"campaign_id": campaign_id, "state": state}
    )
