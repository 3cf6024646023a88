"""Conditions of completion (结业条件): what somebody must have done in a class to complete the course.

They are part of what a course says, so that they are reviewed with it and kept with its version. The family
is closed: `learning.course_completions` knows how far each is reached.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field, model_validator

from app.domain.base import Command
from app.domain.errors import Unfit


class ConditionKind(StrEnum):
    """What is asked for (条件类别)."""

    ATTENDANCE = "attendance"
    """出勤率"""
    EXERCISES = "exercises"
    """作业"""
    JUDGEMENT = "judgement"
    """组织者评定"""
    TEST = "test"
    """测验合格"""


class CompletionCondition(BaseModel):
    """One condition; all that a course declares must be met."""

    kind: ConditionKind = Field(description="条件类别 / what is asked for")
    least: int | None = Field(
        default=None,
        description="最低要求：出勤为学时百分比，作业为通过的份数（空为全部），评定和测验不填 / of"
        " attendance, per cent of the hours; of exercises, how many accepted (null: all); else nothing",
    )


class NewCompletionCondition(CompletionCondition, Command):
    """A condition as it is given."""

    least: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="最低要求：出勤为学时百分比，作业为通过的份数（空为全部），评定和测验不填 / of"
        " attendance, per cent of the hours; of exercises, how many accepted (null: all); else nothing",
    )

    @model_validator(mode="after")
    def _asks_for_enough(self) -> Self:
        if self.kind is ConditionKind.ATTENDANCE and self.least is None:
            raise Unfit("出勤条件须填写百分比。", "Of attendance a per cent is asked for.")
        if self.kind is ConditionKind.JUDGEMENT and self.least is not None:
            raise Unfit("组织者评定没有数量要求。", "A judgement has no number.")
        if self.kind is ConditionKind.TEST and self.least is not None:
            raise Unfit("合格线由测验规定，条件中不填。", "A test says itself what passes it.")
        return self


MOST_CONDITIONS = len(ConditionKind)
"""Each kind is asked for once."""


def check_each_once(conditions: Sequence[CompletionCondition]) -> None:
    """Refuse to ask for the same kind twice."""
    if len({each.kind for each in conditions}) < len(conditions):
        raise Unfit("每类结业条件只能列一次。", "Each kind of condition is named once.")
