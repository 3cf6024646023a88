"""Holding a campaign: setting it up, changing it, letting activities belong to it."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, delete, func, select
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.quality.campaigns.campaign import CAMPAIGNS
from app.domain.quality.campaigns.table import Campaign, CampaignActivity, CampaignFields
from app.domain.quality.official_documents import check_bases, check_order, check_years
from app.domain.training.activities import ACTIVITIES, Activity
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_ORDER = {"zh": "结束日期不能早于开始日期。", "en": "It does not end before it begins."}


class NewCampaign(CampaignFields, Command):
    """A campaign to be held by a unit."""

    unit_id: UUID = Field(description="主办单位 / unit that holds it")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_years(self.starts_on, self.ends_on)
        check_order(self.starts_on, self.ends_on, **_ORDER)
        return self


class CampaignChanges(Command):
    """What of a campaign is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="名称 / title"
    )
    aim: str | None = Field(
        default=None, min_length=1, max_length=2000, description="目标 / what it is for"
    )
    ends_on: date | None = Field(
        default=None, description="结束日期（含），null 为常设 / last day; null: standing"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_years(self.ends_on)
        if "title" in self.model_fields_set and self.title is None:
            raise Unfit("名称不能为空。", "The title cannot be null.")
        return self


class CampaignActivityChoice(Command):
    """Which activity is to belong to a campaign."""

    activity_id: UUID = Field(description="活动 / activity")


# What can be refused.


class CampaignDaysDisagree(Invalid):
    """A campaign does not end before it begins, or before an activity of it."""

    code = "campaign_days_disagree"
    zh = "结束日期不能早于开始日期，也不能早于其中活动的开始日期。"
    en = "It does not end before it begins, nor before an activity of it begins."


class CampaignActivityOutside(Invalid):
    """An activity of a campaign is held at or below its unit, while it runs."""

    code = "campaign_activity_outside"
    zh = "活动须由主办单位或其下属单位组织，且在专项活动期间开始。"
    en = "An activity of it is held at or below its unit, and begins while it runs."


class CampaignActivityExists(Conflict):
    """The activity belongs to the campaign already."""

    code = "campaign_activity_exists"
    zh = "该活动已列入此专项活动。"
    en = "The activity belongs to the campaign already."


class CampaignActivityNotFound(NotFound):
    """The activity does not belong to the campaign."""

    code = "campaign_activity_not_found"
    zh = "该活动未列入此专项活动。"
    en = "The activity does not belong to the campaign."


# What may be done.

_L: Any = CampaignActivity.__table__  # type: ignore[attr-defined]
_A: Any = Activity.__table__  # type: ignore[attr-defined]
_CAMPAIGN, _ACTIVITY = (
    bindparam("campaign_id", type_=Uuid), bindparam("activity_id", type_=Uuid),
)  # fmt: skip


async def create_campaign(db: Connection, actor: Actor, *, new: NewCampaign, now: datetime) -> Row:
    """Set up a campaign of a unit; the document that it rests on is in force on its first day."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.ACTIVITY_WRITE)
    campaign_id = new_id()
    if new.document_id is not None:
        await check_bases(
            db, actor, document_id=campaign_id, basis_ids=[new.document_id], day=new.starts_on
        )
    row = {
        "id": campaign_id, **new.model_dump(include=set(CampaignFields.model_fields)),
        **place_of(unit), "created_by": actor.account_id, "created_at": now,
    }  # fmt: skip
    await db.insert(Campaign, row)
    return await CAMPAIGNS.get(db, actor, campaign_id)


_LAST = Statement(
    select(func.max(_A.c.starts_on))
    .join_from(_L, _A, _L.c.activity_id == _A.c.id)
    .where(_L.c.campaign_id == _CAMPAIGN)
)


async def update_campaign(
    db: Connection, actor: Actor, *, campaign_id: UUID, changes: CampaignChanges
) -> Row:
    """Change what a campaign is called and is for, or when it ends."""
    campaign = await CAMPAIGNS.get(
        db, actor, campaign_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    values = changes.model_dump(exclude_unset=True)
    if (ends_on := values.get("ends_on")) is not None:
        last = await db.value(_LAST, campaign_id=campaign_id) or campaign["starts_on"]
        if ends_on < max(last, campaign["starts_on"]):
            raise CampaignDaysDisagree
    await db.change(Campaign, campaign_id, values)
    return await CAMPAIGNS.get(db, actor, campaign_id)


_PLACE = Statement(
    select(*(_A.c[name] for name in PLACE), _A.c.starts_on)
    .where(_A.c.id == _ACTIVITY)
    .with_for_update(read=True)
)


async def add_campaign_activity(
    db: Connection,
    actor: Actor,
    *,
    campaign_id: UUID,
    choice: CampaignActivityChoice,
    now: datetime,
) -> Row:
    """Let an activity belong to a campaign of its unit, or of one above; by whoever organises it."""
    campaign = await CAMPAIGNS.get(db, actor, campaign_id, lock=True)  # its days stay meanwhile
    activity_id = choice.activity_id
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    placed = await db.one(_PLACE, activity_id=activity_id)
    assert placed is not None  # noqa: S101  it is locked
    ends = campaign["ends_on"]
    begins = activity["starts_on"]
    if (
        campaign["unit_id"] not in [placed[name] for name in PLACE]
        or begins < campaign["starts_on"]
        or (ends is not None and begins > ends)
    ):
        raise CampaignActivityOutside
    row = {
        "campaign_id": campaign_id, "activity_id": activity_id, "added_by": actor.account_id,
        "added_at": now,
    }  # fmt: skip
    try:
        await db.insert(CampaignActivity, row)
    except UniqueViolationError:
        raise CampaignActivityExists from None
    return activity


_REMOVE = Statement(
    delete(CampaignActivity).where(_L.c.campaign_id == _CAMPAIGN, _L.c.activity_id == _ACTIVITY)
)


async def remove_campaign_activity(
    db: Connection, actor: Actor, *, campaign_id: UUID, activity_id: UUID
) -> Row:
    """Take an activity out of a campaign; whoever organises it does."""
    await CAMPAIGNS.get(db, actor, campaign_id)
    activity = await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ACTIVITY_WRITE)
    if not await db.run(_REMOVE, campaign_id=campaign_id, activity_id=activity_id):
        raise CampaignActivityNotFound
    return activity
