"""The tables of a stated figure: what is stated, each answer that it was given, and the rows behind these."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, Numeric, String, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.people.facts.merits import HonourLevel
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.stated_figures.vocabulary import (
    FigureComparison,
    FigureCount,
    FigureSource,
    FigureVerdict,
)

NUMBER = Numeric(14, 2)
"""A number as it is stated, and a difference from it: two decimal places."""


class FigureState(StrEnum):
    """How far a stated figure has come (状态)."""

    AGREED = "agreed"
    """核对一致"""
    OPEN = "open"
    """待说明"""
    EXPLAINED = "explained"
    """已说明"""
    CLOSED = "closed"
    """已办结"""


class FigureOutcome(StrEnum):
    """What became of a stated figure that did not agree (办结结果)."""

    EXPLAINED = "explained"
    """差异有合理说明"""
    DOCUMENT_CORRECTED = "document_corrected"
    """原文已更正"""
    REGISTER_CORRECTED = "register_corrected"
    """登记数据已更正"""
    MISQUOTED = "misquoted"
    """引用有误"""
    UNRESOLVED = "unresolved"
    """存疑"""


class StatedFigureFields(BaseModel):
    """What is stated, where it stands, and how it is checked."""

    source: FigureSource = Field(
        description="来源类型 / kind of document", sa_type=text_enum(FigureSource)
    )
    document: str = Field(
        min_length=2, max_length=200, description="文件名称或文号 / document, by title or number"
    )
    place: str = Field(min_length=1, max_length=100, description="所在位置 / place in the document")
    comparison: FigureComparison = Field(
        description="核对方式 / in what way it is checked", sa_type=text_enum(FigureComparison)
    )
    counts: FigureCount | None = Field(
        default=None, description="核对的登记数 / what of the register it is checked against",
        sa_type=text_enum(FigureCount),
    )  # fmt: skip
    measure: IndicatorMeasure | None = Field(
        default=None, description="核对的计量项 / measure that it is checked against",
        sa_type=String(40),
    )  # fmt: skip
    level: HonourLevel | None = Field(
        default=None, description="称号或挂牌的级别 / level of the titles counted",
        sa_type=text_enum(HonourLevel),
    )  # fmt: skip
    since: date | None = Field(default=None, description="统计期起始日 / first day of the period")
    until: date | None = Field(default=None, description="统计期截止日 / last day of the period")
    due_on: date | None = Field(default=None, description="说明期限 / last day for an explanation")


class StatedFigure(StatedFigureFields, Placed, Table, table=True):
    """What a unit's document states, placed by the unit; what it says is never changed."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("num_nonnulls(since, until) IN (0, 2)", name="whole_period"),
        CheckConstraint("until >= since", name="period"),
        CheckConstraint("jsonb_typeof(stated) = 'array'", name="stated"),
        CheckConstraint("num_nonnulls(counts, measure) <= 1", name="one_register"),
        CheckConstraint(
            "num_nonnulls(explanation, explained_at, explained_by) IN (0, 3)", name="explanation"
        ),
        CheckConstraint(
            "num_nonnulls(outcome, conclusion, concluded_at, concluded_by) IN (0, 4)",
            name="conclusion",
        ),
        CheckConstraint("(concluded_at IS NULL) = (state <> 'closed')", name="closed"),
        CheckConstraint("explained_at IS NOT NULL OR state <> 'explained'", name="explained"),
        CheckConstraint("concluded_by <> explained_by", name="concluded_by_another"),
        *(Index(None, name, "id") for name in ("unit_id", "school_id", "county_id", "city_id")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    quote: str = Field(max_length=4000)
    cleaned: str = Field(max_length=4000)
    stated: list[dict[str, Any]] = Field(sa_type=JSONB)
    state: FigureState = Field(sa_type=text_enum(FigureState))
    verdict: FigureVerdict = Field(sa_type=text_enum(FigureVerdict))
    stated_at: datetime = Field(sa_type=MOMENT)
    stated_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    explanation: str | None = Field(default=None, max_length=2000)
    explained_at: datetime | None = Field(default=None, sa_type=MOMENT)
    explained_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    outcome: FigureOutcome | None = Field(default=None, sa_type=text_enum(FigureOutcome))
    conclusion: str | None = Field(default=None, max_length=2000)
    concluded_at: datetime | None = Field(default=None, sa_type=MOMENT)
    concluded_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class FigureCheck(Table, table=True):
    """An answer to a stated figure, as of a day; rows are only ever added."""

    __table_args__ = (
        UniqueConstraint("figure_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: UUID = key()
    figure_id: UUID = Field(foreign_key="stated_figure.id", sa_type=Uuid)
    number: int
    verdict: FigureVerdict = Field(sa_type=text_enum(FigureVerdict))
    reasons: list[dict[str, Any]] = Field(sa_type=JSONB)
    lines: list[dict[str, Any]] = Field(sa_type=JSONB)
    difference: Decimal | None = Field(default=None, sa_type=NUMBER)
    numerator: int | None = Field(default=None)
    denominator: int | None = Field(default=None)
    since: date | None = Field(default=None)
    until: date | None = Field(default=None)
    as_of: date
    checked_at: datetime = Field(sa_type=MOMENT)
    checked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class FigureCheckRow(Table, table=True):
    """What one school, or the bureau itself, has in the register's number; and what it stated itself."""

    check_id: UUID = Field(primary_key=True, foreign_key="figure_check.id", sa_type=Uuid)
    unit_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    numerator: int
    denominator: int | None = Field(default=None)
    own: int | None = Field(default=None)
