"""What both faces accept of somebody who drafts a survey."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from app.domain.base import Command
from app.domain.errors import Unfit
from app.domain.people.teachers.strata import Stratum
from app.domain.training.surveys.questions import MOST_QUESTIONS, NewQuestion, check_codes
from app.domain.training.surveys.table import SurveyFields
from app.domain.training.surveys.vocabulary import Breakdown

OWNERS = ("unit_id", "group_id", "network_id", "department_id")
"""The fields that say whose a survey is: one of them does."""


def _check_window(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Unfit("截止时间须晚于开始时间。", "A survey closes after it opens.")


class NewSurvey(SurveyFields, Command):
    """A survey to be drafted by a unit, or by a group, a network or a department."""

    unit_id: UUID | None = Field(default=None, description="所属单位，或以下之一 / unit, or")
    group_id: UUID | None = Field(default=None, description="教研组 / group, or")
    network_id: UUID | None = Field(default=None, description="片区、联盟 / network, or")
    department_id: UUID | None = Field(default=None, description="部门 / department")
    opens_at: AwareDatetime | None = Field(
        default=None, description="开始时间，模板不填 / when it opens; a template does not"
    )
    closes_at: AwareDatetime | None = Field(
        default=None, description="截止时间，模板不填 / when it closes; a template does not"
    )
    audience: list[UUID] = Field(
        default_factory=list,
        max_length=200,
        description="调查对象：单位、教研组，默认为所属者 / units and groups; the owner by default",
    )
    questions: list[NewQuestion] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description="题目 / questions, in their order"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(getattr(self, name) is not None for name in OWNERS) != 1:
            raise Unfit(
                "问卷须属于一个单位、教研组、片区或部门。",
                "A survey is one unit's, one group's, one network's or one department's.",
            )
        given = sum(moment is not None for moment in (self.opens_at, self.closes_at))
        if given != (0 if self.is_template else 2):
            raise Unfit(
                "问卷须有开始和截止时间，模板没有。",
                "A survey opens and closes at a time, a template does neither.",
            )
        _check_window(self.opens_at, self.closes_at)
        check_codes(self.questions)
        return self


class SurveyChanges(Command):
    """What of a draft is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="标题 / title"
    )
    introduction: str | None = Field(
        default=None, min_length=1, max_length=2000, description="说明 / introduction"
    )
    anonymous: bool | None = Field(default=None, description="是否匿名 / whether it is anonymous")
    breakdowns: list[Breakdown] | None = Field(
        default=None, max_length=8, description="分组口径 / by what answers are told apart"
    )
    opens_at: AwareDatetime | None = Field(default=None, description="开始时间 / when it opens")
    closes_at: AwareDatetime | None = Field(default=None, description="截止时间 / when it closes")
    strata: list[Stratum] | None = Field(
        default=None, max_length=len(Stratum), description="面向的类别 / strata that it is for"
    )
    audience: list[UUID] | None = Field(
        default=None, max_length=200, description="调查对象 / units and groups it is for"
    )
    questions: list[NewQuestion] | None = Field(
        default=None, min_length=1, max_length=MOST_QUESTIONS, description="题目 / questions"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in self.model_fields_set - {"introduction"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        _check_window(self.opens_at, self.closes_at)
        check_codes(self.questions or ())
        return self


class SurveyRepetition(Command):
    """When a survey, or a template, is held again."""

    title: str = Field(min_length=1, max_length=200, description="标题 / title")
    opens_at: AwareDatetime = Field(description="开始时间 / when it opens")
    closes_at: AwareDatetime = Field(description="截止时间 / when it closes")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _check_window(self.opens_at, self.closes_at)
        return self
