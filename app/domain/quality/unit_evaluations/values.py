"""The values of an evaluation: what was computed, claimed and verified of each indicator, side by side."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.quality.check_orders.order import CheckOrder
from app.domain.quality.indicator_sheets import IndicatorKind, IndicatorSheet, IndicatorSource
from app.domain.quality.measures import IndicatorMeasure, rows_behind
from app.domain.quality.unit_evaluations.evaluation import UNIT_EVALUATIONS
from app.domain.quality.unit_evaluations.table import (
    EvaluationEvidence,
    EvaluationValue,
    UnitEvaluation,
)
from app.sql import Connection, Row, Statement


class EvaluationValueView(BaseModel):
    """One indicator of an evaluation with its three values."""

    indicator: str = Field(description="指标代码 / code of the indicator")
    name: str = Field(description="指标名称 / name")
    kind: IndicatorKind = Field(description="过程或绩效 / process or performance")
    source: IndicatorSource = Field(description="数据来源 / where the value comes from")
    weight: Decimal = Field(description="权重（分值） / weight, in points")
    evidence_asked: list[str] = Field(description="所需佐证 / evidence that is asked for")
    numerator: int | None = Field(description="分子，或计数 / numerator, or what was counted")
    denominator: int | None = Field(description="分母 / denominator, null for what is no share")
    computed: Decimal | None = Field(description="计算值 / computed, null where there is none")
    as_of: date = Field(description="取数日 / day as of which it was computed")
    rows: str | None = Field(description="明细所在地址 / address of the rows behind it")
    claimed: Decimal | None = Field(description="自报值 / what the unit claims")
    claim: str | None = Field(description="自报说明 / what the unit says about it")
    file_ids: list[UUID] = Field(description="佐证文件 / files that show it")
    verified: Decimal | None = Field(description="核定值，公布后可见 / verified, once published")
    reason: str | None = Field(description="核定理由 / why it differs")
    points: Decimal | None = Field(description="得分，公布后可见 / points, once published")


# What may be asked.

_ID = bindparam("evaluation_id", type_=Uuid)
_files = func.array(
    select(col(EvaluationEvidence.file_id))
    .where(
        col(EvaluationEvidence.evaluation_id) == col(EvaluationValue.evaluation_id),
        col(EvaluationEvidence.indicator) == col(EvaluationValue.indicator),
    )
    .order_by(col(EvaluationEvidence.file_id))
    .correlate(EvaluationValue)
    .scalar_subquery()
)
_OWN = (
    "indicator", "numerator", "denominator", "computed", "claimed", "claim", "verified", "reason",
    "points",
)  # fmt: skip
_VALUES = Statement(
    select(*(col(getattr(EvaluationValue, name)) for name in _OWN), _files.label("file_ids"))
    .where(col(EvaluationValue.evaluation_id) == _ID)
    .order_by(col(EvaluationValue.ordinal))
)
_ASKED = Statement(
    select(
        col(IndicatorSheet.indicators), col(CheckOrder.since), col(CheckOrder.until),
        col(CheckOrder.as_of), col(CheckOrder.appeal_days),
    )
    .join_from(UnitEvaluation, CheckOrder, col(UnitEvaluation.order_id) == col(CheckOrder.id))
    .join(IndicatorSheet, col(CheckOrder.sheet_id) == col(IndicatorSheet.id))
    .where(col(UnitEvaluation.id) == _ID)
)  # fmt: skip


async def asked_of(db: Connection, *, evaluation_id: UUID) -> Row:
    """By which indicators a unit is evaluated, over which period; the caller has opened its door."""
    return await db.one(_ASKED, evaluation_id=evaluation_id) or {}


async def values_of(db: Connection, *, evaluation_id: UUID) -> list[Row]:
    """The lines of an evaluation, in the order of the sheet; the caller has opened its door."""
    return await db.all(_VALUES, evaluation_id=evaluation_id)


async def list_evaluation_values(db: Connection, actor: Actor, *, evaluation_id: UUID) -> list[Row]:
    """The indicators of an evaluation with their values, each computed one with the rows behind it."""
    evaluation = await UNIT_EVALUATIONS.get(db, actor, evaluation_id)
    asked = await asked_of(db, evaluation_id=evaluation_id)
    indicators = {each["code"]: each for each in asked["indicators"]}
    return [
        row | _described(indicators[row["indicator"]], evaluation["unit_id"], asked)
        for row in await values_of(db, evaluation_id=evaluation_id)
    ]


def _described(indicator: dict[str, Any], unit_id: UUID, asked: Row) -> Row:
    """What the sheet says of an indicator, and where the rows behind its value are."""
    period = {
        "unit_id": unit_id,
        "since": asked["since"],
        "until": asked["until"],
        "as_of": asked["as_of"],
    }
    measure = indicator["measure"]
    return {
        "name": indicator["name"], "kind": indicator["kind"], "source": indicator["source"],
        "weight": indicator["weight"], "evidence_asked": indicator["evidence"],
        "as_of": asked["as_of"],
        "rows": rows_behind(IndicatorMeasure(measure), **period) if measure else None,
    }  # fmt: skip
