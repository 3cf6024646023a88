"""Results of a school year (年度评估结果): what the evaluations said of each unit of a place.

「将校本培训评估结果纳入学校年度考核」 (岳市教发〔2013〕18号 第二十九条): this is the input for the school's own
annual assessment. It is about units. Nothing of it names a teacher, or leads to a teacher's assessment.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Integer, Uuid, bindparam, cast, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.people.teachers import place_column
from app.domain.quality.check_orders import CheckKind, CheckOrder
from app.domain.quality.indicator_sheets import IndicatorSheet
from app.domain.quality.rectifications import Rectification, RectificationState
from app.domain.quality.unit_evaluations import EvaluationState, UnitEvaluation
from app.sql import Connection, Row, Statement


class EvaluationResultView(BaseModel):
    """What one evaluation said of one unit."""

    unit_id: UUID = Field(description="单位 / unit")
    name: str = Field(description="单位名称 / its name")
    level: Level = Field(description="层级 / its level")
    evaluation_id: UUID = Field(description="评估 / evaluation")
    kind: CheckKind = Field(description="检查类型 / kind")
    by_unit_id: UUID = Field(description="评估教育局 / bureau that evaluated")
    state: EvaluationState = Field(description="状态 / published, appealed against, or settled")
    score: Decimal = Field(description="得分 / score")
    total: Decimal = Field(description="总分 / what could be reached")
    published_at: datetime = Field(description="公布时间 / when it was published")
    rectifications: int = Field(description="整改事项数 / problems to be put right")
    rectified: int = Field(description="已销号数 / of these, closed")


# What can be refused.


class SchoolYearUnfit(Invalid):
    """A school year is named by the year in which it begins."""

    code = "school_year_unfit"
    zh = "学年以起始年表示，须在 2000 至 2100 之间。"
    en = "A school year is named by the year in which it begins, from 2000 to 2100."


def is_school_year(school_year: int) -> bool:
    """Whether a year is one of those of whose school year there may be results."""
    return 2000 <= school_year <= 2100


def check_school_year(school_year: int) -> None:
    """Refuse what is no year in which a school year begins."""
    if not is_school_year(school_year):
        raise SchoolYearUnfit


# What may be asked.


def _results(place: str) -> Statement:
    asked = select(cast(func.count(), Integer)).where(
        col(Rectification.evaluation_id) == col(UnitEvaluation.id),
        # What was asked by mistake is none of what the unit has to put right.
        col(Rectification.state) != RectificationState.WITHDRAWN,
    )
    closed = asked.where(col(Rectification.state) == RectificationState.CLOSED)
    return Statement(
        select(
            col(Unit.id).label("unit_id"), col(Unit.name), col(Unit.level),
            col(UnitEvaluation.id).label("evaluation_id"), col(CheckOrder.kind),
            col(UnitEvaluation.by_unit_id), col(UnitEvaluation.state), col(UnitEvaluation.score),
            col(IndicatorSheet.total), col(UnitEvaluation.published_at),
            asked.correlate(UnitEvaluation).scalar_subquery().label("rectifications"),
            closed.correlate(UnitEvaluation).scalar_subquery().label("rectified"),
        )
        .join_from(UnitEvaluation, Unit, col(Unit.id) == col(UnitEvaluation.unit_id))
        .join(CheckOrder, col(UnitEvaluation.order_id) == col(CheckOrder.id))
        .join(IndicatorSheet, col(CheckOrder.sheet_id) == col(IndicatorSheet.id))
        .where(
            col(getattr(UnitEvaluation, place)) == bindparam("unit_id", type_=Uuid),
            col(CheckOrder.school_year) == bindparam("school_year", type_=Integer),
            col(UnitEvaluation.published_at).is_not(None),
        )
        .order_by(col(Unit.name), col(Unit.id), col(UnitEvaluation.published_at))
    )  # fmt: skip


_RESULTS = {place: _results(place) for place in ("city_id", "county_id", "school_id")}


async def list_evaluation_results(
    db: Connection, actor: Actor, *, unit_id: UUID, school_year: int
) -> list[Row]:
    """The published results of a unit and all below it in a school year, by name; at most one an order."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    check_school_year(school_year)
    return await db.all(_RESULTS[place_column(unit)], unit_id=unit_id, school_year=school_year)
