"""Merits (业绩): honours by level, education, and what was found at the growth stages."""

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


class Honour(StrEnum):
    """A title of honour (荣誉称号), as the sources name them."""

    BACKBONE_PRINCIPAL = "backbone_principal"
    """骨干校长"""
    MASTER_TEACHER = "master_teacher"
    """名师"""
    DUAL_MASTER_CANDIDATE = "dual_master_candidate"
    """双名工程培养对象"""
    BACKBONE_TEACHER = "backbone_teacher"
    """骨干教师"""
    TEACHING_EXPERT = "teaching_expert"
    """教学能手"""
    SPECIAL_GRADE_TEACHER = "special_grade_teacher"
    """特级教师"""
    CHIEF_TEACHER = "chief_teacher"
    """首席教师"""
    SUBJECT_LEADER = "subject_leader"
    """学科带头人"""
    EXPERIMENTAL_TEACHER = "experimental_teacher"
    """实验教师: 选派的实验教师"""
    OTHER = "other"


class HonourLevel(StrEnum):
    """Who confers an honour (级别)."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    SCHOOL = "school"


class EducationLevel(StrEnum):
    """Level of education (学历层次)."""

    SECONDARY = "secondary"
    """中专、高中及以下"""
    COLLEGE = "college"
    """大学专科"""
    BACHELOR = "bachelor"
    """大学本科"""
    POSTGRADUATE_COURSE = "postgraduate_course"
    """研究生课程班"""
    MASTER = "master"
    """硕士研究生"""
    DOCTOR = "doctor"
    """博士研究生"""


class StudyState(StrEnum):
    """How far a course of study has come (修业情况)."""

    IN_PROGRESS = "in_progress"
    """在读"""
    GRADUATED = "graduated"
    """毕业"""
    COMPLETED = "completed"
    """结业"""


class GrowthStage(StrEnum):
    """A stage of growth (成长阶段) after which a teacher's progress is looked at."""

    ONE_YEAR = "one_year"
    THREE_YEARS = "three_years"
    FIVE_YEARS = "five_years"


class GrowthFinding(StrEnum):
    """What was found at a stage (考核结果)."""

    REACHED = "reached"
    PARTLY_REACHED = "partly_reached"
    NOT_REACHED = "not_reached"


class HonourFields(BaseModel):
    """An honour: which, of which level, from whom."""

    honour: Honour = Field(description="荣誉称号 / honour", sa_type=text_enum(Honour))
    level: HonourLevel = Field(description="级别 / level", sa_type=text_enum(HonourLevel))
    issuer: str = Field(min_length=2, max_length=100, description="授予单位 / who conferred it")
    title: str = Field(
        default="", max_length=100, description="证书所载全称 / full title, as on the certificate"
    )


class TeacherHonour(HonourFields, Fact, Table, table=True):
    """An honour that a teacher holds from the day of its award; the end is that of its term."""

    __table_args__ = fact_constraints("teacher_honour", "honour", "level", "title")


class HonourView(HonourFields, FactView):
    """An honour as both faces show it."""


class NewHonour(HonourFields, NewFact):
    """An honour that was conferred on a day."""


class EducationFields(BaseModel):
    """A course of study: its level, where and what, and how far it has come."""

    level: EducationLevel = Field(
        description="学历层次 / level of education", sa_type=text_enum(EducationLevel)
    )
    study: StudyState = Field(
        description="修业情况 / state of study", sa_type=text_enum(StudyState)
    )
    institution: str = Field(min_length=2, max_length=100, description="院校 / institution")
    major: str = Field(default="", max_length=100, description="专业 / major")


class TeacherEducation(EducationFields, Fact, Table, table=True):
    """A course of study in a state from a day on: begun on that day, or finished on it."""

    __table_args__ = fact_constraints("teacher_education", "level", "institution", "major")


class EducationView(EducationFields, FactView):
    """A course of study as both faces show it."""


class NewEducation(EducationFields, NewFact):
    """A course of study in a state from a day on; its end follows its beginning."""


class GrowthFields(BaseModel):
    """What was found at a growth stage."""

    stage: GrowthStage = Field(
        description="成长阶段 / growth stage", sa_type=text_enum(GrowthStage)
    )
    finding: GrowthFinding = Field(
        description="考核结果 / what was found", sa_type=text_enum(GrowthFinding)
    )
    note: str = Field(default="", max_length=500, description="评语 / note")


class GrowthResult(GrowthFields, Fact, Table, table=True):
    """What was found at a growth stage of a teacher, from the day of the assessment on."""

    __table_args__ = fact_constraints("growth_result", "stage")


class GrowthResultView(GrowthFields, FactView):
    """A result at a growth stage as both faces show it."""


class NewGrowthResult(GrowthFields, NewFact):
    """What was found at a growth stage; a later assessment of the same stage follows it."""


# What can be refused.


class HonourOverlaps(FactOverlaps):
    """An honour of one level and title is held once at a time."""

    code = "honour_overlaps"
    zh = "该教师在同一时期已有同级同名荣誉。"
    en = "The teacher holds this honour of this level at that time already."


class EducationOverlaps(FactOverlaps):
    """A course of study is in one state at a time."""

    code = "education_overlaps"
    zh = "同一学习经历在同一时期已有记录。"
    en = "This course of study is recorded for that time already."


HONOUR = FactKind(
    name=FactName.HONOUR,
    plural="honours",
    table=TeacherHonour,
    view=HonourView,
    new=NewHonour,
    words="荣誉 / honour",
    slot=("honour", "level", "title"),
    overlaps=HonourOverlaps,
)
EDUCATION = FactKind(
    name=FactName.EDUCATION,
    plural="education",
    table=TeacherEducation,
    view=EducationView,
    new=NewEducation,
    words="学历 / education",
    slot=("level", "institution", "major"),
    succeeds=True,
    overlaps=EducationOverlaps,
)
GROWTH_RESULT = FactKind(
    name=FactName.GROWTH_RESULT,
    plural="growth_results",
    table=GrowthResult,
    view=GrowthResultView,
    new=NewGrowthResult,
    words="成长考核 / growth result",
    slot=("stage",),
    succeeds=True,
)
