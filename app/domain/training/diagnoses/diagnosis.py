"""A diagnosis: its table, what it rests on, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Uuid,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints
from app.domain.errors import NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class DiagnosisAspect(StrEnum):
    """What of school-based training is looked at (诊断方面)."""

    ORGANISATION = "organisation"
    """组织与制度"""
    PLANNING = "planning"
    """规划与计划"""
    NEEDS = "needs"
    """需求调研"""
    ACTIVITIES = "activities"
    """活动开展"""
    ATTENDANCE = "attendance"
    """参训与考勤"""
    EVIDENCE = "evidence"
    """过程资料"""
    RESEARCH = "research"
    """课题研究"""
    EFFECT = "effect"
    """研训成效"""
    SUPPORT = "support"
    """经费与保障"""
    OTHER = "other"
    """其他"""


class FindingView(BaseModel):
    """What was found in one aspect."""

    aspect: DiagnosisAspect = Field(description="方面 / aspect")
    finding: str = Field(min_length=1, max_length=2000, description="诊断情况 / what was found")


class MeasureFields(BaseModel):
    """What the diagnosed unit will do."""

    measure: str = Field(min_length=1, max_length=1000, description="整改措施 / what will be done")


class MeasureView(MeasureFields):
    """A measure as both faces show it: its day is a text, as it is kept."""

    due_on: str = Field(description="完成期限（日期） / by when, a date")


class NewFinding(FindingView, Command):
    """A finding to be written down."""


class NewMeasure(MeasureFields, Command):
    """A measure to be promised."""

    due_on: date = Field(description="完成期限 / by when")


class DiagnosisFields(BaseModel):
    """What was diagnosed of which period, and when the next diagnosis is due."""

    diagnosed_on: date = Field(description="诊断日期 / day")
    period_from: date = Field(description="所诊断期间起 / first day of the period looked at")
    period_to: date = Field(description="所诊断期间止，含当日 / its last day")
    strengths: str = Field(min_length=1, max_length=5000, description="优势 / strengths")
    problems: str = Field(min_length=1, max_length=5000, description="问题 / problems")
    suggestions: str = Field(min_length=1, max_length=5000, description="建议 / suggestions")
    next_due_on: date | None = Field(
        default=None, description="下次诊断日期 / when the next one is due, if it is periodic"
    )


class Diagnosis(DiagnosisFields, Placed, Table, table=True):
    """A diagnosis, placed by the unit that was diagnosed; written once, then answered."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(["by_unit_id", "city_id"], ["unit.bureau_id", "unit.city_id"]),
        CheckConstraint("period_to >= period_from", name="period"),
        CheckConstraint("diagnosed_on >= period_from", name="looks_back"),
        CheckConstraint("next_due_on > diagnosed_on", name="next_later"),
        CheckConstraint("num_nonnulls(answer, answered_at, answered_by) IN (0, 3)", name="answer"),
        *(
            Index(None, name, "diagnosed_on", "id")
            for name in ("unit_id", "school_id", "county_id", "city_id")
        ),
        Index(None, "next_due_on", postgresql_where=text("next_due_on IS NOT NULL")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    by_unit_id: UUID = Field(sa_type=Uuid)
    findings: list[dict[str, Any]] = Field(sa_type=JSONB)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    answer: str | None = Field(default=None, max_length=5000)
    measures: list[dict[str, Any]] = Field(sa_type=JSONB)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    answered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


BASES = ("survey_id", "visit_id", "activity_id")
"""What a diagnosis can rest on: surveys, visits of guidance, activities."""


class DiagnosisBasis(Table, table=True):
    """One thing on which a diagnosis rests."""

    __table_args__ = (
        CheckConstraint(f"num_nonnulls({', '.join(BASES)}) = 1", name="one"),
        Index(None, "diagnosis_id"),
        *(Index(None, name, postgresql_where=text(f"{name} IS NOT NULL")) for name in BASES),
    )

    id: UUID = key()
    diagnosis_id: UUID = Field(foreign_key="diagnosis.id", sa_type=Uuid)
    survey_id: UUID | None = Field(default=None, foreign_key="survey.id", sa_type=Uuid)
    visit_id: UUID | None = Field(default=None, foreign_key="guidance_visit.id", sa_type=Uuid)
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", sa_type=Uuid)


class DiagnosisView(DiagnosisFields):
    """A diagnosis as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="被诊断单位 / unit that was diagnosed")
    school_id: UUID | None = Field(description="学校 / school, null for a county's training")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    by_unit_id: UUID = Field(description="诊断方教育局 / bureau on whose behalf")
    findings: list[FindingView] = Field(description="各方面情况 / findings by aspect")
    survey_ids: list[UUID] = Field(description="依据：问卷 / surveys on which it rests")
    visit_ids: list[UUID] = Field(description="依据：指导记录 / visits of guidance")
    activity_ids: list[UUID] = Field(description="依据：活动 / activities")
    recorder: str = Field(description="登记人 / who recorded it")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")
    answer: str | None = Field(description="被诊断单位的答复 / what the unit answered")
    measures: list[MeasureView] = Field(description="整改措施 / measures, with their days")
    answered_at: datetime | None = Field(description="答复时间 / when it answered")


class NewDiagnosis(DiagnosisFields, Command):
    """A diagnosis to be recorded."""

    findings: list[NewFinding] = Field(
        min_length=1, max_length=20, description="各方面情况 / findings by aspect"
    )
    survey_ids: list[UUID] = Field(
        default_factory=list, max_length=20, description="问卷 / surveys"
    )
    visit_ids: list[UUID] = Field(
        default_factory=list, max_length=20, description="指导记录 / visits of guidance"
    )
    activity_ids: list[UUID] = Field(
        default_factory=list, max_length=20, description="活动 / activities"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.period_to < self.period_from or self.diagnosed_on < self.period_from:
            raise Unfit(
                "期间的起止须先后有序，诊断不早于期间开始。",
                "The period ends after it begins, and is not diagnosed before that.",
            )
        if self.next_due_on is not None and self.next_due_on <= self.diagnosed_on:
            raise Unfit("下次诊断须晚于本次。", "The next diagnosis comes later.")
        for ids in (self.survey_ids, self.visit_ids, self.activity_ids):
            if len(set(ids)) != len(ids):
                raise Unfit("依据不能重复。", "Each basis is named once.")
        return self


class DiagnosisAnswer(Command):
    """What the diagnosed unit answers, and what it will do."""

    answer: str = Field(min_length=1, max_length=5000, description="答复 / answer")
    measures: list[NewMeasure] = Field(
        default_factory=list, max_length=20, description="整改措施 / measures, with their days"
    )


# What can be refused.


class DiagnosisNotFound(NotFound):
    """There is no such diagnosis for the one who asks."""

    code = "diagnosis_not_found"
    zh = "未找到该诊断记录。"
    en = "There is no such diagnosis."


# What may be asked.


def _rests_on(name: str) -> Any:
    column = col(getattr(DiagnosisBasis, name))
    return func.array(
        select(column)
        .where(col(DiagnosisBasis.diagnosis_id) == col(Diagnosis.id), column.is_not(None))
        .order_by(column)
        .scalar_subquery()
    )


DIAGNOSES = Door(
    table=Diagnosis,
    view=DiagnosisView,
    read=Permission.GUIDANCE_READ,
    missing=DiagnosisNotFound,
    computed={
        "recorder": col(Account.display_name),
        **{f"{name}s": _rests_on(name) for name in BASES},
    },
    joined=Diagnosis.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        col(Diagnosis.recorded_by) == col(Account.id),
    ),
    filters={
        "unit_id": col(Diagnosis.unit_id),
        "by_unit_id": col(Diagnosis.by_unit_id),
        "answered": lambda done: col(Diagnosis.answered_at).is_not(None) == done,
        "due_before": lambda day: col(Diagnosis.next_due_on) < day,
    },
    sorts={"diagnosed_on": (col(Diagnosis.diagnosed_on),), "created": ()},
)
"""Diagnoses, seen where the diagnosed unit lies."""


async def get_diagnosis(db: Connection, actor: Actor, *, diagnosis_id: UUID) -> Row:
    """One diagnosis within the actor's reach."""
    return await DIAGNOSES.get(db, actor, diagnosis_id)


async def list_diagnoses(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    by_unit_id: UUID | None = None,
    answered: bool | None = None,
    due_before: date | None = None,
) -> Page:
    """The diagnoses that the actor may see, the earliest first unless sorted otherwise."""
    filters = {
        "unit_id": unit_id, "by_unit_id": by_unit_id, "answered": answered,
        "due_before": due_before,
    }  # fmt: skip
    return await DIAGNOSES.page(db, actor, page, filters=filters)


async def diagnoses_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the diagnoses of each of many units, the latest first."""
    owner = col(Diagnosis.unit_id)
    return await DIAGNOSES.pages_of(
        db, actor, owner, unit_ids, page, sort="-diagnosed_on", columns=columns
    )
