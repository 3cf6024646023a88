"""Qualifications (教师资格): the certificates of a teacher, and their periodic registration (定期注册).

The number of a certificate is not kept: nothing here needs it, and the platform that issues them has it.
"""

from enum import StrEnum

from pydantic import BaseModel
from sqlmodel import Field

from app.domain.base import Table, text_enum
from app.domain.people.facts.fact import (
    Fact,
    FactKind,
    FactName,
    FactOverlaps,
    FactView,
    NewFact,
    fact_constraints,
)


class QualificationKind(StrEnum):
    """The kinds of teacher certificate (资格种类) of 教师资格条例, article 4."""

    KINDERGARTEN = "kindergarten"
    """幼儿园教师资格"""
    PRIMARY = "primary"
    """小学教师资格"""
    JUNIOR_MIDDLE = "junior_middle"
    """初级中学教师资格"""
    SENIOR_MIDDLE = "senior_middle"
    """高级中学教师资格"""
    SECONDARY_VOCATIONAL = "secondary_vocational"
    """中等职业学校教师资格"""
    VOCATIONAL_INSTRUCTOR = "vocational_instructor"
    """中等职业学校实习指导教师资格"""
    HIGHER = "higher"
    """高等学校教师资格"""


class RegistrationConclusion(StrEnum):
    """How a registration was concluded (注册结论)."""

    QUALIFIED = "qualified"
    """注册合格"""
    DEFERRED = "deferred"
    """暂缓注册"""
    UNQUALIFIED = "unqualified"
    """注册不合格"""


class QualificationFields(BaseModel):
    """A certificate: of which kind and subject, from whom."""

    qualification: QualificationKind = Field(
        description="资格种类 / kind of certificate", sa_type=text_enum(QualificationKind)
    )
    subject: str = Field(default="", max_length=40, description="任教学科 / subject on it")
    issuer: str = Field(min_length=2, max_length=100, description="认定机构 / who conferred it")


class TeacherQualification(QualificationFields, Fact, Table, table=True):
    """A certificate that a teacher holds from the day of its award."""

    __table_args__ = fact_constraints("teacher_qualification", "qualification", "subject")


class QualificationView(QualificationFields, FactView):
    """A certificate as both faces show it."""


class NewQualification(QualificationFields, NewFact):
    """A certificate that was conferred on a day."""


class RegistrationFields(BaseModel):
    """A registration: how it was concluded, and by whom."""

    conclusion: RegistrationConclusion = Field(
        description="注册结论 / conclusion", sa_type=text_enum(RegistrationConclusion)
    )
    issuer: str = Field(min_length=2, max_length=100, description="注册机构 / who registered")


class TeacherRegistration(RegistrationFields, Fact, Table, table=True):
    """A periodic registration; it holds from its day on to the end of its validity, one at a time."""

    __table_args__ = fact_constraints("teacher_registration")


class RegistrationView(RegistrationFields, FactView):
    """A registration as both faces show it."""


class NewRegistration(RegistrationFields, NewFact):
    """A registration from a day on; `valid_to` is the first day on which it is no longer valid."""


# What can be refused.


class QualificationOverlaps(FactOverlaps):
    """A certificate of one kind and subject is held once at a time."""

    code = "qualification_overlaps"
    zh = "该教师在同一时期已有同种同学科的教师资格证书。"
    en = "The teacher holds a certificate of this kind and subject at that time already."


class RegistrationOverlaps(FactOverlaps):
    """Somebody is registered once at a time."""

    code = "registration_overlaps"
    zh = "与另一次定期注册的有效期重叠。"
    en = "Another registration is valid at that time."


QUALIFICATION = FactKind(
    name=FactName.QUALIFICATION,
    plural="qualifications",
    table=TeacherQualification,
    view=QualificationView,
    new=NewQualification,
    words="教师资格证书 / teacher certificate",
    slot=("qualification", "subject"),
    overlaps=QualificationOverlaps,
)
REGISTRATION = FactKind(
    name=FactName.REGISTRATION,
    plural="registrations",
    table=TeacherRegistration,
    view=RegistrationView,
    new=NewRegistration,
    words="定期注册 / periodic registration",
    succeeds=True,
    overlaps=RegistrationOverlaps,
)
