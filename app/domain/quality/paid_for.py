"""What money is for (资金用途): one thing of the register, or, where it is none, a reason in words."""

from collections.abc import Awaitable, Callable
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Uuid
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Invalid, Unfit
from app.domain.learning.course_runs import get_course_run
from app.domain.learning.equipment import EQUIPMENT
from app.domain.learning.outputs import OUTPUTS, OutputState
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
    "incentive_id", "designation_id", "output_id",
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
    output_id: UUID | None = Field(
        default=None, description="已核实的研究成果，如出版资助 / confirmed output, such as its publication",
        sa_type=Uuid,
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


def purpose_constraints() -> tuple[CheckConstraint | ForeignKeyConstraint | Index, ...]:
    """Exactly one purpose; what was paid for an activity is found by it."""
    return (
        CheckConstraint(f"num_nonnulls({', '.join(PURPOSES)}) = 1", name="has_one_purpose"),
        ForeignKeyConstraint(
            ["output_id", "city_id"], ["research_output.id", "research_output.city_id"]
        ),
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


class OutputNotPayable(Invalid):
    """Money is given for an output that was confirmed (专著出版资助; S0-v3 three 4)."""

    code = "output_not_payable"
    zh = "只能资助已核实的研究成果；尚未形成成果的，请以课题列支。"
    en = "Money is for an output that was confirmed; before there is one, it is for the topic."


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


_SEEN: dict[str, Callable[[Connection, Actor, UUID], Awaitable[Row]]] = {
    "activity_id": lambda db, actor, key: get_activity(db, actor, activity_id=key),
    "course_run_id": lambda db, actor, key: get_course_run(db, actor, run_id=key),
    "trainer_hire_id": lambda db, actor, key: get_trainer_hire(db, actor, hire_id=key),
    "topic_id": lambda db, actor, key: get_topic(db, actor, topic_id=key),
    "cohort_id": lambda db, actor, key: get_cohort(db, actor, cohort_id=key),
    "equipment_id": EQUIPMENT.get,
    "incentive_id": INCENTIVES.get,
    "designation_id": DESIGNATIONS.get,
    "output_id": OUTPUTS.get,
}
"""How each thing is read by who names it."""


async def _named_funds(db: Connection, actor: Actor, purpose: PaidFor) -> str | None:
    """From which funds the thing says that it is paid, where it says so; the actor sees the thing."""
    name = next((each for each in THINGS if getattr(purpose, each) is not None), None)
    if name is None:
        return None
    thing = await _SEEN[name](db, actor, getattr(purpose, name))
    if name == "incentive_id" and (
        thing["state"] != IncentiveState.GIVEN or thing["form"] != IncentiveForm.MONEY
    ):
        raise IncentiveNotPayable
    if name == "output_id" and thing["state"] != OutputState.CONFIRMED:
        raise OutputNotPayable
    funds: str | None = thing.get(_FUNDS.get(name, ""))
    return funds


_FUNDS = {"trainer_hire_id": "funds_line", "cohort_id": "budget_line"}
"""What says from which funds it is paid, and in which of its columns."""
