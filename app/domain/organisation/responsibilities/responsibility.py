"""What a responsibility is: the fields, the table, what is shown and what is taken in."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Index, Uuid
from sqlmodel import Field

from app.domain.base import (
    Command,
    Dated,
    Table,
    dated_constraints,
    holds_once,
    key,
    text_enum,
)
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.facts import FactView


class SchoolDuty(StrEnum):
    """For what somebody in a school answers (职责)."""

    FIRST_RESPONSIBLE = "first_responsible"
    """第一责任人（校长）"""
    TRAINING_LEAD = "training_lead"
    """教师培训专管人员及其部门"""
    VICE_PRINCIPAL = "vice_principal"
    """分管副校长"""
    ACADEMIC_OFFICE = "academic_office"
    """教导处（室）"""
    GENERAL_OFFICE = "general_office"
    """综合办、总务处"""


class ResponsibilityFields(BaseModel):
    """Who answers for what: a teacher of the school or an account, and the department."""

    duty: SchoolDuty = Field(description="职责 / duty", sa_type=text_enum(SchoolDuty))
    teacher_id: UUID | None = Field(
        default=None,
        description="责任人（本校教师） / a teacher of the school",
        foreign_key="teacher.id",
        sa_type=Uuid,
    )
    account_id: UUID | None = Field(
        default=None,
        description="责任人（非教师账号） / somebody who is no teacher, by the account",
        foreign_key="account.id",
        sa_type=Uuid,
    )
    department: str | None = Field(
        default=None, min_length=1, max_length=60, description="负责部门 / department in charge"
    )
    tasks: str | None = Field(
        default=None, min_length=1, max_length=500, description="分工内容 / what it comprises"
    )


class Responsibility(ResponsibilityFields, Dated, Table, table=True):
    """That somebody in a school answers for something from a day on."""

    __table_args__ = (
        *dated_constraints(),
        CheckConstraint("num_nonnulls(teacher_id, account_id) <= 1", name="one_person"),
        CheckConstraint("num_nonnulls(teacher_id, account_id, department) >= 1", name="somebody"),
        CheckConstraint(
            "duty <> 'training_lead'"
            " OR (num_nonnulls(teacher_id, account_id) = 1 AND department IS NOT NULL)",
            name="training_lead_is_complete",
        ),
        holds_once("responsibility", "unit_id", "duty"),
        Index(None, "unit_id", "valid_from"),
        Index(None, "teacher_id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)


class ResponsibilityView(ResponsibilityFields, FactView):
    """A responsibility as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="学校 / school")
    name: str | None = Field(
        description="责任人姓名 / name of the person, null for an office alone"
    )


class NewResponsibility(ResponsibilityFields, Command):
    """Somebody who is to answer for something in a school, from today unless said otherwise."""

    valid_from: date | None = Field(
        default=None, description="起始日期，默认今天 / first day; today by default"
    )

    @model_validator(mode="after")
    def _names_somebody(self) -> "NewResponsibility":
        persons = [self.teacher_id, self.account_id].count(None)
        if persons == 0 or (persons == 2 and self.department is None):
            raise Unfit(
                "责任人为一名教师或一个账号，没有责任人时须填写部门。",
                "It is one teacher or one account; without either, a department.",
            )
        if self.duty is SchoolDuty.TRAINING_LEAD and (persons == 2 or self.department is None):
            raise Unfit(
                "教师培训须同时落实负责部门和责任人。",
                "For teacher training both a department and a person are in charge.",
            )
        return self


class ResponsibilityEnd(Command):
    """The day from which somebody no longer answers for it, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日期，默认今天 / first day without it")


# What can be refused.


class ResponsibilityNotFound(NotFound):
    """There is no such responsibility for the one who asks."""

    code = "responsibility_not_found"
    zh = "未找到该职责分工。"
    en = "There is no such responsibility."


class ResponsibilityTaken(Conflict):
    """Two people were named for one duty at the same moment."""

    code = "responsibility_taken"
    zh = "该职责刚刚已落实到他人。"
    en = "Somebody else was named for this duty at the same moment."


class ResponsibleElsewhere(Invalid):
    """Who answers for something in a school belongs to that school."""

    code = "responsible_elsewhere"
    zh = "责任人不属于该学校。"
    en = "The person does not belong to this school."
