"""What the feed shows otherwise than the doors of the nouns: by keys, and nothing that lies elsewhere.

A name may be corrected, a place in a waiting list moves with others', and the thing itself has not changed.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.credits.claims.table import ClaimFields, ClaimState
from app.domain.credits.packs.procedure import ReviewStage
from app.domain.training.enrolments import EnrolmentState, EnrolmentWay
from app.domain.training.groups import GroupDuty
from app.domain.training.staff.carrier import StaffFields


class MembershipView(BaseModel):
    """That a teacher belongs to a group."""

    id: UUID = Field(description="标识 / key of the membership")
    group_id: UUID = Field(description="教研组 / group")
    teacher_id: UUID = Field(description="教师 / teacher")
    duty: GroupDuty = Field(description="职责 / duty")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(
        description="终止日（不含） / first day on which it no longer holds; null while it does"
    )


class EnrolmentChangeView(BaseModel):
    """That a teacher is enrolled in an activity, waits, or has withdrawn."""

    id: UUID = Field(description="标识 / key of the enrolment")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    state: EnrolmentState = Field(description="状态 / whether there is a place")
    way: EnrolmentWay = Field(description="报名方式 / how it came about")
    enrolled_at: datetime = Field(description="报名时间 / when it was asked for")
    withdrawn_at: datetime | None = Field(
        description="退出时间，未退出为空 / when it was withdrawn, null while it stands"
    )


class ClaimChangeView(ClaimFields):
    """A claim that was handed in, and where it stands; its evidence is read with the claim."""

    id: UUID = Field(description="标识 / key of the claim")
    teacher_id: UUID = Field(description="教师 / teacher")
    state: ClaimState = Field(description="状态 / state")
    stage: ReviewStage | None = Field(
        description="所在或最后审核层级 / place at which it waits, or was decided last"
    )
    version: int = Field(description="版本号，随每个环节递增 / version, raised by every step")
    since: datetime = Field(description="进入当前状态的时间 / since when it is in this state")
    due_on: date | None = Field(description="应审核日期 / day by which it is to be decided")
    awarded_hours: Decimal | None = Field(description="拟认定学时 / hours that the pack gives")
    awarded_credits: Decimal | None = Field(description="拟认定学分 / credits that the pack gives")
    rule_id: str | None = Field(description="认定规则 / rule of the pack")
    entry_id: UUID | None = Field(description="台账记录 / its entry in the ledger")


class StaffChangeView(StaffFields):
    """Who carries an activity: a teacher by key, somebody from outside by name and unit."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID | None = Field(
        description="教师，外请人员为空 / teacher; null for an outsider"
    )
    outside_name: str | None = Field(description="外请人员姓名 / name of somebody from outside")
    outside_unit: str | None = Field(description="外请人员单位 / and where they work")
