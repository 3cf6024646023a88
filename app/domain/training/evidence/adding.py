"""Adding evidence, as the organiser or as a participant; opening its file; withdrawing it."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Uuid, bindparam, exists, or_, select, true, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivityNotFound,
    ActivitySession,
    ActivityState,
    addresses_of,
    check_state,
    is_addressed,
    was_published,
)
from app.domain.training.attendance import OPEN_STATES, Attendance, AttendanceStatus
from app.domain.training.evidence.piece import (
    EVIDENCE,
    OWN_EVIDENCE,
    Evidence,
    EvidenceFields,
    EvidenceNotFound,
)
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.files import (
    FILES,
    File,
    FileLinks,
    NewFileLink,
    link_attached,
)
from app.sql import Connection, Row, Statement, new_id


class OwnEvidence(EvidenceFields, Command):
    """A piece of evidence that a participant adds of their own."""

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if self.text is None and self.file_id is None:
            raise Unfit("请填写文字内容或附上文件。", "Give some words, or a file.")
        if self.kind is EvidenceKind.COMMENT:
            raise Unfit(
                "研讨发言由系统计入，不能作为材料提交。",
                "What is said in discussions counts by itself, and is not handed in.",
            )
        return self


class NewEvidence(OwnEvidence):
    """A piece of evidence that the organiser adds, of the activity or about one who took part."""

    teacher_id: UUID | None = Field(
        default=None,
        description="教师，属于整个活动时不填 / teacher it is about, if it is about one",
    )


# What can be refused.


class EvidenceOfNobody(Conflict):
    """Evidence about a teacher is of an activity in which the teacher took part."""

    code = "evidence_without_attendance"
    zh = "该教师未参加此活动，不能提交其佐证材料。"
    en = "The teacher attended no session of this activity."


class EvidenceSessionElsewhere(Invalid):
    """The session is not one of this activity."""

    code = "evidence_session_elsewhere"
    zh = "该场次不属于此活动。"
    en = "The session is not one of this activity."


# What may be done.

_activity, _teacher_id = (bindparam(n, type_=Uuid) for n in ("activity_id", "teacher_id"))
_came = exists(
    select(col(Attendance.id)).where(
        col(Attendance.activity_id) == _activity,
        col(Attendance.teacher_id) == _teacher_id,
        (col(Attendance.status) == AttendanceStatus.PRESENT)
        | (col(Attendance.status) == AttendanceStatus.LATE),
    )
)
_of_activity = exists(
    select(col(ActivitySession.id)).where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
        col(ActivitySession.activity_id) == _activity,
    )
)
_FITS = Statement(select(_came.label("attended"), _of_activity.label("session")))
_OWN_SITUATION = Statement(
    select(col(Activity.state), _came.label("attended"), _of_activity.label("session"))
    .join_from(Activity, Teacher, true())
    .where(
        col(Activity.id) == _activity,
        col(Teacher.id) == _teacher_id,
        was_published(),
        or_(_came, is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid)))),
    )
    .with_for_update(key_share=True, read=True, of=Activity)
)


def _check_session(found: Row, session_id: UUID | None) -> None:
    if session_id is not None and not found["session"]:
        raise EvidenceSessionElsewhere


async def _insert(
    db: Connection,
    actor: Actor,
    activity_id: UUID,
    new: OwnEvidence,
    teacher_id: UUID | None,
    now: datetime,
) -> UUID:
    """Add it, with a file that the actor may open; held, so that nobody forgets it meanwhile."""
    if new.file_id is not None:
        await FILES.get(db, actor, new.file_id, lock=True)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(EvidenceFields.model_fields)),
        "activity_id": activity_id,
        "teacher_id": teacher_id,
        "added_by": actor.account_id,
        "added_at": now,
    }
    await db.insert(Evidence, row)
    evidence_id: UUID = row["id"]
    return evidence_id


async def add_evidence(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewEvidence, now: datetime
) -> Row:
    """Add evidence to an activity that the actor organises, once it is published; after closing too.

    What arrives after closing changes no recognition by itself.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ATTENDANCE_WRITE, lock=True
    )
    check_state(activity, *OPEN_STATES, ActivityState.CLOSED)
    found = await db.one(
        _FITS, activity_id=activity_id, teacher_id=new.teacher_id, session_id=new.session_id
    )
    if found is None or (new.teacher_id is not None and not found["attended"]):
        raise EvidenceOfNobody
    _check_session(found, new.session_id)
    added = await _insert(db, actor, activity_id, new, new.teacher_id, now)
    return await EVIDENCE.get(db, actor, added)


async def submit_evidence(
    db: Connection, actor: Actor, *, activity_id: UUID, new: OwnEvidence, now: datetime
) -> Row:
    """Add evidence of one's own to an activity that one attended, before it is closed."""
    found = await db.one(
        _OWN_SITUATION,
        addresses=addresses_of(actor),
        activity_id=activity_id,
        teacher_id=actor.teacher_id,
        session_id=new.session_id,
    )
    if found is None:
        raise ActivityNotFound
    if not found["attended"]:
        raise EvidenceOfNobody
    check_state(found, *OPEN_STATES)
    _check_session(found, new.session_id)
    added = await _insert(db, actor, activity_id, new, actor.teacher_id, now)
    return await OWN_EVIDENCE.get(db, actor, added)


_FILE_OF = Statement(
    select(col(File.id), col(File.sharing))
    .join_from(File, Evidence, col(File.id) == col(Evidence.file_id))
    .where(col(Evidence.id) == bindparam("evidence_id", type_=Uuid))
)


async def create_evidence_link(
    db: Connection,
    actor: Actor,
    *,
    evidence_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to the file of evidence of an activity that the actor organises.

    A file that stays inside its unit is opened by those of the unit alone, here too.
    """
    await EVIDENCE.get(db, actor, evidence_id)
    file = await db.one(_FILE_OF, evidence_id=evidence_id)
    return await link_attached(db, actor, file=file, new=new, links=links, now=now)


_WITHDRAW = Statement(
    update(Evidence)
    .where(col(Evidence.id) == bindparam("evidence_id", type_=Uuid))
    .where(col(Evidence.withdrawn_at).is_(None))
    .values(withdrawn_at=bindparam("now", type_=MOMENT), withdrawn_by=bindparam("by", type_=Uuid))
)


async def withdraw_evidence(
    db: Connection, actor: Actor, *, evidence_id: UUID, now: datetime
) -> Row:
    """Take evidence out of an activity that the actor organises and that is not closed; what it was."""
    evidence = await EVIDENCE.get(db, actor, evidence_id, permission=Permission.ATTENDANCE_WRITE)
    activity = await ACTIVITIES.get(db, actor, evidence["activity_id"], lock=True)
    check_state(activity, *OPEN_STATES)
    if not await db.run(_WITHDRAW, evidence_id=evidence_id, now=now, by=actor.account_id):
        raise EvidenceNotFound
    return evidence
