"""Joint organisers (联合主办单位) of an activity: others that run it with whoever organises it.

They are units, or departments (条线) of other units, whose officers then run it for theirs.

They are invited, and take part once they accept: they see the activity and its records and take
attendance as the organiser does. What the activity is and when it is closed stays the organiser's.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    exists,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Unfit
from app.domain.training.activities.table import Activity
from app.sql import Statement


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
    """One unit, or department of it, invited to organise an activity jointly; placed by that unit."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint(
            "activity_id", "unit_id", "department_id", name="uq_partnership_invited_once",
            postgresql_nulls_not_distinct=True,
        ),
        ForeignKeyConstraint(
            ["department_id", "unit_id"], ["department.id", "department.unit_id"]
        ),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
        CheckConstraint("state <> 'accepted' OR answered_at IS NOT NULL", name="accepted"),
        Index(
            None, "department_id", "id", postgresql_where=text("department_id IS NOT NULL"),
        ),
        *(Index(None, name, "id") for name in PLACE),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    department_id: UUID | None = Field(default=None, sa_type=Uuid)
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
    department_id: UUID | None = Field(
        description="联合主办部门 / its department, where that was invited and not the unit"
    )
    state: PartnershipState = Field(description="状态 / state")
    invited_at: datetime = Field(description="邀请时间 / when it was invited")
    answered_at: datetime | None = Field(description="答复时间 / when it answered")
    opinion: str | None = Field(description="答复意见 / what it said")


class Invitation(Command):
    """Which unit, or which department of another unit, is to organise jointly."""

    unit_id: UUID | None = Field(default=None, description="联合主办单位，或 / unit, or")
    department_id: UUID | None = Field(
        default=None, description="外单位的部门 / department of another unit"
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.unit_id is None) == (self.department_id is None):
            raise Unfit("请填写一个单位或一个部门。", "Invite one unit, or one department.")
        return self


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


JOINTLY = (*PLACE, "department_id")
"""The columns by which somebody acts for a partner."""


def is_joint(column: str, ids: Any, *, activity_id: Any = None) -> ColumnElement[bool]:
    """The predicate 'a partner within these has accepted to organise this row of activities jointly'.

    `column` is the column of place, or `department_id`, that has one of the values; `activity_id`
    another column with an activity's key. A unit at or above the partner administers what the partner
    does.
    """
    partner = Partnership.__table__.alias("joint")  # type: ignore[attr-defined]
    return exists(
        select(partner.c.id).where(
            partner.c.activity_id == (col(Activity.id) if activity_id is None else activity_id),
            partner.c.state == PartnershipState.ACCEPTED,
            partner.c[column] == any_(ids),
        )
    )


ACCEPTED = Statement(
    select(*(col(getattr(Partnership, name)) for name in (*JOINTLY, "unit_id"))).where(
        col(Partnership.activity_id) == bindparam("activity_id", type_=Uuid),
        col(Partnership.state) == PartnershipState.ACCEPTED,
    )
)
"""The places of the partners of an activity, whose door was passed."""
