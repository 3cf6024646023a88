"""Purposes (用途): what a pack's requirements are a condition of, and over which time of a person.

Training is one of several conditions (必备条件之一) of registration, appraisal, appointment, title review
and the selection of backbone teachers. A purpose says which requirements of the pack it asks, and in
which frame: the windows of a requirement are then those inside the frame, and `cycle` is the frame itself.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.domain.credits.packs.parts import Code, Part, Stated, Text
from app.domain.credits.packs.problems import fault


class PurposeKind(StrEnum):
    """For what the condition is asked."""

    REGISTRATION = "registration"  # 教师资格定期注册
    APPRAISAL = "appraisal"  # 教师考核
    APPOINTMENT = "appointment"  # 职务聘任
    TITLE_REVIEW = "title_review"  # 职称评审
    BACKBONE_SELECTION = "backbone_selection"  # 骨干教师评选


class Frame(StrEnum):
    """The time of a person that is looked at, on the day of asking."""

    CYCLE = "cycle"  # 本周期: the pack's cycle
    REGISTRATION = "registration"  # 本次注册有效期: the validity of the person's last registration
    SINCE_RANK = "since_rank"  # 任现职以来: since the present rank is held
    LAST_SCHOOL_YEAR = "last_school_year"  # 上一学年: the last one that is over
    LAST_CALENDAR_YEAR = "last_calendar_year"  # 上一年度: the last one that is over
    LAST_YEARS = "last_years"  # 近若干年: so many years up to the day


_YEARS_OF = frozenset({Frame.LAST_YEARS, Frame.REGISTRATION, Frame.SINCE_RANK})


class Purpose(Part):
    """One purpose of the pack, on the ground that makes training its condition.

    `requirements` names those of the pack that it asks, by their ids; none named: all. `years` is how
    long the frame is: of `last_years`; of a registration whose end is not recorded; and of
    `since_rank` the most that is looked back.
    """

    id: Code
    kind: PurposeKind
    title: Text
    ground: Stated[Literal[True]]
    frame: Stated[Frame]
    years: Stated[Annotated[int, Field(ge=1, le=10)]] | None = None
    requirements: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _has_its_length(self) -> Self:
        frame = self.frame.value
        if self.years is None and frame is Frame.LAST_YEARS:
            raise fault("frame_without_years")
        if self.years is not None and frame not in _YEARS_OF:
            raise fault("frame_has_its_length")
        return self
