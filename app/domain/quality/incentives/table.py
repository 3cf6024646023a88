"""The tables of incentives: the reward or penalty itself, and the objections to a reward that is shown."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, text
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, text_enum
from app.domain.people.teachers import follows_teacher
from app.domain.quality.incentive_rules import IncentiveKind


class IncentiveState(StrEnum):
    """How far a reward or a penalty has come (状态)."""

    PROPOSED = "proposed"
    """待决定；惩处须先听取陈述申辩"""
    WITHDRAWN = "withdrawn"
    """提出人撤回"""
    REJECTED = "rejected"
    """不予奖惩"""
    PUBLISHED = "published"
    """公示中"""
    GIVEN = "given"
    """已生效"""
    OVERTURNED = "overturned"
    """因异议或申诉成立而取消"""
    REVOKED = "revoked"
    """已撤销"""


class IncentiveFields(BaseModel):
    """What happened, when, and what shows it."""

    happened_on: date = Field(description="事实发生日期 / day on which it happened")
    reason: str = Field(
        min_length=2, max_length=2000, description="事由，不得为留痕材料数量 / what for, in words"
    )
    evidence: str = Field(min_length=2, max_length=2000, description="证明材料说明 / what shows it")
    file_id: UUID | None = Field(
        default=None,
        foreign_key="file.id",
        sa_type=Uuid,
        description="证明文件 / file that shows it",
    )
    amount: Decimal | None = Field(
        default=None, gt=0, decimal_places=2, sa_type=AMOUNT,
        description="奖金（元），形式为奖金时必填 / yuan, of the form money alone",
    )  # fmt: skip


class Incentive(IncentiveFields, Placed, Table, table=True):
    """A reward or a penalty of one teacher, under one version of a rule; every step is kept."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("decided_by <> proposed_by", name="decided_by_another"),
        CheckConstraint("appeal_decided_by <> decided_by", name="appeal_decided_by_another"),
        CheckConstraint("num_nonnulls(measured_from, measured_to, reached) IN (0, 3)", name="measured"),
        CheckConstraint("num_nonnulls(statement, stated_at) IN (0, 2)", name="statement"),
        CheckConstraint("(statement_due_on IS NOT NULL) = (kind = 'penalty')", name="is_heard"),
        CheckConstraint(
            "num_nonnulls(opinion, decided_at, decided_by) IN (0, 3)"
            " AND (decided_at IS NOT NULL) = (state NOT IN ('proposed', 'withdrawn'))",
            name="decision",
        ),
        CheckConstraint("num_nonnulls(published_on, closes_on) IN (0, 2)", name="publicity"),
        CheckConstraint("kind = 'reward' OR published_on IS NULL", name="penalties_are_not_shown"),
        CheckConstraint(
            "(given_on IS NOT NULL OR state NOT IN ('given', 'revoked'))"
            " AND (expires_on IS NULL OR expires_on > given_on)",
            name="given",
        ),
        CheckConstraint("num_nonnulls(appeal, appealed_at, appeal_unit_id) IN (0, 3)", name="appeal"),
        CheckConstraint(
            "num_nonnulls(appeal_upheld, appeal_answer, appeal_decided_at, appeal_decided_by)"
            " IN (0, 4) AND (appeal_decided_at IS NULL OR appealed_at IS NOT NULL)",
            name="appeal_decision",
        ),
        CheckConstraint(
            "num_nonnulls(revoked_because, revoked_at, revoked_by)"
            " = CASE state WHEN 'revoked' THEN 3 ELSE 0 END",
            name="revocation",
        ),
        Index(
            "uq_incentive_open", "teacher_id", "rule_id", "happened_on", unique=True,
            postgresql_where=text("state IN ('proposed', 'published', 'given')"),
        ),
        *(Index(None, place, "happened_on", "id") for place in ("teacher_id", *PLACE)),
        Index(None, "unit_id", "state"),
        Index(None, "rule_id"),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
    )  # fmt: skip

    id: UUID = key()
    rule_id: UUID = Field(foreign_key="incentive_rule.id", sa_type=Uuid)
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    """Whose rule it is, and where it is decided."""
    kind: IncentiveKind = Field(sa_type=text_enum(IncentiveKind))
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)
    title: str = Field(max_length=100)
    measured_from: date | None = None
    measured_to: date | None = None
    reached: Decimal | None = Field(default=None, sa_type=AMOUNT)
    state: IncentiveState = Field(sa_type=text_enum(IncentiveState))
    proposed_at: datetime = Field(sa_type=MOMENT)
    proposed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    proposed_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    statement_due_on: date | None = None
    statement: str | None = Field(default=None, max_length=2000)
    stated_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    published_on: date | None = None
    closes_on: date | None = None
    given_on: date | None = None
    given_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    expires_on: date | None = None
    honour_id: UUID | None = Field(default=None, sa_type=Uuid)
    """The fact in the career by which an honour was recorded; a later version of it has another key."""
    appeal_due_on: date | None = None
    appeal: str | None = Field(default=None, max_length=2000)
    appealed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    appeal_unit_id: UUID | None = Field(default=None, foreign_key="unit.id", sa_type=Uuid)
    appeal_upheld: bool | None = None
    appeal_answer: str | None = Field(default=None, max_length=2000)
    appeal_decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    appeal_decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    revoked_because: str | None = Field(default=None, max_length=500)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)
    revoked_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class IncentiveObjection(Table, table=True):
    """One person's objection to one reward that is shown."""

    __table_args__ = (
        UniqueConstraint("incentive_id", "raised_by"),
        CheckConstraint("num_nonnulls(upheld, answer, decided_at, decided_by) IN (0, 4)", name="decided"),
        CheckConstraint("decided_by <> raised_by", name="decided_by_another"),
    )  # fmt: skip

    id: UUID = key()
    incentive_id: UUID = Field(foreign_key="incentive.id", sa_type=Uuid)
    reason: str = Field(max_length=2000)
    raised_at: datetime = Field(sa_type=MOMENT)
    raised_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    upheld: bool | None = None
    answer: str | None = Field(default=None, max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
