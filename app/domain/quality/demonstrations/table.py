"""The tables of an application for a title: its evidence, its steps, who judges it, what is objected."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.quality.indicator_sheets import POINTS


class DemonstrationState(StrEnum):
    """How far an application has come (状态)."""

    DRAFT = "draft"
    """填写中"""
    HANDED_IN = "handed_in"
    """待县（市、区）推荐"""
    NOT_RECOMMENDED = "not_recommended"
    """未获推荐"""
    UNDER_REVIEW = "under_review"
    """评审中"""
    REJECTED = "rejected"
    """未通过"""
    PUBLISHED = "published"
    """公示中"""
    AWARDED = "awarded"
    """已命名"""
    ENDED = "ended"
    """复评未通过，期满终止"""
    WITHDRAWN = "withdrawn"
    """已撤销命名"""
    APPEALED = "appealed"
    """申诉中"""
    CLOSED = "closed"
    """申诉后维持撤销"""


class DemonstrationAct(StrEnum):
    """What was done with an application (环节)."""

    HAND_IN = "hand_in"
    """申报"""
    TAKE_BACK = "take_back"
    """撤回修改"""
    RECOMMEND = "recommend"
    """推荐"""
    NOT_RECOMMEND = "not_recommend"
    """不予推荐"""
    PUBLISH = "publish"
    """公示"""
    REJECT = "reject"
    """不予通过"""
    OBJECT = "object"
    """异议成立"""
    AWARD = "award"
    """命名"""
    RENEW = "renew"
    """复评通过"""
    NOT_RENEW = "not_renew"
    """复评未通过"""
    WITHDRAW = "withdraw"
    """撤销命名"""
    APPEAL = "appeal"
    """申诉"""
    UPHOLD = "uphold"
    """维持撤销"""
    REINSTATE = "reinstate"
    """恢复命名"""


class Demonstration(Placed, Table, table=True):
    """One school under one call, placed by the school; `by_unit_id` is the bureau that gives the title.

    `place` is the number of the place that it has taken: of two who are awarded at once, one has none.
    """

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(["by_unit_id", "city_id"], ["unit.bureau_id", "unit.city_id"]),
        UniqueConstraint("call_id", "school_id"),
        UniqueConstraint("call_id", "place"),
        CheckConstraint("school_id IS NOT NULL", name="of_a_school"),
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("num_nonnulls(handed_in_at, handed_in_by) IN (0, 2)", name="handing_in"),
        CheckConstraint(
            "num_nonnulls(published_on, objections_until, score) IN (0, 3)", name="publication"
        ),
        CheckConstraint("objections_until > published_on", name="days_for_objections"),
        CheckConstraint(
            "(published_on IS NOT NULL) OR state IN"
            " ('draft', 'handed_in', 'not_recommended', 'under_review', 'rejected')",
            name="published_first",
        ),
        CheckConstraint(
            "num_nonnulls(place, designation_id, valid_to) IN (0, 3)", name="award"
        ),
        CheckConstraint(
            "(place IS NOT NULL) = (state IN ('awarded', 'ended', 'withdrawn', 'appealed', 'closed'))",
            name="awarded",
        ),
        CheckConstraint("num_nonnulls(withdrawn_at, withdrawn_by) IN (0, 2)", name="withdrawal"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        Index(None, "by_unit_id", "state"),
        Index(None, "designation_id"),
    )  # fmt: skip

    id: UUID = key()
    school_id: UUID = Field(sa_type=Uuid)
    call_id: UUID = Field(foreign_key="demonstration_call.id", sa_type=Uuid)
    by_unit_id: UUID = Field(sa_type=Uuid)
    state: DemonstrationState = Field(sa_type=text_enum(DemonstrationState))
    statement: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    handed_in_at: datetime | None = Field(default=None, sa_type=MOMENT)
    handed_in_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    score: Decimal | None = Field(default=None, sa_type=POINTS)
    published_on: date | None = None
    objections_until: date | None = None
    place: int | None = None
    designation_id: UUID | None = Field(default=None, foreign_key="designation.id", sa_type=Uuid)
    valid_to: date | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class DemonstrationEvidence(Table, table=True):
    """A file that the school shows for its application."""

    __table_args__ = (Index(None, "file_id"),)

    demonstration_id: UUID = Field(primary_key=True, foreign_key="demonstration.id", sa_type=Uuid)
    file_id: UUID = Field(primary_key=True, foreign_key="file.id", sa_type=Uuid)


class DemonstrationStep(Table, table=True):
    """What was done with an application, by whom and why; rows are only ever added.

    `findings` are the conditions as they were found then, where that was looked at.
    """

    __table_args__ = (Index(None, "demonstration_id", "id"),)

    id: UUID = key()
    demonstration_id: UUID = Field(foreign_key="demonstration.id", sa_type=Uuid)
    act: DemonstrationAct = Field(sa_type=text_enum(DemonstrationAct))
    opinion: str | None = Field(default=None, max_length=2000)
    findings: list[dict[str, object]] | None = Field(default=None, sa_type=JSONB)
    at: datetime = Field(sa_type=MOMENT)
    by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    on_behalf_of: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class DemonstrationExpert(Table, table=True):
    """An expert who is to judge one application, and what they said."""

    __table_args__ = (
        UniqueConstraint("demonstration_id", "account_id"),
        CheckConstraint(
            "num_nonnulls(points, score, opinion, appraised_at) IN (0, 4)", name="appraised"
        ),
        Index(None, "account_id"),
    )

    id: UUID = key()
    demonstration_id: UUID = Field(foreign_key="demonstration.id", sa_type=Uuid)
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    appointed_at: datetime = Field(sa_type=MOMENT)
    appointed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    points: list[dict[str, object]] | None = Field(default=None, sa_type=JSONB)
    score: Decimal | None = Field(default=None, sa_type=POINTS)
    opinion: str | None = Field(default=None, max_length=2000)
    appraised_at: datetime | None = Field(default=None, sa_type=MOMENT)


class DemonstrationVisit(Table, table=True):
    """That a recorded visit to the school was made for its application."""

    __table_args__ = (Index(None, "visit_id"),)

    demonstration_id: UUID = Field(primary_key=True, foreign_key="demonstration.id", sa_type=Uuid)
    visit_id: UUID = Field(primary_key=True, foreign_key="guidance_visit.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class DemonstrationObjection(Table, table=True):
    """One person's objection to one published application."""

    __table_args__ = (
        UniqueConstraint("demonstration_id", "raised_by"),
        CheckConstraint(
            "num_nonnulls(upheld, decided_at, decided_by, answer) IN (0, 4)", name="decided"
        ),
    )

    id: UUID = key()
    demonstration_id: UUID = Field(foreign_key="demonstration.id", sa_type=Uuid)
    reason: str = Field(max_length=2000)
    raised_at: datetime = Field(sa_type=MOMENT)
    raised_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    upheld: bool | None = None
    answer: str | None = Field(default=None, max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
