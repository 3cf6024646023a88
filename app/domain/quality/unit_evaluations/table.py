"""The tables of an evaluation: the evaluation itself, its values, their evidence, and its evaluators."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.quality.indicator_sheets import POINTS

VALUE = Numeric(12, 2)
"""A value of an indicator: a count, a share of a hundred, points; two decimal places."""


class EvaluationState(StrEnum):
    """How far an evaluation has come (状态)."""

    OPEN = "open"
    """待自查"""
    HANDED_IN = "handed_in"
    """已报送"""
    PUBLISHED = "published"
    """结果已公布"""
    APPEALED = "appealed"
    """申诉中"""
    SETTLED = "settled"
    """申诉已处理"""


class AppealOutcome(StrEnum):
    """What became of an appeal (申诉结果)."""

    UPHELD = "upheld"
    """维持原结果"""
    CHANGED = "changed"
    """变更结果"""


class UnitEvaluation(Placed, Versioned, Table, table=True):
    """One unit under one order, placed by the unit that is evaluated; `by_unit_id` is the bureau's."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(["by_unit_id", "city_id"], ["unit.bureau_id", "unit.city_id"]),
        UniqueConstraint("order_id", "unit_id"),
        CheckConstraint("by_unit_id <> unit_id", name="not_of_oneself"),
        CheckConstraint("num_nonnulls(received_at, received_by) IN (0, 2)", name="receipt"),
        CheckConstraint("num_nonnulls(handed_in_at, handed_in_by) IN (0, 2)", name="handing_in"),
        # One that was never handed in may be judged once its day is over.
        CheckConstraint(
            "CASE state WHEN 'open' THEN handed_in_at IS NULL"
            " WHEN 'handed_in' THEN handed_in_at IS NOT NULL ELSE true END",
            name="handed_in",
        ),
        CheckConstraint(
            "num_nonnulls(opinion, score, published_at, published_by) IN (0, 4)", name="result"
        ),
        CheckConstraint(
            "(published_at IS NULL) = (state IN ('open', 'handed_in'))", name="published"
        ),
        CheckConstraint("num_nonnulls(appeal, appealed_at, appealed_by) IN (0, 3)", name="appeal"),
        CheckConstraint(
            "(appeal IS NULL) = (state NOT IN ('appealed', 'settled'))", name="appealed"
        ),
        CheckConstraint(
            "num_nonnulls(appeal_outcome, appeal_reply, appeal_decided_at, appeal_decided_by)"
            " IN (0, 4)",
            name="appeal_decision",
        ),
        CheckConstraint("(appeal_outcome IS NULL) = (state <> 'settled')", name="settled"),
        *(Index(None, name, "id") for name in ("unit_id", "school_id", "county_id", "city_id")),
        Index(None, "by_unit_id", "state"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    order_id: UUID = Field(foreign_key="check_order.id", sa_type=Uuid)
    by_unit_id: UUID = Field(sa_type=Uuid)
    state: EvaluationState = Field(sa_type=text_enum(EvaluationState))
    received_at: datetime | None = Field(default=None, sa_type=MOMENT)
    received_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    judgement: str | None = Field(default=None, max_length=5000)
    expected_effects: str | None = Field(default=None, max_length=2000)
    achieved_effects: str | None = Field(default=None, max_length=2000)
    handed_in_at: datetime | None = Field(default=None, sa_type=MOMENT)
    handed_in_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=5000)
    score: Decimal | None = Field(default=None, sa_type=POINTS)
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    published_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    published_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    appeal: str | None = Field(default=None, max_length=2000)
    appealed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    appealed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    appeal_outcome: AppealOutcome | None = Field(default=None, sa_type=text_enum(AppealOutcome))
    appeal_reply: str | None = Field(default=None, max_length=2000)
    appeal_decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    appeal_decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    score_before: Decimal | None = Field(default=None, sa_type=POINTS)


class EvaluationValue(Table, table=True):
    """The three values of one indicator: computed and frozen, claimed, verified; and the points given.

    `numerator` and `denominator` are what the computed value was computed from, as of the order's day.
    """

    __table_args__ = (CheckConstraint("(reason IS NULL) OR (verified IS NOT NULL)", name="reason"),)

    evaluation_id: UUID = Field(primary_key=True, foreign_key="unit_evaluation.id", sa_type=Uuid)
    indicator: str = Field(primary_key=True, max_length=40)
    ordinal: int
    numerator: int | None = Field(default=None)
    denominator: int | None = Field(default=None)
    computed: Decimal | None = Field(default=None, sa_type=VALUE)
    claimed: Decimal | None = Field(default=None, sa_type=VALUE)
    claim: str | None = Field(default=None, max_length=1000)
    verified: Decimal | None = Field(default=None, sa_type=VALUE)
    reason: str | None = Field(default=None, max_length=1000)
    points: Decimal | None = Field(default=None, sa_type=POINTS)


class EvaluationEvidence(Table, table=True):
    """A file that the evaluated unit shows for an indicator."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["evaluation_id", "indicator"],
            ["evaluation_value.evaluation_id", "evaluation_value.indicator"],
        ),
        Index(None, "file_id"),
    )

    evaluation_id: UUID = Field(primary_key=True, sa_type=Uuid)
    indicator: str = Field(primary_key=True, max_length=40)
    file_id: UUID = Field(primary_key=True, foreign_key="file.id", sa_type=Uuid)


class Evaluator(Table, table=True):
    """An appointment: an account that evaluates one unit under one order, for a department if for one."""

    __table_args__ = (UniqueConstraint("evaluation_id", "account_id"), Index(None, "account_id"))

    id: UUID = key()
    evaluation_id: UUID = Field(foreign_key="unit_evaluation.id", sa_type=Uuid)
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    department_id: UUID | None = Field(default=None, foreign_key="department.id", sa_type=Uuid)
    appointed_at: datetime = Field(sa_type=MOMENT)
    appointed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class Verification(Table, table=True):
    """What the evaluators found of an indicator: theirs alone until the result is published."""

    __table_args__ = (UniqueConstraint("evaluation_id", "indicator"),)

    id: UUID = key()
    evaluation_id: UUID = Field(foreign_key="unit_evaluation.id", sa_type=Uuid)
    indicator: str = Field(max_length=40)
    value: Decimal = Field(sa_type=VALUE)
    reason: str | None = Field(default=None, max_length=1000)
    verified_at: datetime = Field(sa_type=MOMENT)
    verified_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
