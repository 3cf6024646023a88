"""Changes of attendance (考勤变更): what a record was before, what it became, who changed it, and why.

They are written by the statement that changes the record and by nothing else; the application can
neither change nor remove one.
"""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, text_enum
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
from app.domain.training.attendance.record import (
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
)
from app.sql import Connection


class AttendanceChangeFields(BaseModel):
    """What was changed, by which way, and why."""

    status_before: AttendanceStatus = Field(
        description="原出勤状态 / status before",
        sa_type=text_enum(AttendanceStatus, suffix="_before"),
    )
    status_after: AttendanceStatus = Field(
        description="新出勤状态 / status after",
        sa_type=text_enum(AttendanceStatus, suffix="_after"),
    )
    role_before: AttendanceRole = Field(
        description="原身份 / as what before", sa_type=text_enum(AttendanceRole, suffix="_before")
    )
    role_after: AttendanceRole = Field(
        description="新身份 / as what after", sa_type=text_enum(AttendanceRole, suffix="_after")
    )
    method: AttendanceMethod = Field(
        description="变更方式 / by which way", sa_type=text_enum(AttendanceMethod)
    )
    reason: str | None = Field(
        default=None,
        max_length=500,
        description="理由，登记时改写为空 / why; null for the register",
    )
    after_closing: bool = Field(description="是否在活动结束后 / whether the activity was closed")
    changed_at: datetime = Field(description="变更时间 / when", sa_type=MOMENT)
    changed_by: UUID = Field(
        description="变更账号 / account that changed it", foreign_key="account.id", sa_type=Uuid
    )


class AttendanceChange(AttendanceChangeFields, Placed, Table, table=True):
    """One change of one record, placed by the teacher; append-only."""

    __table_args__ = (
        follows_teacher(),
        Index(None, "activity_id", "id"),
        Index(None, "teacher_id", "id"),
    )

    id: UUID = key()
    attendance_id: UUID = Field(foreign_key="attendance.id", sa_type=Uuid)
    session_id: UUID = Field(sa_type=Uuid)
    activity_id: UUID = Field(sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher


class AttendanceChangeView(AttendanceChangeFields):
    """A change as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    attendance_id: UUID = Field(description="考勤记录 / record that was changed")
    session_id: UUID = Field(description="场次 / session")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")


class ParticipantChangeView(AttendanceChangeView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


# What can be refused.


class AttendanceChangeNotFound(NotFound):
    """There is no such change for the one who asks."""

    code = "attendance_change_not_found"
    zh = "未找到该考勤变更。"
    en = "There is no such change of attendance."


# What may be asked.

ATTENDANCE_CHANGES = door_of_teacher(
    AttendanceChange, AttendanceChangeView, AttendanceChangeNotFound
)
"""Changes as they belong to the teacher."""

PARTICIPANT_CHANGES = door_of_organiser(
    AttendanceChange,
    ParticipantChangeView,
    AttendanceChangeNotFound,
    filters={"session_id": col(AttendanceChange.session_id)},
    sorts={**BY_CREATION, **BY_NAME},
)
"""The same rows as they belong to the organiser."""


async def list_attendance_changes(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    session_id: UUID | None = None,
) -> Page:
    """What was changed in the attendance of an activity that the actor organises, the first first."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    filters = {"activity_id": activity_id, "session_id": session_id}
    return await PARTICIPANT_CHANGES.page(db, actor, page, filters=filters)


async def list_teacher_attendance_changes(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """What was changed in the attendance of one teacher whom the actor may see."""
    await TEACHERS.get(db, actor, teacher_id)
    return await ATTENDANCE_CHANGES.page(db, actor, page, filters={"teacher_id": teacher_id})
