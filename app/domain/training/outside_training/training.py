"""What training attended elsewhere is: the fields, the table, the door, and what may be asked."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid, func, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Placed, Table, civil_day, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, follows_teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import ActivitySession
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.destinations import HostLevel
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)
from app.sql import Connection, Row


class OutsideTrainingState(StrEnum):
    """Where a statement of training stands (状态)."""

    STATED = "stated"
    """待核实"""
    CONFIRMED = "confirmed"
    """已核实"""
    RETURNED = "returned"
    """已退回"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class OutsideTrainingFields(BaseModel):
    """What was attended, whose it was, when, and what shows it."""

    title: str = Field(min_length=2, max_length=200, description="培训名称 / title")
    organiser: str = Field(min_length=2, max_length=100, description="主办单位 / who organised it")
    provider_id: UUID | None = Field(
        default=None,
        description="登记的培训机构 / provider of the register, if it is one",
        foreign_key="provider.id",
        sa_type=Uuid,
    )
    level: HostLevel = Field(
        description="级别 / of what level", sa_type=text_enum(HostLevel, suffix="_of_training")
    )
    kind: ActivityKind = Field(description="活动形式 / kind", sa_type=text_enum(ActivityKind))
    mode: ActivityMode = Field(description="研修方式 / mode", sa_type=text_enum(ActivityMode))
    channel: ActivityChannel = Field(
        description="培训渠道 / channel", sa_type=text_enum(ActivityChannel)
    )
    content: list[ActivityContent] = Field(
        default_factory=list,
        max_length=len(ActivityContent),
        description="研修内容 / what it was about",
        sa_type=ARRAY(Text),
    )
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期 / last day")
    hours: Decimal = Field(
        gt=0, max_digits=8, decimal_places=2, description="学时 / hours", sa_type=AMOUNT
    )
    certificate_number: str | None = Field(
        default=None,
        min_length=2,
        max_length=100,
        description="证书编号 / number of the certificate",
    )
    file_id: UUID | None = Field(
        default=None,
        description="证书文件 / the certificate as a file",
        foreign_key="file.id",
        sa_type=Uuid,
    )


class OutsideTraining(OutsideTrainingFields, Placed, Table, table=True):
    """One training that one teacher attended elsewhere, placed by the teacher; it stands once."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("(state = 'stated') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("state <> 'returned' OR opinion IS NOT NULL", name="returned_with_reason"),
        Index(
            "uq_outside_training_standing", "teacher_id", "title", "starts_on", "ends_on",
            unique=True, postgresql_where=text("state IN ('stated', 'confirmed')"),
        ),
        Index(
            "ix_outside_training_waiting", "school_id", "stated_at",
            postgresql_where=text("state = 'stated'"),
        ),
        Index(None, "teacher_id", "id"),
        *(Index(None, name, "id") for name in PLACE),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    state: OutsideTrainingState = Field(sa_type=text_enum(OutsideTrainingState))
    stated_at: datetime = Field(sa_type=MOMENT)
    stated_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)


class OutsideTrainingView(OutsideTrainingFields):
    """Training attended elsewhere as both faces show it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    state: OutsideTrainingState = Field(description="状态 / state")
    stated_at: datetime = Field(description="填报时间 / when it was stated")
    decided_at: datetime | None = Field(description="核实、退回或撤回时间 / when it was settled")
    opinion: str | None = Field(description="核实意见 / what was said of it")
    overlaps: list[UUID] = Field(
        description="日期重叠的其他校外培训 / other training elsewhere that stands, on days of this one"
    )
    attended_meanwhile: list[UUID] = Field(
        description="期间出勤的活动 / activities that the teacher attended on days of this one"
    )


# What can be refused.


class OutsideTrainingNotFound(NotFound):
    """There is no such training for the one who asks."""

    code = "outside_training_not_found"
    zh = "未找到该校外培训记录。"
    en = "There is no such training attended elsewhere."


# What may be asked.

_other: Any = aliased(OutsideTraining)
_STANDING = (OutsideTrainingState.STATED, OutsideTrainingState.CONFIRMED)
_overlapping: Any = func.array(
    select(_other.id)
    .where(
        _other.teacher_id == col(OutsideTraining.teacher_id),
        _other.id != col(OutsideTraining.id),
        is_among(_other.state, _STANDING),
        _other.starts_on <= col(OutsideTraining.ends_on),
        _other.ends_on >= col(OutsideTraining.starts_on),
    )
    .order_by(_other.id)
    .correlate(OutsideTraining)
    .scalar_subquery()
)
_attended: Any = func.array(
    select(col(Attendance.activity_id).distinct())
    .join(ActivitySession, col(ActivitySession.id) == col(Attendance.session_id))
    .where(
        col(Attendance.teacher_id) == col(OutsideTraining.teacher_id),
        is_among(col(Attendance.status), (AttendanceStatus.PRESENT, AttendanceStatus.LATE)),
        civil_day(col(ActivitySession.starts_at)).between(
            col(OutsideTraining.starts_on), col(OutsideTraining.ends_on)
        ),
    )
    .correlate(OutsideTraining)
    .scalar_subquery()
)

OUTSIDE_TRAINING = Door(
    table=OutsideTraining,
    view=OutsideTrainingView,
    # Not what attendance is read with: whoever stands for schools of others reads that there too.
    read=Permission.CAREER_READ,
    missing=OutsideTrainingNotFound,
    places={"teacher_id": col(OutsideTraining.teacher_id)},
    computed={"overlaps": _overlapping, "attended_meanwhile": _attended},
    filters={
        "teacher_id": col(OutsideTraining.teacher_id),
        "school_id": col(OutsideTraining.school_id),
        "state": col(OutsideTraining.state),
    },
    sorts={"created": (), "starts_on": (col(OutsideTraining.starts_on),)},
)
"""Training attended elsewhere, as it belongs to the teacher."""


async def get_outside_training(db: Connection, actor: Actor, *, training_id: UUID) -> Row:
    """One training elsewhere: one's own, or of a teacher whose career the actor may read."""
    return await OUTSIDE_TRAINING.get(db, actor, training_id)


async def list_outside_trainings(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    state: OutsideTrainingState | None = None,
) -> Page:
    """What the teachers of the actor's place attended elsewhere, the first stated first."""
    filters = {"school_id": school_id, "state": state}
    return await OUTSIDE_TRAINING.page(db, actor, page, filters=filters)


async def list_teacher_outside_trainings(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    page: PageRequest,
    state: OutsideTrainingState | None = None,
) -> Page:
    """What one teacher attended elsewhere whose career the actor may read: a part of the file."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.CAREER_READ)
    filters = {"teacher_id": teacher_id, "state": state}
    return await OUTSIDE_TRAINING.page(db, actor, page, filters=filters)


async def confirmed_outside_training(
    db: Connection, actor: Actor, *, training_ids: Sequence[UUID]
) -> dict[UUID, Row]:
    """Of these the confirmed ones that the actor may see, by key, with all that rules of credit ask."""
    found = await OUTSIDE_TRAINING.by_id(db, actor, training_ids)
    return {
        training_id: row
        for training_id, row in found.items()
        if row is not None and row["state"] == OutsideTrainingState.CONFIRMED
    }
