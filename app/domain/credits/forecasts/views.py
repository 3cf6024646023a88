"""What a forecast shows: the present course to the cycle's end, and what would close the gap."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.credits.forecasts.planning import Method
from app.domain.credits.packs.parts import Unit
from app.domain.credits.standings.views import BasisView, SaidView


class RequirementForecastView(BaseModel):
    """A requirement now, on the present course, and with the plan; amounts in the pack's unit."""

    id: str = Field(description="编号 / id in the pack")
    title_zh: str = Field(description="名称（中文） / title in Chinese")
    title_en: str = Field(description="名称（英文） / title in English")
    needed: Decimal = Field(description="要求 / needed")
    counted_now: Decimal = Field(description="现已计 / counted now")
    counted_then: Decimal = Field(description="按现有安排周期末计 / counted on the present course")
    missing_then: Decimal = Field(description="周期末缺额 / missing on the present course")
    missing_with_plan: Decimal = Field(description="加上建议后的缺额 / missing with the plan")
    will_be_met: bool | None = Field(
        description="按现有安排能否达到，缺信息时为空 / on the present course; null: cannot be told"
    )
    basis: BasisView = Field(description="依据 / ground")


class AheadView(BaseModel):
    """An activity that lies ahead, and what it would bring."""

    activity_id: UUID = Field(description="活动 / activity")
    title: str = Field(description="名称 / title")
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期 / last day")
    hours: Decimal = Field(description="学时 / hours")
    earned: Decimal = Field(description="可取得数额 / what it would earn, in the pack's unit")
    counted: Decimal = Field(description="可计入数额 / what of it would count")
    reason: SaidView | None = Field(description="不能取得学分的原因 / why it would earn nothing")


class ClosingPlanView(BaseModel):
    """What to take part in, so that least is missing with the fewest hours."""

    method: Method = Field(description="求解方法 / how it was found")
    hours: Decimal = Field(description="学时合计 / hours in all")
    complete: bool = Field(description="是否补足全部缺额 / whether nothing is missing with it")
    activities: list[AheadView] = Field(description="建议参加的活动 / activities")


class ForecastView(BaseModel):
    """How a teacher's cycle will end, as things stand today.

    It supposes that whatever the teacher is enrolled in is attended in full and recognised on its last day
    under the pack in force then, and that the facts about the person stay as they are known.
    """

    teacher_id: UUID = Field(description="教师 / teacher")
    pack_id: str = Field(description="规则包 / pack")
    pack_version: int = Field(description="规则包版本 / version of the pack")
    cycle_start: date = Field(description="周期首日 / first day of the cycle")
    cycle_end: date = Field(description="周期末日 / last day of the cycle")
    today: date = Field(description="预测日 / day of the forecast")
    unit: Unit = Field(description="计量单位 / unit of the amounts")
    requirements: list[RequirementForecastView] = Field(
        description="适用的各项要求 / requirements asked of the teacher"
    )
    enrolled: list[AheadView] = Field(description="已报名的活动 / what the teacher is enrolled in")
    plan: ClosingPlanView = Field(description="补足建议 / what would close the gap")
    offered: int = Field(
        description="所考察的可报名活动数 / activities on offer that were looked at"
    )
    more_offered: bool = Field(description="是否还有未考察的活动 / whether there are others")
