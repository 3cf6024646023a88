"""The measures (计量项): what can be computed of a unit from the register, by itself, without any form.

The family is closed: a sheet names a measure, and what it counts is the same in every sheet. A share is of
a hundred and always carries its numerator and its denominator; where there is nothing that it could be a
share of, it has no value. Persons (人) and person-times (人次) are different units and are never added.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.access.roles import Permission


class IndicatorMeasure(StrEnum):
    """What is computed (计量项)."""

    ACTIVITIES_HELD = "activities_held"
    """举办的研修活动"""
    ACTIVITIES_CLOSED = "activities_closed"
    """已办结的活动占比"""
    PLANNED_ACTIVITIES_HELD = "planned_activities_held"
    """计划项落实率"""
    PLANS_IN_TIME = "plans_in_time"
    """按期报送并获批的计划占比"""
    ATTENDANCE_SHARE = "attendance_share"
    """到会人次占比"""
    NO_SHOWS = "no_shows"
    """无故缺席人次"""
    NOTES_SHARE = "notes_share"
    """提交笔记的人次占比"""
    CREDITED_TEACHERS_SHARE = "credited_teachers_share"
    """取得学分的教师占比"""
    GROUPS_LED_SHARE = "groups_led_share"
    """有负责人的教研组占比"""
    DEMONSTRATIONS_SHARE = "demonstrations_share"
    """公开课、示范课占比"""
    MENTORSHIPS = "mentorships"
    """师徒结对数"""
    TOPICS = "topics"
    """在研课题数"""
    COURSES = "courses"
    """发布的课程数"""
    RESOURCES = "resources"
    """共享的资源数"""
    EVALUATIONS_ANSWERED_SHARE = "evaluations_answered_share"
    """活动评价的答卷占比"""
    REGULATIONS_SHARE = "regulations_share"
    """五类制度齐全的学校占比"""
    RESPONSIBLE_SHARE = "responsible_share"
    """落实培训责任人的学校占比"""
    SUMMARISED_SHARE = "summarised_share"
    """总结了年度计划的学校占比"""
    ARCHIVED_SHARE = "archived_share"
    """研训档案已封存的学校占比"""
    EVALUATED_SHARE = "evaluated_share"
    """有评估结果的学校占比"""
    VISITED_SHARE = "visited_share"
    """接受到校指导的学校占比"""
    FUNDED_SHARE = "funded_share"
    """收到拨付经费的学校占比"""


class MeasureUnit(StrEnum):
    """In what a measure is counted (计量单位)."""

    PERSONS = "persons"
    """人"""
    PERSON_TIMES = "person_times"
    """人次"""
    THINGS = "things"
    """项：场次、计划、课题等"""


class IndicatorMeasureView(BaseModel):
    """A measure as both faces show it."""

    code: IndicatorMeasure = Field(description="计量项 / measure")
    unit: MeasureUnit = Field(description="计量单位 / in what is counted")
    is_share: bool = Field(description="是否为百分比 / whether the value is a share, of a hundred")
    meaning_zh: str = Field(description="中文口径 / what it counts, in Chinese")
    meaning_en: str = Field(description="英文口径 / what it counts, in English")
    rows: str = Field(description="明细所在地址 / address of the rows behind it")
    rows_permission: Permission = Field(
        description="查看明细所需权限 / permission over the unit by which its rows are seen"
    )


class MeasuredView(BaseModel):
    """A measure of one unit over one period, with what it was computed from."""

    unit_id: UUID = Field(description="单位 / unit")
    measure: IndicatorMeasure = Field(description="计量项 / measure")
    numerator: int = Field(description="分子，或计数 / numerator, or what was counted")
    denominator: int | None = Field(
        description="分母，非百分比时为空 / denominator, null for what is no share"
    )
    value: Decimal | None = Field(
        description="值；百分比以百计，分母为零时为空 / value; of a hundred for a share, null of nothing"
    )
    since: date = Field(description="起始日 / first day of the period")
    until: date = Field(description="截止日 / last day of the period")
    as_of: date = Field(description="取数日 / day as of which it was computed")
    rows: str = Field(description="明细所在地址 / address of the rows behind it")
