"""What a call asks of a school (申报条件), each with its source, and by what the experts judge (评审标准).

A condition is read from the register and never from a form. It looks back over whole years that end on the
day of checking: each of them has to satisfy it, so that one good year is not taken for three.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.domain.errors import Unfit
from app.domain.organisation.designations import DesignationKind, DesignationLevel
from app.domain.quality.indicator_sheets.indicator import IndicatorCode
from app.domain.quality.measures import IndicatorMeasure

Bound = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=9, decimal_places=2)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)]
MOST_YEARS = 5
"""No condition looks further back than a cycle."""


class DemonstrationConditionKind(StrEnum):
    """From what of the register a condition is read (条件类型)."""

    MEASURE = "measure"
    """计量项"""
    EVALUATION = "evaluation"
    """评估得分率"""
    DESIGNATION = "designation"
    """已获命名数"""


class DemonstrationCondition(BaseModel):
    """One condition: what is looked at, in how many years, and what has to be reached."""

    model_config = ConfigDict(extra="forbid")

    code: IndicatorCode = Field(description="条件代码 / code")
    name: Text = Field(description="条件名称 / what is asked")
    kind: DemonstrationConditionKind = Field(description="条件类型 / from what it is read")
    measure: IndicatorMeasure | None = Field(
        default=None, description="计量项，仅限计量条件 / measure, where it is one"
    )
    designation_kind: DesignationKind | None = Field(
        default=None,
        description="命名类型，仅限命名条件，默认不限 / kind of designation, any by default",
    )
    designation_level: DesignationLevel | None = Field(
        default=None,
        description="命名级别，仅限命名条件，默认不限 / level of designation, any by default",
    )
    at_least: Bound | None = Field(
        default=None, description="不低于（含） / at least; shares are of a hundred"
    )
    at_most: Bound | None = Field(
        default=None, description="不高于（含） / at most; shares are of a hundred"
    )
    years: int = Field(
        default=1, ge=1, le=MOST_YEARS,
        description="截至核查日的连续年数，每年均须达到 / years up to the day of checking, each of them",
    )  # fmt: skip
    source: Text = Field(description="依据：文件与条款 / document and article")
    assumed: bool = Field(
        default=False,
        description="数值非文件所定，由发布单位自定 / the source gives no number: it is assumed",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise Unfit("须且只须规定下限或上限之一。", "Ask for a least or for a most, not both.")
        if (self.measure is not None) != (self.kind is DemonstrationConditionKind.MEASURE):
            raise Unfit(
                "计量条件须指明计量项，其他条件不得指明。", "A measure is named where it is one."
            )
        of_titles = self.kind is DemonstrationConditionKind.DESIGNATION
        if not of_titles and (self.designation_kind or self.designation_level):
            raise Unfit(
                "只有命名条件才规定命名类型与级别。", "Only a condition of titles names their kind."
            )
        if of_titles and self.years != 1:
            raise Unfit(
                "命名条件只看核查日。", "Titles are looked at on the day of checking alone."
            )
        return self


class NewDemonstrationCondition(DemonstrationCondition):
    """A condition of a call to be published."""


class DemonstrationCriterion(BaseModel):
    """By what an expert judges, and how many points there are for it."""

    model_config = ConfigDict(extra="forbid")

    code: IndicatorCode = Field(description="标准代码 / code")
    name: Text = Field(description="评审标准 / what is judged")
    points: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)] = Field(
        description="满分 / the most points that there are"
    )


class NewDemonstrationCriterion(DemonstrationCriterion):
    """A criterion of a call to be published."""
