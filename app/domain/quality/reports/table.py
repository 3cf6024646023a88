"""What a report is: its kinds, its states, its figures with their bases, its words, its table."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.counts import CountKind
from app.domain.organisation.statistics import Precision
from app.domain.quality.reports.source import FigureCode
from app.domain.quality.school_comparisons import DesignationComparisonView, SchoolInequalityView


class ReportKind(StrEnum):
    """Whose report it is (报告类型), told by the unit."""

    SCHOOL_YEAR = "school_year"
    """学校年度校本研修工作报告"""
    COUNTY_WORK = "county_work"
    """县（市、区）校本研修工作汇报"""
    CITY_YEAR = "city_year"
    """市年度校本研修工作报告"""


class ReportState(StrEnum):
    """How far a report has come (状态)."""

    DRAFT = "draft"
    """草稿：数据已冻结，文字可改"""
    ISSUED = "issued"
    """已印发，不再改动"""
    SUPERSEDED = "superseded"
    """已被同期的新报告取代"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class ReportPart(BaseModel):
    """What one part of a figure comes to; the parts of a figure add up to it."""

    part: str = Field(description="分项 / part")
    label: str = Field(description="分项名称 / the part in Chinese")
    number: int = Field(description="数量 / number")


class ReportFigure(BaseModel):
    """A figure as it was frozen: what, in what, above and below the line, as of which day, by which rows."""

    code: FigureCode = Field(description="数据项 / what is counted")
    label: str = Field(description="名称 / its name, in Chinese")
    meaning: str = Field(description="英文口径 / what it counts, in English")
    counted_in: CountKind = Field(
        description="计量单位：人、人次等，不同者不相加 / in what it is counted"
    )
    measured: str = Field(description="量词 / the measure word")
    is_share: bool = Field(description="是否为占比 / whether it is a share")
    numerator: int = Field(
        description="分子，或数量；金额以分计 / numerator or number; money in fen"
    )
    denominator: int | None = Field(
        description="分母，非占比时为空 / denominator; null for no share"
    )
    value: Decimal | None = Field(
        description="值：占比以百计，金额以元计；分母为零时为空 / percentage, or yuan; null of nothing"
    )
    as_of: date = Field(description="基准日 / base date")
    parts: list[ReportPart] = Field(description="分项 / its parts")
    stated: int | None = Field(
        description="本单位填报数，未填报时为空 / what the unit itself stated"
    )
    stated_precision: Precision | None = Field(
        description="填报数的精确程度 / how exactly that was stated"
    )
    stated_source: str | None = Field(description="填报数来源 / where that is from")
    stated_difference: int | None = Field(description="填报数减登记数 / stated less registered")
    rows: str = Field(description="明细所在地址 / address of the rows behind it")


class ReportSection(BaseModel):
    """A section: its words, with figures named in braces, and how these read."""

    heading: str = Field(description="标题 / heading")
    text: str = Field(description="文字，数据以 {数据项} 引用 / words; figures are named in braces")
    rendered: str = Field(
        description="成文，数据已代入 / how it reads with the figures in their places"
    )


class ReportFields(BaseModel):
    """What a report is called, and of which days it is."""

    title: str = Field(min_length=2, max_length=100, description="标题 / title")
    since: date = Field(description="起始日 / first day of the period")
    until: date = Field(description="截止日 / last day of the period")


class Report(ReportFields, Placed, Table, table=True):
    """A report of a unit: its figures are written once, its words until it is issued."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(["superseded_by_id"], ["report.id"]),
        CheckConstraint("until >= since", name="ends_after_it_begins"),
        CheckConstraint("as_of BETWEEN since AND until", name="as_of"),
        CheckConstraint("num_nonnulls(issued_at, issued_by) IN (0, 2)", name="issued_whole"),
        CheckConstraint("issued_at IS NOT NULL OR state IN ('draft', 'withdrawn')", name="issued"),
        CheckConstraint("issued_at IS NULL OR state <> 'draft'", name="draft"),
        CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_because) IN (0, 3)",
            name="withdrawn_whole",
        ),
        CheckConstraint("(withdrawn_at IS NOT NULL) = (state = 'withdrawn')", name="withdrawn"),
        CheckConstraint(
            "superseded_by_id IS NULL OR state IN ('superseded', 'withdrawn')", name="superseded"
        ),
        CheckConstraint("superseded_by_id <> id", name="not_by_itself"),
        *(
            Index(
                f"uq_report_{state}", "unit_id", "since", "until", unique=True,
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("draft", "issued")
        ),
        *(
            Index(None, name, "until", "id")
            for name in ("unit_id", "school_id", "county_id", "city_id")
        ),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    kind: ReportKind = Field(sa_type=text_enum(ReportKind))
    state: ReportState = Field(sa_type=text_enum(ReportState))
    as_of: date
    known_at: datetime = Field(sa_type=MOMENT)
    figures: list[dict[str, Any]] = Field(sa_type=JSONB)
    inequality: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    comparison: list[dict[str, Any]] = Field(sa_type=JSONB)
    sections: list[dict[str, Any]] = Field(sa_type=JSONB)
    drafted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    edited_at: datetime = Field(sa_type=MOMENT)
    issued_at: datetime | None = Field(default=None, sa_type=MOMENT)
    issued_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    superseded_by_id: UUID | None = Field(default=None, sa_type=Uuid)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    withdrawn_because: str | None = Field(default=None, max_length=500)


class ReportView(ReportFields):
    """A report as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="报告单位 / unit whose report it is")
    unit_name: str = Field(description="报告单位名称 / its name")
    kind: ReportKind = Field(description="报告类型 / kind")
    state: ReportState = Field(description="状态 / state")
    as_of: date = Field(description="基准日 / day as of which the figures were computed")
    known_at: datetime = Field(description="取数时间 / moment at which the figures were computed")
    figures: list[ReportFigure] = Field(description="数据 / figures, as they were frozen")
    inequality: SchoolInequalityView | None = Field(
        description="校际差距（活动数）；学校报告为空 / how unequally activities are spread; null of a school"
    )
    comparison: list[DesignationComparisonView] = Field(
        description="命名学校与其他学校比较 / designated schools beside the others"
    )
    sections: list[ReportSection] = Field(description="正文 / sections")
    edited_at: datetime = Field(description="文字修改时间 / when its words were last changed")
    issued_at: datetime | None = Field(description="印发时间 / when it was issued")
    superseded_by_id: UUID | None = Field(description="取代它的报告 / report that took its place")
    withdrawn_at: datetime | None = Field(description="撤回时间 / when it was withdrawn")
    withdrawn_because: str | None = Field(description="撤回理由 / why it was withdrawn")
