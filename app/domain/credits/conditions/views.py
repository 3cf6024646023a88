"""What is shown of conditions: whether training is met for a purpose, why, and what would change it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.credits.conditions.changing import RemedyKind
from app.domain.credits.packs.parts import Unit
from app.domain.credits.packs.purposes import Frame, PurposeKind
from app.domain.credits.rules import Verdict
from app.domain.credits.standings.views import (
    AssumptionView,
    BasisView,
    CountedView,
    NamedValue,
    RequirementView,
    SaidView,
)


class Outcome(StrEnum):
    """How a pre-check ends (预审结论); of training alone, and never of the purpose as a whole."""

    QUALIFIED = "qualified"  # 合格: all that is asked is met
    DEFERRED = "deferred"  # 暂缓: there is still time, or a fact that decides is not known
    UNQUALIFIED = "unqualified"  # 不合格: a window is over without what it needed


OUTCOMES = {
    Verdict.MET: Outcome.QUALIFIED,
    Verdict.WAIVED: Outcome.QUALIFIED,
    Verdict.OPEN: Outcome.DEFERRED,
    Verdict.UNDECIDED: Outcome.DEFERRED,
    Verdict.MISSED: Outcome.UNQUALIFIED,
}


class ConditionView(BaseModel):
    """Whether the condition of training is met for a purpose: one of several conditions.

    The frame is the time that is looked at, both days included; where it is not known, the verdict is
    `undecided` and `frame_reason` says why. The windows of the requirements lie inside the frame.
    """

    teacher_id: UUID = Field(description="教师 / teacher")
    purpose: PurposeKind = Field(description="用途 / purpose")
    purpose_id: str = Field(description="编号 / id in the pack")
    title_zh: str = Field(description="名称（中文） / title in Chinese")
    title_en: str = Field(description="名称（英文） / title in English")
    outcome: Outcome = Field(description="培训条件预审结论 / outcome, of training alone")
    verdict: Verdict = Field(description="培训条件达标情况 / verdict, of training alone")
    verdict_until: date | None = Field(
        description="结论可能变化的首日 / first day on which it may turn without an entry"
    )
    scope: SaidView = Field(
        description="说明：培训条件只是必备条件之一 / it is one condition of several"
    )
    frame: Frame = Field(description="期间 / which time is looked at")
    frame_start: date | None = Field(description="期间首日 / first day of it")
    frame_end: date | None = Field(description="期间末日 / last day of it")
    frame_reason: SaidView | None = Field(
        description="期间无法确定的原因 / why the time is not known"
    )
    frame_basis: BasisView = Field(description="期间的依据 / ground of the frame")
    basis: BasisView = Field(description="以培训为条件的依据 / ground of the condition")
    pack_id: str = Field(description="规则包 / pack")
    pack_version: int = Field(description="规则包版本 / version of the pack")
    as_of: date = Field(description="截至取得日期 / counted by the day of earning until")
    known_on: date | None = Field(description="截至入账日期 / by the day of recording until")
    unit: Unit = Field(description="计量单位 / unit of the amounts")
    requirements: list[RequirementView] = Field(description="各项要求 / requirements")


class ContributionView(CountedView):
    """What an entry within the frame earned, what of it counts, and towards what."""

    requirements: list[str] = Field(description="计入的要求 / requirements that it counts towards")


class RemedyView(BaseModel):
    """One thing that would change what a requirement lacks, in the pack's unit."""

    kind: RemedyKind = Field(description="类别 / what would have to be otherwise")
    requirement_id: str = Field(description="要求 / requirement")
    start: date = Field(description="期间首日 / first day of the window")
    end: date = Field(description="期间末日 / last day of the window")
    amount: Decimal = Field(
        description="数额：须再计入的、被核减的、被冲销的 / to count more, cut, or reversed"
    )
    missing: Decimal = Field(description="现缺额 / missing now")
    missing_after: Decimal = Field(description="改变后的缺额 / missing then")
    cap_id: str | None = Field(description="相关上限 / the cap, where it is one")
    entry_id: UUID | None = Field(description="相关记录 / the entry, where it is one")
    said: SaidView = Field(description="说明 / the same in words")


class ConditionExplanationView(ConditionView):
    """A condition with everything that it was judged by, and what would change it.

    From `contributions` alone each requirement can be counted again: in each window, what counts is
    the sum of `counted` of those that name the requirement and were earned in it.
    """

    inputs: list[NamedValue] = Field(description="本人情况 / facts of the person that were asked")
    contributions: list[ContributionView] = Field(description="计入的记录 / what was counted")
    changes: list[RemedyView] = Field(description="如何改变结论 / what would change it")
    assumptions: list[AssumptionView] = Field(description="假定 / what no source states")


class UnmetView(BaseModel):
    """A requirement that somebody does not meet."""

    id: str = Field(description="编号 / id in the pack")
    title_zh: str = Field(description="名称（中文） / title in Chinese")
    title_en: str = Field(description="名称（英文） / title in English")
    verdict: Verdict = Field(description="结论 / verdict")
    needed: Decimal = Field(description="要求 / needed")
    counted: Decimal = Field(description="已计 / counted")
    missing: Decimal = Field(description="缺额 / missing")
    basis: BasisView = Field(description="依据 / ground")


class PrecheckView(BaseModel):
    """One line of a pre-check list: a teacher, how training ends for a purpose, and why."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: str = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    school: str = Field(description="学校名称 / name of the school")
    purpose: PurposeKind = Field(description="用途 / purpose")
    outcome: Outcome = Field(description="培训条件预审结论 / outcome, of training alone")
    verdict: Verdict = Field(description="培训条件达标情况 / verdict, of training alone")
    frame_start: date | None = Field(description="期间首日 / first day of the frame")
    frame_end: date | None = Field(description="期间末日 / last day of the frame")
    frame_reason: SaidView | None = Field(description="期间无法确定的原因 / why it is not known")
    unmet: list[UnmetView] = Field(description="未达到的要求 / what is not met")
    as_of: date = Field(description="截至取得日期 / counted by the day of earning until")
    known_on: date | None = Field(description="截至入账日期 / by the day of recording until")
