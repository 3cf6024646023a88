"""The tables of choice rounds (选课轮次): the round, and what can be chosen in it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Index,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.people.teachers.strata import Stratum

MOST_CHOICES = 20
"""So many activities may one teacher choose in one round, at most."""


class ChoiceWay(StrEnum):
    """How places are given (选课方式)."""

    FIRST_COME = "first_come"
    """先到先得: whoever chooses has a place at once, or waits for one"""
    TWO_WAY = "two_way"
    """双向选择: teachers choose, and who has a place is decided afterwards"""


class ChoicePriority(StrEnum):
    """Who goes first where there are fewer places than choices (优先规则)."""

    FAVOURED = "favoured"
    """属于优先类别者"""
    FEWEST_PLACES = "fewest_places"
    """近一年获得名额少者"""
    EARLIEST = "earliest"
    """先选者"""


class ChoiceRoundState(StrEnum):
    """How far a round has come (状态)."""

    DRAFT = "draft"
    """草稿"""
    PUBLISHED = "published"
    """已发布"""
    SETTLED = "settled"
    """已结束"""
    CANCELLED = "cancelled"
    """已取消"""


class ChoiceRoundFields(BaseModel):
    """What a round is called, when teachers choose in it, and how places are given."""

    title: str = Field(min_length=1, max_length=200, description="名称 / title")
    way: ChoiceWay = Field(
        description="选课方式 / how places are given", sa_type=text_enum(ChoiceWay)
    )
    opens_at: datetime = Field(description="开始选课时间 / when choosing begins", sa_type=MOMENT)
    closes_at: datetime = Field(
        description="截止选课时间，不含该时刻 / when it ends, that moment excluded", sa_type=MOMENT
    )
    most_choices: int = Field(
        ge=1, le=MOST_CHOICES, description="每人最多选报数 / how many one teacher may choose"
    )
    most_places: int = Field(
        ge=1,
        le=MOST_CHOICES,
        description="每人最多录取数 / how many places one teacher may be given in the round",
    )
    priorities: list[ChoicePriority] = Field(
        default_factory=list,
        max_length=len(ChoicePriority),
        description="双向选择的优先规则，按次序；相同者先选优先 / who goes first in a two-way round, in this"
        " order; of equals whoever chose earlier",
        sa_type=ARRAY(Text),
    )
    favoured: list[Stratum] = Field(
        default_factory=list,
        max_length=len(Stratum),
        description="优先类别（分层分类分岗） / the strata that are favoured",
        sa_type=ARRAY(Text),
    )


class ChoiceRound(ChoiceRoundFields, Placed, Table, table=True):
    """A round, placed by the unit that holds it."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint(
            f"most_places BETWEEN 1 AND most_choices AND most_choices <= {MOST_CHOICES}",
            name="most_places",
        ),
        CheckConstraint(
            "(published_at IS NULL AND state IN ('draft', 'cancelled'))"
            " OR (published_at IS NOT NULL AND state <> 'draft')",
            name="published_at",
        ),
        CheckConstraint("(settled_at IS NOT NULL) = (state = 'settled')", name="settled_at"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    state: ChoiceRoundState = Field(sa_type=text_enum(ChoiceRoundState))
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    settled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ChoiceOffering(Table, table=True):
    """That an activity can be chosen in a round, and what one must have done, or be, to choose it."""

    __table_args__ = (Index(None, "activity_id"),)

    round_id: UUID = Field(primary_key=True, foreign_key="choice_round.id", sa_type=Uuid)
    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    required_course_ids: list[UUID] = Field(
        sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": text("'{}'")}
    )
    required_strata: list[Stratum] = Field(
        sa_type=ARRAY(Text), sa_column_kwargs={"server_default": text("'{}'")}
    )
