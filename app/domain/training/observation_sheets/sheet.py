"""An observation sheet (听课记录): record, diagnosis, suggestions and scores of one lesson.

A sheet belongs to the teacher who was observed, for it is about that teacher's lesson, and follows the
teacher; so a free observation, of no activity, has a place too. The observer finds the own sheets by
the observer, and the organiser by the activity: three doors, never one condition with an OR.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Subject, Teacher, follows_teacher
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    get_record,
)
from app.sql import Connection, Row


class ObservationKind(StrEnum):
    """As what a lesson was given or visited (听课类型, S1 two 2 (4))."""

    ROUTINE = "routine"
    """随堂课"""
    MUTUAL = "mutual"
    """互听课"""
    RESEARCH = "research"
    """研讨课"""
    DEMONSTRATION = "demonstration"
    """示范课"""
    REPORT = "report"
    """汇报课"""


class SheetFields(BaseModel):
    """Which lesson was observed, and what was seen (观察记录、诊断改进: S4 art. 10)."""

    kind: ObservationKind = Field(
        description="听课类型 / kind of observation", sa_type=text_enum(ObservationKind)
    )
    held_on: date = Field(description="听课日期 / day of the lesson")
    class_name: str = Field(min_length=1, max_length=60, description="班级 / class")
    subject: Subject = Field(description="学科 / subject", sa_type=text_enum(Subject))
    title: str = Field(min_length=1, max_length=200, description="课题 / title of the lesson")
    record: str = Field(
        min_length=10, max_length=20_000, description="观察记录 / what was seen", sa_type=Text
    )
    diagnosis: str = Field(
        min_length=2, max_length=10_000, description="诊断 / what is made of it", sa_type=Text
    )
    suggestions: str = Field(
        min_length=2, max_length=10_000, description="改进建议 / suggestions", sa_type=Text
    )


class ObservationSheet(SheetFields, Placed, Table, table=True):
    """A sheet, placed by the teacher who was observed; written once, and answered once."""

    __table_args__ = (
        follows_teacher(),
        ForeignKeyConstraint(
            ["session_id", "activity_id"], ["activity_session.id", "activity_session.activity_id"]
        ),
        UniqueConstraint("submitted_by", "teacher_id", "held_on", "title"),
        CheckConstraint("observer_id <> teacher_id", name="of_another"),
        CheckConstraint("(total IS NULL) = (scores IS NULL)", name="total"),
        CheckConstraint("total BETWEEN 0 AND 100", name="out_of_a_hundred"),
        CheckConstraint("session_id IS NULL OR activity_id IS NOT NULL", name="session"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index(None, "teacher_id", "id"),
        Index(None, "activity_id", "id"),
        # How much each observer has observed, by term and kind.
        Index(None, "observer_id", "held_on", "kind"),
    )

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    observer_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    observer: str = Field(max_length=60)
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", sa_type=Uuid)
    session_id: UUID | None = Field(default=None, sa_type=Uuid)
    rubric_id: UUID | None = Field(default=None, foreign_key="rubric.id", sa_type=Uuid)
    scores: list[dict[str, str]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    total: Decimal | None = Field(default=None, sa_type=AMOUNT)
    submitted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    submitted_at: datetime = Field(sa_type=MOMENT)
    answer: str | None = Field(default=None, max_length=2000)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)


class SheetScore(BaseModel):
    """The score of one dimension."""

    code: str = Field(max_length=40, description="维度代码 / code of the dimension")
    score: Decimal = Field(
        ge=0, le=100, max_digits=5, decimal_places=2, description="得分，满分 100 / score, of 100"
    )


class SheetView(SheetFields):
    """A sheet as those see it whom it concerns."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="授课教师 / teacher who was observed")
    name: PersonName = Field(description="授课教师姓名 / the teacher's name")
    observer_id: UUID | None = Field(
        description="听课教师，教研员等非教师账号为空 / teacher who observed, null for other accounts"
    )
    observer: str = Field(description="听课人 / name of whoever observed")
    activity_id: UUID | None = Field(description="所属活动 / activity, null for a free observation")
    session_id: UUID | None = Field(description="所属场次 / session")
    rubric_id: UUID | None = Field(
        description="量表，通用量表为空 / rubric, null for the standard one"
    )
    scores: list[SheetScore] | None = Field(description="各维度得分 / scores by dimension")
    total: Decimal | None = Field(description="加权总分，满分 100 / weighted score, of 100")
    submitted_at: datetime = Field(description="提交时间 / when it was submitted")
    answer: str | None = Field(description="授课教师的回应 / what the teacher answers")
    answered_at: datetime | None = Field(description="回应时间 / when the teacher answered")


class OrganisedSheetView(SheetView):
    """The same as the organiser sees it."""

    school: str = Field(description="授课教师的学校 / name of the teacher's school")


# What can be refused.


class SheetNotFound(NotFound):
    """There is no such sheet for the one who asks."""

    code = "observation_sheet_not_found"
    zh = "未找到该听课记录。"
    en = "There is no such observation sheet."


# What may be asked.

_sheets, _teachers = (each.__table__ for each in (ObservationSheet, Teacher))  # type: ignore[union-attr]
_with_teacher = _sheets.join(_teachers, _sheets.c.teacher_id == _teachers.c.id)
_FILTERS = {"kind": _sheets.c.kind, "teacher_id": _sheets.c.teacher_id}

SHEETS = Door(
    table=ObservationSheet,
    view=SheetView,
    read=Permission.ATTENDANCE_READ,
    missing=SheetNotFound,
    places={"teacher_id": _sheets.c.teacher_id},
    computed={"name": _teachers.c.name},
    joined=_with_teacher,
    filters=_FILTERS,
    sorts={"held_on": (_sheets.c.held_on,), **BY_CREATION},
)
"""Sheets as they belong to the teacher who was observed."""

OBSERVED = Door(
    table=ObservationSheet,
    view=SheetView,
    read=Permission.ATTENDANCE_READ,
    missing=SheetNotFound,
    places={
        "teacher_id": _sheets.c.observer_id,
        # Only for the observer: what places the one who was observed places nobody here.
        **{
            name: lambda ids: func.cardinality(ids) < 0
            for name in ("city_id", "county_id", "school_id")
        },
    },
    computed={"name": _teachers.c.name},
    joined=_with_teacher,
    filters={"kind": _sheets.c.kind},
    sorts={"held_on": (_sheets.c.held_on,), **BY_CREATION},
)
"""Sheets as they belong to the teacher who observed."""

ORGANISED = door_of_organiser(
    ObservationSheet,
    OrganisedSheetView,
    SheetNotFound,
    filters={"kind": _sheets.c.kind},
    sorts={**BY_CREATION, **BY_NAME},
)
"""Sheets as they belong to the organiser of their activity."""


async def get_observation_sheet(db: Connection, actor: Actor, *, sheet_id: UUID) -> Row:
    """One sheet about oneself or a teacher in the actor's place, or that the actor wrote as a teacher."""
    return await get_record(db, actor, record_id=sheet_id, doors=(SHEETS, OBSERVED))


async def list_teacher_observation_sheets(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    page: PageRequest,
    kind: ObservationKind | None = None,
) -> Page:
    """The sheets about one teacher whom the actor may see, by the day of the lesson."""
    await TEACHERS.get(db, actor, teacher_id)
    return await SHEETS.page(db, actor, page, filters={"teacher_id": teacher_id, "kind": kind})


async def list_observation_sheets(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    kind: ObservationKind | None = None,
) -> Page:
    """The sheets of an activity that the actor organises, in the order of submission."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await ORGANISED.page(db, actor, page, filters={"activity_id": activity_id, "kind": kind})


async def list_own_observations(
    db: Connection, actor: Actor, *, page: PageRequest, kind: ObservationKind | None = None
) -> Page:
    """The sheets that one has written as a teacher, by the day of the lesson."""
    actor.require(Permission.PARTICIPATE, {"teacher_id": actor.teacher_id})
    return await OBSERVED.page(db, actor, page, filters={"kind": kind})


async def sheets_by_id(
    db: Connection, actor: Actor, *, sheet_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many sheets by their keys; None where the actor may not see one."""
    return await SHEETS.by_id(db, actor, sheet_ids, columns=columns)
