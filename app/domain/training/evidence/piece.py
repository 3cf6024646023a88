"""A piece of evidence (佐证材料): a file or some words that show what took place in an activity.

It belongs to the activity, and to the teacher whom it is about if it is about one: whoever has the
teacher in their place reads it there, the organiser through the activity. It has no place of its own,
so that it follows both. Whether its file may be opened, the file says.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, Uuid
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher
from app.domain.training.activities import ACTIVITIES, Activity
from app.domain.training.activities.activity import ACTIVITY_PLACES
from app.domain.training.activities.records import get_record
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.files import File
from app.sql import Connection, Row


class EvidenceFields(BaseModel):
    """What shows what."""

    kind: EvidenceKind = Field(description="材料类型 / kind", sa_type=text_enum(EvidenceKind))
    title: str = Field(min_length=1, max_length=200, description="标题 / title")
    text: str | None = Field(
        default=None,
        min_length=2,
        max_length=20_000,
        description="文字内容 / in words",
        sa_type=Text,
    )
    file_id: UUID | None = Field(default=None, description="文件 / file", sa_type=Uuid)
    session_id: UUID | None = Field(
        default=None,
        description="场次，不属于某场次时为空 / session, if it is of one",
        sa_type=Uuid,
    )


class Evidence(EvidenceFields, Table, table=True):
    """One piece of evidence. It is withdrawn, never deleted: a check may refer to it."""

    __table_args__ = (
        ForeignKeyConstraint(["file_id"], ["file.id"]),
        ForeignKeyConstraint(
            ["session_id", "activity_id"], ["activity_session.id", "activity_session.activity_id"]
        ),
        CheckConstraint("num_nonnulls(text, file_id) >= 1", name="shows_something"),
        CheckConstraint("num_nonnulls(withdrawn_at, withdrawn_by) IN (0, 2)", name="withdrawn"),
        Index(None, "activity_id", "id"),
        Index(None, "teacher_id", "id"),
        Index(None, "file_id"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class EvidenceView(EvidenceFields):
    """A piece of evidence, as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID | None = Field(
        description="教师，属于整个活动时为空 / teacher it is about, if any"
    )
    name: PersonName | None = Field(description="教师姓名 / the teacher's name")
    media_type: str | None = Field(description="文件的媒体类型 / media type of the file")
    shows_pupils: bool | None = Field(
        description="文件是否出现学生 / whether the file shows pupils"
    )
    added_at: datetime = Field(description="提交时间 / when it was added")


# What can be refused.


class EvidenceNotFound(NotFound):
    """There is no such piece of evidence for the one who asks."""

    code = "evidence_not_found"
    zh = "未找到该佐证材料。"
    en = "There is no such piece of evidence."


# What may be asked.

_evidence, _activities, _teachers, _files = (
    each.__table__  # type: ignore[union-attr]  # table classes
    for each in (Evidence, Activity, Teacher, File)
)
_of_activity = _evidence.c.activity_id == _activities.c.id
_of_file = _evidence.c.file_id == _files.c.id
_of_teacher = _evidence.c.teacher_id == _teachers.c.id
stands = _evidence.c.withdrawn_at.is_(None)
"""The predicate 'this has not been withdrawn'."""


def _door(joined: Any, places: dict[str, Any]) -> Door:
    return Door(
        table=Evidence,
        view=EvidenceView,
        read=Permission.ATTENDANCE_READ,
        missing=EvidenceNotFound,
        places=places,
        computed={
            "name": _teachers.c.name,
            "media_type": _files.c.media_type,
            "shows_pupils": _files.c.shows_pupils,
        },
        joined=joined.outerjoin(_files, _of_file),
        filters={
            "activity_id": _evidence.c.activity_id,
            "teacher_id": _evidence.c.teacher_id,
            "kind": _evidence.c.kind,
        },
        sorts={"created": ()},
    )


EVIDENCE = _door(
    _evidence.join(_activities, _of_activity & stands).outerjoin(_teachers, _of_teacher),
    ACTIVITY_PLACES,
)
"""Evidence as it belongs to the organiser."""

OWN_EVIDENCE = _door(
    _evidence.join(_teachers, _of_teacher & stands),
    {
        "city_id": _teachers.c.city_id,
        "county_id": _teachers.c.county_id,
        "school_id": _teachers.c.school_id,
        "teacher_id": _teachers.c.id,
    },
)
"""Evidence as it belongs to the teacher whom it is about."""


async def list_activity_evidence(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    kind: EvidenceKind | None = None,
    teacher_id: UUID | None = None,
) -> Page:
    """The evidence of an activity that the actor organises, in the order of adding."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    filters = {"activity_id": activity_id, "kind": kind, "teacher_id": teacher_id}
    return await EVIDENCE.page(db, actor, page, filters=filters)


async def list_teacher_evidence(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    page: PageRequest,
    kind: EvidenceKind | None = None,
) -> Page:
    """The evidence about one teacher whom the actor may see."""
    await TEACHERS.get(db, actor, teacher_id)
    return await OWN_EVIDENCE.page(
        db, actor, page, filters={"teacher_id": teacher_id, "kind": kind}
    )


async def get_evidence(db: Connection, actor: Actor, *, evidence_id: UUID) -> Row:
    """One piece of evidence, of an activity that the actor organises or about who is in their place."""
    return await get_record(db, actor, record_id=evidence_id, doors=(EVIDENCE, OWN_EVIDENCE))


async def evidence_by_id(
    db: Connection, actor: Actor, *, evidence_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many pieces of evidence by their keys; None where the actor may not see one."""
    return await EVIDENCE.by_id(db, actor, evidence_ids, columns=columns)
