"""Notes (研修笔记) and reflections (反思): what a participant wrote about an activity."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    exists,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, follows_teacher
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivityNotFound,
    addresses_of,
    check_state,
    is_addressed,
    was_published,
)
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.domain.training.attendance import OPEN_STATES, Attendance, AttendanceStatus
from app.sql import Connection, Row, Statement, new_id


class NoteKind(StrEnum):
    """What was written (类型)."""

    NOTE = "note"
    """研修笔记"""
    REFLECTION = "reflection"
    """反思"""


class NoteFields(BaseModel):
    """What a participant wrote."""

    kind: NoteKind = Field(description="类型 / kind", sa_type=text_enum(NoteKind))
    text: str = Field(min_length=20, max_length=20_000, description="正文 / text", sa_type=Text)


class Note(NoteFields, Placed, Table, table=True):
    """A note or reflection, placed by the teacher who wrote it; one of each kind an activity."""

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


class NoteView(NoteFields):
    """A note as its writer sees it, and those in charge of the writer."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / who wrote it")
    submitted_at: datetime = Field(description="提交时间 / when it was submitted last")


class SubmittedNoteView(NoteView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


class NewNote(NoteFields, Command):
    """A note or reflection to be submitted."""


# What can be refused.


class NoteNotFound(NotFound):
    """There is no such note for the one who asks."""

    code = "note_not_found"
    zh = "未找到该研修笔记。"
    en = "There is no such note."


class NotAttended(Conflict):
    """Who was at no session of the activity has nothing to write about it."""

    code = "note_without_attendance"
    zh = "未参加该活动，不能提交研修笔记。"
    en = "You attended no session of this activity, so there is nothing to submit a note about."


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


# What may be done.

_SHOWN = [col(getattr(Note, name)) for name in NoteView.model_fields]
_status = col(Attendance.status)
_attended = exists(
    select(col(Attendance.id)).where(
        col(Attendance.activity_id) == col(Activity.id),
        col(Attendance.teacher_id) == col(Teacher.id),
        (_status == AttendanceStatus.PRESENT) | (_status == AttendanceStatus.LATE),
    )
)
_SITUATION = Statement(
    select(
        col(Activity.state),
        _attended.label("attended"),
        *(col(getattr(Teacher, column)) for column in PLACE),
    )
    .join_from(Activity, Teacher, true())
    .where(
        col(Activity.id) == bindparam("activity_id", type_=Uuid),
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
        was_published(),
        or_(_attended, is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid)))),
    )
    # Whoever closes the activity holds its row: a note comes before that, or not at all.
    .with_for_update(key_share=True, read=True, of=Activity)
)
_WRITTEN = (
    "id", "activity_id", "teacher_id", "city_id", "county_id", "school_id", "kind", "text",
    "submitted_at",
)  # fmt: skip
_note = insert(Note).values(
    {
        name: bindparam(name, type_=Note.__table__.c[name].type)  # type: ignore[attr-defined]
        for name in _WRITTEN
    }
)
_SUBMIT = Statement(
    _note.on_conflict_do_update(
        index_elements=["activity_id", "teacher_id", "kind"],
        set_={"text": _note.excluded.text, "submitted_at": _note.excluded.submitted_at},
    ).returning(*_SHOWN)
)


async def submit_note(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewNote, now: datetime
) -> Row:
    """Submit the actor's own note about an activity that the actor attended, before it is closed.

    Submitting one of the same kind again replaces the text.
    """
    found = await db.one(
        _SITUATION,
        activity_id=activity_id,
        addresses=addresses_of(actor),
        teacher_id=actor.teacher_id,
    )
    if found is None:
        raise ActivityNotFound
    if not found["attended"]:
        raise NotAttended
    check_state(found, *OPEN_STATES)
    submitted = await db.one(
        _SUBMIT,
        id=new_id(),
        activity_id=activity_id,
        teacher_id=actor.teacher_id,
        **{column: found[column] for column in PLACE},
        **new.model_dump(),
        submitted_at=now,
    )
    if submitted is None:
        raise NoteNotFound
    return submitted
