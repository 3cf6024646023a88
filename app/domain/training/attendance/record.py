"""The record of attendance (考勤): that a teacher took part in a session, or did not."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, Versioned, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, follows_teacher
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.sql import Connection


class AttendanceStatus(StrEnum):
    """Whether somebody took part (出勤状态)."""

    PRESENT = "present"
    """出席"""
    LATE = "late"
    """迟到"""
    LEFT_EARLY = "left_early"
    """早退：在场时间不足活动规定的比例"""
    ABSENT = "absent"
    """缺席"""
    EXCUSED = "excused"
    """请假"""


class AttendanceMethod(StrEnum):
    """How it became known (签到方式)."""

    CODE = "code"
    """签到码"""
    OFFLINE = "offline"
    """离线签到，事后补交"""
    ORGANISER = "organiser"
    """组织者登记"""
    IMPORT = "import"
    """导入"""
    LEAVE = "leave"
    """请假获准"""


class AttendanceRole(StrEnum):
    """As what somebody took part (身份)."""

    PARTICIPANT = "participant"
    """参训者"""
    SPEAKER = "speaker"
    """主讲人"""
    DEMONSTRATOR = "demonstrator"
    """示范者、执教人"""
    PERSON_IN_CHARGE = "person_in_charge"
    """活动负责人"""
    ORGANISER = "organiser"
    """组织者"""


class AttendanceFields(BaseModel):
    """Whether, how and as what a teacher took part in a session."""

    status: AttendanceStatus = Field(
        description="出勤状态 / status", sa_type=text_enum(AttendanceStatus)
    )
    method: AttendanceMethod = Field(
        description="签到方式 / how it became known", sa_type=text_enum(AttendanceMethod)
    )
    role: AttendanceRole = Field(description="身份 / as what", sa_type=text_enum(AttendanceRole))
    checked_in_at: datetime | None = Field(
        default=None, description="签到时间 / when a code was given", sa_type=MOMENT
    )
    checked_out_at: datetime | None = Field(
        default=None, description="签退时间 / when a code was given on leaving", sa_type=MOMENT
    )
    minutes: int | None = Field(
        default=None,
        description="在场分钟数，签退后得出 / minutes present during the session, known on leaving",
    )


class Attendance(AttendanceFields, Placed, Versioned, Table, table=True):
    """One teacher at one session, placed by the teacher, whose record it is."""

    __table_args__ = (
        follows_teacher(),
        ForeignKeyConstraint(
            ["session_id", "activity_id"], ["activity_session.id", "activity_session.activity_id"]
        ),
        UniqueConstraint("session_id", "teacher_id"),
        Index(None, "activity_id", "teacher_id"),
        CheckConstraint("checked_out_at >= checked_in_at", name="leaves_after_it_begins"),
        CheckConstraint("minutes >= 0", name="minutes"),
        Index(None, "teacher_id", "id"),
        Index("ix_attendance_recorded_at", "recorded_at", postgresql_using="brin"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    session_id: UUID = Field(sa_type=Uuid)
    activity_id: UUID = Field(sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()})
    device_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    origin_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What came from one device, or from one program at one address, has these alike (`marks`)."""
    left_device_hash: bytes | None = Field(default=None, sa_type=LargeBinary)


class AttendanceView(AttendanceFields):
    """A record of attendance as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    session_id: UUID = Field(description="场次 / session")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")


class ParticipantView(AttendanceView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


# What can be refused.


class AttendanceNotFound(NotFound):
    """There is no such record of attendance for the one who asks."""

    code = "attendance_not_found"
    zh = "未找到该考勤记录。"
    en = "There is no such record of attendance."


# What may be asked.

ATTENDANCES = door_of_teacher(Attendance, AttendanceView, AttendanceNotFound)
"""Attendance as it belongs to the teacher."""

PARTICIPANTS = door_of_organiser(
    Attendance,
    ParticipantView,
    AttendanceNotFound,
    filters={"session_id": col(Attendance.session_id), "status": col(Attendance.status)},
    sorts={**BY_NAME, **BY_CREATION},
)
"""The same rows as they belong to the organiser."""


async def list_attendance(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    session_id: UUID | None = None,
    status: AttendanceStatus | None = None,
) -> Page:
    """Who took part in an activity that the actor organises, by name unless sorted otherwise."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    filters = {"activity_id": activity_id, "session_id": session_id, "status": status}
    return await PARTICIPANTS.page(db, actor, page, filters=filters)


async def list_teacher_attendance(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """The attendance of one teacher whom the actor may see."""
    await TEACHERS.get(db, actor, teacher_id)
    return await ATTENDANCES.page(db, actor, page, filters={"teacher_id": teacher_id})


async def attendance_of(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The attendance of each of many teachers, the latest first."""
    owner = col(Attendance.teacher_id)
    return await ATTENDANCES.pages_of(
        db, actor, owner, teacher_ids, page, sort="-created", columns=columns
    )
