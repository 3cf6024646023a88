"""Joint organisers (联合主办单位) of an activity: other units that run it with whoever organises it.

They are invited, and take part once they accept: they see the activity and its records and take
attendance as the organiser does. What the activity is and when it is closed stays the organiser's.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    exists,
    select,
)
from sqlmodel import Field, col

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.training.activities.table import Activity


class PartnershipState(StrEnum):
    """Where the invitation of a joint organiser stands (状态)."""

    INVITED = "invited"
    """已邀请"""
    ACCEPTED = "accepted"
    """已接受"""
    DECLINED = "declined"
    """已谢绝"""
    ENDED = "ended"
    """已终止"""


class Partnership(Placed, Table, table=True):
    """One unit invited to organise an activity jointly; it is placed by that unit."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("activity_id", "unit_id"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
        CheckConstraint("state <> 'accepted' OR answered_at IS NOT NULL", name="accepted"),
        *(Index(None, name, "id") for name in PLACE),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    state: PartnershipState = Field(sa_type=text_enum(PartnershipState))
    invited_at: datetime = Field(sa_type=MOMENT)
    invited_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    answered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)


class PartnershipView(BaseModel):
    """A partnership as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    unit_id: UUID = Field(description="联合主办单位 / unit that organises jointly")
    state: PartnershipState = Field(description="状态 / state")
    invited_at: datetime = Field(description="邀请时间 / when it was invited")
    answered_at: datetime | None = Field(description="答复时间 / when it answered")
    opinion: str | None = Field(description="答复意见 / what it said")


class Invitation(Command):
    """Which unit is to organise jointly."""

    unit_id: UUID = Field(description="联合主办单位 / unit")


class Acceptance(Command):
    """For whom of its own a unit that organises jointly means the activity."""

    audience: list[UUID] = Field(
        default_factory=list,
        max_length=200,
        description="本单位参训对象，可空 / units, groups, networks of its own that it is for besides",
    )


class Refusal(Command):
    """Why a unit does not organise jointly."""

    opinion: str = Field(min_length=2, max_length=500, description="意见 / why not")


def is_joint(column: str, ids: Any) -> ColumnElement[bool]:
    """The predicate 'a unit within these has accepted to organise this row of activities jointly'.

    `column` is the column of place that has one of the values. A unit at or above the partner
    administers what the partner does.
    """
    partner = Partnership.__table__.alias("joint")  # type: ignore[attr-defined]
    return exists(
        select(partner.c.id).where(
            partner.c.activity_id == col(Activity.id),
            partner.c.state == PartnershipState.ACCEPTED,
            partner.c[column] == any_(ids),
        )
    )
