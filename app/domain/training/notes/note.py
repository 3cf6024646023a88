"""A note (研修笔记) with the five fields that S0 asks of one, or a reflection; its versions."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Text, UniqueConstraint, Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, columns_of, key, text_enum
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
from app.sql import Connection, Row, Statement


class NoteKind(StrEnum):
    """What was written (类型)."""

    NOTE = "note"
    """研修笔记"""
    REFLECTION = "reflection"
    """反思"""


class NoteFields(BaseModel):
    """What a participant wrote, about what was held when, where, by whom (S0 two (3))."""

    kind: NoteKind = Field(description="类型 / kind", sa_type=text_enum(NoteKind))
    text: str = Field(
        min_length=20, max_length=20_000, description="培训内容 / content", sa_type=Text
    )
    held_at: datetime | None = Field(
        default=None, description="培训时间 / when it was held", sa_type=MOMENT
    )
    place: str | None = Field(default=None, max_length=100, description="培训地点 / where")
    speaker: str | None = Field(default=None, max_length=200, description="主讲人 / who spoke")
    person_in_charge: str | None = Field(
        default=None, max_length=60, description="活动负责人 / who was in charge"
    )


class Note(NoteFields, Placed, Table, table=True):
    """A note or reflection, placed by the teacher who wrote it; one of each kind an activity.

    When it is replaced, the database keeps what it was as a `NoteVersion` and counts on.
    """

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("activity_id", "teacher_id", "kind"),
        Index(None, "teacher_id", "id"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    submitted_at: datetime = Field(sa_type=MOMENT)
    version: int = Field(sa_column_kwargs={"server_default": "1"})


class NoteVersion(NoteFields, Table, table=True):
    """What a note was before it was replaced: written by the database alone, never changed."""

    note_id: UUID = Field(primary_key=True, foreign_key="note.id", sa_type=Uuid)
    version: int = Field(primary_key=True)
    teacher_id: UUID = Field(foreign_key="teacher.id", index=True, sa_type=Uuid)
    submitted_at: datetime = Field(sa_type=MOMENT)


class NoteView(NoteFields):
    """A note as its writer sees it, and those in charge of the writer."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / who wrote it")
    submitted_at: datetime = Field(description="提交时间 / when it was submitted last")
    version: int = Field(description="版本，从 1 起 / which version, from 1")


class SubmittedNoteView(NoteView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


class NoteVersionView(NoteFields):
    """What a note was."""

    version: int = Field(description="版本，从 1 起 / which version, from 1")
    submitted_at: datetime = Field(description="提交时间 / when it was submitted")


# What can be refused.


class NoteNotFound(NotFound):
    """There is no such note for the one who asks."""

    code = "note_not_found"
    zh = "未找到该研修笔记。"
    en = "There is no such note."


# What may be asked.

NOTES = door_of_teacher(Note, NoteView, NoteNotFound)
"""Notes as they belong to their writer."""

SUBMITTED = door_of_organiser(
    Note,
    SubmittedNoteView,
    NoteNotFound,
    filters={"kind": col(Note.kind)},
    sorts={**BY_CREATION, **BY_NAME},
)
"""Notes as they belong to the organiser."""


async def get_note(db: Connection, actor: Actor, *, note_id: UUID) -> Row:
    """One note: one's own, or of a teacher in the actor's place."""
    return await NOTES.get(db, actor, note_id)


async def list_notes(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    kind: NoteKind | None = None,
) -> Page:
    """The notes about an activity that the actor organises, in the order of submission."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await SUBMITTED.page(db, actor, page, filters={"activity_id": activity_id, "kind": kind})


async def list_teacher_notes(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """The notes of one teacher whom the actor may see."""
    await TEACHERS.get(db, actor, teacher_id)
    return await NOTES.page(db, actor, page, filters={"teacher_id": teacher_id})


async def notes_by_id(
    db: Connection, actor: Actor, *, note_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many notes by their keys; None where the actor may not see one."""
    return await NOTES.by_id(db, actor, note_ids, columns=columns)


_VERSIONS = Statement(
    select(*columns_of(NoteVersion, NoteVersionView))
    .where(col(NoteVersion.note_id) == bindparam("note_id", type_=Uuid))
    .order_by(col(NoteVersion.version).desc())
    .limit(100)
)


async def list_note_versions(db: Connection, actor: Actor, *, note_id: UUID) -> list[Row]:
    """What one note was before, the latest first; at most a hundred. What it is now is the note."""
    await NOTES.get(db, actor, note_id)
    return await db.all(_VERSIONS, note_id=note_id)
