"""What a duty is that an article lays on units: its words, its fields, its table."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from app.domain.base import Table, key, text_enum
from app.domain.organisation.units import Level
from app.domain.training.vocabulary import ActivityContent, ActivityKind


class DutyRhythm(StrEnum):
    """How often it is to be done (频次)."""

    ONCE = "once"
    """一次完成，或长期保持: done once, or kept up ever since"""
    YEARLY = "yearly"
    """每学年"""
    TERMLY = "termly"
    """每学期: in each half of the school year, which is parted on 1 February"""


class DutyCheck(StrEnum):
    """By which of the register's data it shows whether a unit has done it (核对方式)."""

    PLAN_IN_FORCE = "plan_in_force"
    """已批准或发布的单位计划"""
    PLAN_SUMMARISED = "plan_summarised"
    """已总结、自查的单位计划"""
    RESPONSIBLE_NAMED = "responsible_named"
    """落实的培训专管人员及部门"""
    ACTIVITIES_HELD = "activities_held"
    """已举办的活动"""
    JOINT_ACTIVITIES_HELD = "joint_activities_held"
    """与外校联合或经片区举办的活动"""
    GROUPS_AT_WORK = "groups_at_work"
    """现有教研组、备课组等"""
    NETWORKS_AT_WORK = "networks_at_work"
    """设立的片区、联盟"""
    COMMITTEES_AT_WORK = "committees_at_work"
    """设立的专家委员会、领导小组"""
    REGULATIONS_COMPLETE = "regulations_complete"
    """五类制度中已有的类数"""
    TEACHERS_CREDITED = "teachers_credited"
    """当期取得学分的教师，须为全体在册教师"""
    MENTORSHIPS_AGREED = "mentorships_agreed"
    """师徒结对"""
    TOPICS_AT_WORK = "topics_at_work"
    """立项在研的课题"""
    COURSES_PUBLISHED = "courses_published"
    """已发布的课程"""
    VISITS_MADE = "visits_made"
    """对下级的指导与检查"""
    EVALUATIONS_MADE = "evaluations_made"
    """对下级的评估"""
    SCHOOLS_DESIGNATED = "schools_designated"
    """辖区内命名的示范校、基地校"""
    PROGRAMMES_AT_WORK = "programmes_at_work"
    """名师、骨干、青蓝等工程"""
    SELF_INSPECTED = "self_inspected"
    """报送的自查"""
    SCHOOLS_EVALUATED = "schools_evaluated"
    """有评估结果可供年度考核的学校，须为全体在用学校"""
    SCHOOLS_FUNDED = "schools_funded"
    """收到上级拨付经费的学校，须为全体在用学校"""
    MODELS_PUBLISHED = "models_published"
    """发布的典型案例"""
    REQUIREMENTS_SET = "requirements_set"
    """制订的研修考核要求"""
    GROWTH_FILES_SEALED = "growth_files_sealed"
    """成长档案已封存的教师，须为全体在册教师"""
    ARCHIVES_SEALED = "archives_sealed"
    """已封存的学校研训档案"""


class DutyFields(BaseModel):
    """Who is to do what by when, and by what it shows."""

    bearer: Level = Field(
        description="责任单位层级 / level of the units on which it lies", sa_type=text_enum(Level)
    )
    task: str = Field(min_length=1, max_length=300, description="职责任务 / what is to be done")
    responsible: str | None = Field(
        default=None, min_length=1, max_length=100,
        description="责任岗位或部门 / the post or the department within the unit",
    )  # fmt: skip
    rhythm: DutyRhythm = Field(description="频次 / how often", sa_type=text_enum(DutyRhythm))
    due_month: int | None = Field(
        default=None, ge=1, le=12, description="每学年期限：月 / month by which it is due in a year"
    )
    due_day: int | None = Field(
        default=None, ge=1, le=31, description="每学年期限：日 / day of that month"
    )
    due_on: date | None = Field(
        default=None, description="一次完成的期限 / day by which what is done once is due"
    )
    shown_by: DutyCheck | None = Field(
        default=None, description="核对方式，系统无数据可核对时为空 / by which data it shows; null: none",
        sa_type=text_enum(DutyCheck),
    )  # fmt: skip
    needed: int = Field(
        default=1, ge=1, le=1000, description="至少应有的数量 / how much of it is needed at least"
    )
    activity_kinds: list[ActivityKind] = Field(
        default_factory=list, max_length=len(ActivityKind), sa_type=ARRAY(Text),
        description="活动形式，不限时为空 / of which kinds of activity; none: of all",
    )  # fmt: skip
    activity_content: list[ActivityContent] = Field(
        default_factory=list, max_length=len(ActivityContent), sa_type=ARRAY(Text),
        description="研修内容，不限时为空 / about one of which contents; none: about all",
    )  # fmt: skip


class ArticleDuty(DutyFields, Table, table=True):
    """What an article asks of each unit of a level below the issuer, and of the issuer itself."""

    __table_args__ = (
        CheckConstraint("needed >= 1", name="needed"),
        CheckConstraint("num_nonnulls(due_month, due_day) IN (0, 2)", name="due_in_a_year"),
        CheckConstraint(
            "CASE rhythm WHEN 'once' THEN due_month IS NULL ELSE due_on IS NULL END", name="due"
        ),
        Index(None, "article_id", "id"),
    )

    id: UUID = key()
    article_id: UUID = Field(foreign_key="document_article.id", sa_type=Uuid)
