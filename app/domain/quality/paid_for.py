"""What money is for (资金用途): one thing of the register, or, where it is none, a reason in words."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Index, Uuid
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Invalid, Unfit
from app.domain.learning.course_runs import get_course_run
from app.domain.learning.equipment import EQUIPMENT
from app.domain.learning.topics import get_topic
from app.domain.learning.trainer_hires import get_trainer_hire
from app.domain.organisation.designations import DESIGNATIONS
from app.domain.people.cohorts import get_cohort
from app.domain.quality.incentive_rules import IncentiveForm
from app.domain.quality.incentives import INCENTIVES, IncentiveState
from app.domain.training.activities import get_activity
from app.sql import Connection, Row

THINGS = (
    "activity_id", "course_run_id", "trainer_hire_id", "topic_id", "cohort_id", "equipment_id",
    "incentive_id", "designation_id",
)  # fmt: skip
"""By which column each thing is named."""
PURPOSES = (*THINGS, "other_purpose")


class PaidFor(BaseModel):
    """For what money is committed or spent: exactly one of these."""

    activity_id: UUID | None = Field(
        default=None, description="研修活动 / activity", foreign_key="activity.id", sa_type=Uuid
    )
    course_run_id: UUID | None = Field(
        default=None, description="开课 / run of a course", foreign_key="course_run.id",
        sa_type=Uuid,
    )  # fmt: skip
    trainer_hire_id: UUID | None = Field(
        default=None, description="外聘记录 / hire of a trainer", foreign_key="trainer_hire.id",
        sa_type=Uuid,
    )  # fmt: skip
    topic_id: UUID | None = Field(
        default=None, description="课题 / topic", foreign_key="topic.id", sa_type=Uuid
    )
    cohort_id: UUID | None = Field(
        default=None, description="培养项目期次 / cohort", foreign_key="cohort.id", sa_type=Uuid
    )
    equipment_id: UUID | None = Field(
        default=None, description="设施设备 / equipment", foreign_key="equipment.id", sa_type=Uuid
    )
    incentive_id: UUID | None = Field(
        default=None, description="已生效的奖金类奖励 / reward of money that was given",
        foreign_key="incentive.id", sa_type=Uuid,
    )  # fmt: skip
    designation_id: UUID | None = Field(
        default=None, description="命名的奖励 / reward for a title of a school",
        foreign_key="designation.id", sa_type=Uuid,
    )  # fmt: skip
    other_purpose: str | None = Field(
        default=None, min_length=2, max_length=500,
        description="其他用途及理由 / another purpose, and why it is none of these",
    )  # fmt: skip


class NewPaidFor(PaidFor, Command):
    """For what money is to be used, as both faces accept it."""

    @model_validator(mode="after")
    def _one_purpose(self) -> Self:
        if sum(getattr(self, name) is not None for name in PURPOSES) != 1:
            raise Unfit(
                "须且只须说明一项用途：登记的事项，或其他用途及理由。",
                "Name exactly one purpose: a thing of the register, or another with its reason.",
            )
        return self


def purpose_constraints() -> tuple[CheckConstraint | Index, ...]:
    """Exactly one purpose; what was paid for an activity is found by it."""
    return (
        CheckConstraint(f"num_nonnulls({', '.join(PURPOSES)}) = 1", name="has_one_purpose"),
        *(Index(None, name) for name in THINGS),
    )


# What can be refused.


class EarmarkBroken(Invalid):
    """Money of an earmark goes to what the earmark is for, and to nothing else (专款专用; S2 four 3)."""

    code = "earmark_broken"
    zh = (
        "专款须专用：专款科目只能在同一专款、同一支出类别内使用，须注明具体事项，"
        "且与该事项登记的经费来源一致。"
    )
    en = (
        "An earmark is spent on what it is for: the same earmark and class, a thing of the register, and"
        " the line of funds that this names."
    )


class IncentiveNotPayable(Invalid):
    """Money is paid for a reward that was given, consists in money, and was not paid before."""

    code = "incentive_not_payable"
    zh = "只能支付已生效的奖金类奖励，且累计不超过核定金额。"
    en = "Only a reward of money that was given is paid, and no more than was decided."


# What may be asked.


async def check_purpose(db: Connection, actor: Actor, *, purpose: PaidFor, line: Row) -> None:
    """Refuse what the actor does not see, and what the earmark of a line is not for.

    A hire and a cohort say from which line of funds they are paid: an earmark pays those that name it.
    """
    named = await _named_funds(db, actor, purpose)
    if line["earmark"] is not None:
        if purpose.other_purpose is not None:
            raise EarmarkBroken
        check_named_funds(line, named)


def check_named_funds(line: Row, named: str | None) -> None:
    """Refuse that an earmark pays what names other funds; what names none may be paid by it."""
    if line["earmark"] is None or named is None:
        return
    if named not in (line["earmark"], line["title"]):
        raise EarmarkBroken


async def _named_funds(db: Connection, actor: Actor, purpose: PaidFor) -> str | None:
    """From which funds the thing says that it is paid, where it says so; the actor sees the thing."""
    if purpose.activity_id is not None:
        await get_activity(db, actor, activity_id=purpose.activity_id)
    elif purpose.course_run_id is not None:
        await get_course_run(db, actor, run_id=purpose.course_run_id)
    elif purpose.topic_id is not None:
        await get_topic(db, actor, topic_id=purpose.topic_id)
    elif purpose.incentive_id is not None:
        reward = await INCENTIVES.get(db, actor, purpose.incentive_id)
        if reward["state"] != IncentiveState.GIVEN or reward["form"] != IncentiveForm.MONEY:
            raise IncentiveNotPayable
    elif purpose.equipment_id is not None:
        await EQUIPMENT.get(db, actor, purpose.equipment_id)
    elif purpose.designation_id is not None:
        await DESIGNATIONS.get(db, actor, purpose.designation_id)
    elif purpose.trainer_hire_id is not None:
        hire = await get_trainer_hire(db, actor, hire_id=purpose.trainer_hire_id)
        return str(hire["funds_line"])
    elif purpose.cohort_id is not None:
        cohort = await get_cohort(db, actor, cohort_id=purpose.cohort_id)
        return str(cohort["budget_line"])
    return None
