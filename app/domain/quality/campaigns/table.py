"""What a campaign is: its fields, and its tables."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, Text, Uuid
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints


class CampaignFields(BaseModel):
    """What a campaign is for, and when it runs."""

    title: str = Field(min_length=1, max_length=200, description="名称 / title")
    aim: str | None = Field(
        default=None, min_length=1, max_length=2000, description="目标 / what it is for",
        sa_type=Text,
    )  # fmt: skip
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date | None = Field(
        default=None, description="结束日期（含），常设为空 / last day; null for a standing one"
    )
    document_id: UUID | None = Field(
        default=None, description="依据文件 / document that it rests on",
        foreign_key="official_document.id", sa_type=Uuid,
    )  # fmt: skip


class Campaign(CampaignFields, Placed, Versioned, Table, table=True):
    """A campaign, placed by the unit that holds it."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        *(
            Index(None, name, "starts_on", "id")
            for name in ("unit_id", "school_id", "county_id", "city_id")
        ),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    created_at: datetime = Field(sa_type=MOMENT)


class CampaignActivity(Table, table=True):
    """That an activity belongs to a campaign."""

    __table_args__ = (Index(None, "activity_id"),)

    campaign_id: UUID = Field(primary_key=True, foreign_key="campaign.id", sa_type=Uuid)
    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)
