"""An indicator (指标): what is looked at, how much it weighs, where its value comes from, how it is scored."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.domain.counts import two_places
from app.domain.errors import Unfit
from app.domain.quality.measures import IndicatorMeasure

IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A short name for programs."""
Weight = Annotated[Decimal, Field(gt=0, le=1000, max_digits=6, decimal_places=2)]
Bound = Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000, max_digits=9, decimal_places=2)]
EvidenceAsked = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]


class IndicatorKind(StrEnum):
    """What an indicator looks at (类别): 加强过程评价和绩效评估 (岳市教发〔2013〕18号 第二十六条)."""

    PROCESS = "process"
    """过程评价"""
    PERFORMANCE = "performance"
    """绩效评估"""


class IndicatorSource(StrEnum):
    """Where the value of an indicator comes from (数据来源)."""

    COMPUTED = "computed"
    """由登记数据计算，无须填报"""
    CLAIMED = "claimed"
    """由被评单位自报，评估人员核定"""
    VERIFIED = "verified"
    """由评估人员评定"""


class ScoringKind(StrEnum):
    """By which rule a value becomes points (计分方式)."""

    LINEAR = "linear"
    """两值之间按比例"""
    STEPS = "steps"
    """分档"""
    YES_NO = "yes_no"
    """有或无"""
    JUDGED = "judged"
    """评估人员在 0 至上限之间评分"""


class ScoringStep(BaseModel):
    """From which value on which part of the weight is given."""

    model_config = ConfigDict(extra="forbid")

    at_least: Bound = Field(description="不低于该值 / from this value on")
    share: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)] = Field(
        description="得权重的百分之几 / per cent of the weight that is given"
    )


class Scoring(BaseModel):
    """How a value becomes points: a part of the weight, from none to all of it."""

    model_config = ConfigDict(extra="forbid")

    kind: ScoringKind = Field(description="计分方式 / rule")
    none_at: Bound | None = Field(
        default=None, description="按比例：得零分的值 / linear: the value that gives nothing"
    )
    full_at: Bound | None = Field(
        default=None,
        description="按比例：得满分的值；评分：上限 / linear, judged: the value that gives all",
    )
    steps: list[ScoringStep] = Field(
        default_factory=list, max_length=10, description="分档，由低到高 / steps, rising"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = {name for name in ("none_at", "full_at") if getattr(self, name) is not None}
        if given != _ENDS[self.kind] or bool(self.steps) != (self.kind is ScoringKind.STEPS):
            raise Unfit(
                "计分参数与计分方式不符。",
                "These are not the numbers that this rule of scoring needs.",
            )
        if self.none_at is not None and self.none_at == self.full_at:
            raise Unfit("零分值与满分值不能相同。", "What gives nothing cannot give all.")
        if self.kind is ScoringKind.JUDGED and self.full_at is not None and self.full_at <= 0:
            raise Unfit("评分上限须大于零。", "What is judged is judged out of more than nothing.")
        values = [step.at_least for step in self.steps]
        if values != sorted(set(values)):
            raise Unfit(
                "分档须由低到高，不得重复。", "Steps rise, and each begins at its own value."
            )
        return self


_ENDS: dict[ScoringKind, set[str]] = {
    ScoringKind.LINEAR: {"none_at", "full_at"},
    ScoringKind.STEPS: set(),
    ScoringKind.YES_NO: set(),
    ScoringKind.JUDGED: {"full_at"},
}


class Indicator(BaseModel):
    """One line of a sheet."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    code: IndicatorCode = Field(description="指标代码 / code")
    name: str = Field(min_length=1, max_length=100, description="指标名称 / name")
    kind: IndicatorKind = Field(description="过程或绩效 / process or performance")
    weight: Weight = Field(description="权重（分值） / weight, in points")
    source: IndicatorSource = Field(description="数据来源 / where the value comes from")
    measure: IndicatorMeasure | None = Field(
        default=None, description="计量项，由数据计算时必填 / measure of what is computed"
    )
    scoring: Scoring = Field(description="计分规则 / rule of scoring")
    evidence: list[EvidenceAsked] = Field(
        default_factory=list, max_length=10, description="所需佐证 / evidence that is asked for"
    )
    article: str | None = Field(
        default=None, min_length=1, max_length=100, description="依据条款 / article it rests on"
    )

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if (self.measure is not None) != (self.source is IndicatorSource.COMPUTED):
            raise Unfit(
                "由数据计算的指标须指明计量项，其他指标不得指明。",
                "A measure is named for what is computed, and for nothing else.",
            )
        if (self.scoring.kind is ScoringKind.JUDGED) != (self.source is IndicatorSource.VERIFIED):
            raise Unfit(
                "评估人员评定的指标用评分方式，其他指标不用。",
                "What the evaluator finds is judged; what is counted or claimed is not.",
            )
        return self


class NewScoringStep(ScoringStep):
    """A step of a sheet to be published."""


class NewScoring(Scoring):
    """A rule of scoring of a sheet to be published."""

    steps: list[NewScoringStep] = Field(  # type: ignore[assignment]  # narrower, for the faces' inputs
        default_factory=list, max_length=10, description="分档，由低到高 / steps, rising"
    )


class NewIndicator(Indicator):
    """An indicator of a sheet to be published."""

    scoring: NewScoring = Field(description="计分规则 / rule of scoring")


def points_of(indicator: Any, value: Decimal | None) -> Decimal | None:
    """The points that a value gives by an indicator's rule, half up to two places; None without a value.

    The indicator is as a published sheet holds it: a dictionary, its numbers as text.
    """
    if value is None:
        return None
    scoring = Scoring.model_validate(indicator["scoring"])
    share = _share(scoring, value)
    return two_places(Decimal(indicator["weight"]) * share)


def _share(scoring: Scoring, value: Decimal) -> Decimal:
    """Which part of the weight a value gives, from 0 to 1."""
    if scoring.kind is ScoringKind.YES_NO:
        return Decimal(value > 0)
    if scoring.kind is ScoringKind.STEPS:
        reached = [step.share for step in scoring.steps if value >= step.at_least]
        return reached[-1] / 100 if reached else Decimal(0)
    none_at, full_at = scoring.none_at or Decimal(0), scoring.full_at or Decimal(0)
    return min(max((value - none_at) / (full_at - none_at), Decimal(0)), Decimal(1))
