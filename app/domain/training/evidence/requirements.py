"""What the form of an activity asks for as evidence, and what of it is not there.

A note, a reflection and an observation sheet count as such; whatever else is asked for is added as
evidence. What is asked for at a step counts where it is of a session of that step, or of none.
"""

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.people.teachers import PersonName, Teacher
from app.domain.training.activities import ACTIVITIES, Activity, ActivitySession
from app.domain.training.attendance import Attendance, AttendanceRole, AttendanceStatus
from app.domain.training.evidence.piece import Evidence, stands
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.forms import ActivityForm, EvidencePer
from app.domain.training.notes import Note
from app.domain.training.observation_sheets import ObservationSheet
from app.sql import Connection, Row, Statement

LARGEST = 1000
"""Rows of an answer."""


class MissingEvidence(BaseModel):
    """Something that the form asks for and that is not there, or not often enough."""

    kind: EvidenceKind = Field(description="材料类型 / kind")
    per: EvidencePer = Field(description="按何计 / of what each")
    step: str | None = Field(description="环节 / step, null for the whole")
    required: int = Field(description="应有份数 / how many are asked for")
    found: int = Field(description="已有份数 / how many there are")
    session_id: UUID | None = Field(description="场次 / session, where each owes it")
    teacher_id: UUID | None = Field(description="教师 / participant, where each owes it")
    name: PersonName | None = Field(description="教师姓名 / the participant's name")


# What may be asked.

_status = col(Attendance.status)
_came = (_status == AttendanceStatus.PRESENT) | (_status == AttendanceStatus.LATE)
_no_session = cast(null(), Uuid)


_ACTIVITY = bindparam("activity_id", type_=Uuid)
_sheet = ObservationSheet
_held = union_all(
    select(
        cast(col(Evidence.kind), Text).label("kind"),
        col(Evidence.session_id),
        col(ActivitySession.step),
        col(Evidence.teacher_id),
    )
    .outerjoin_from(Evidence, ActivitySession, col(Evidence.session_id) == col(ActivitySession.id))
    .where(col(Evidence.activity_id) == _ACTIVITY, stands),
    select(cast(col(Note.kind), Text), _no_session, cast(null(), Text), col(Note.teacher_id)).where(
        col(Note.activity_id) == _ACTIVITY
    ),
    select(
        literal(EvidenceKind.OBSERVATION_SHEET.value, Text),
        col(_sheet.session_id),
        col(ActivitySession.step),
        col(_sheet.observer_id),
    )
    .outerjoin_from(_sheet, ActivitySession, col(_sheet.session_id) == col(ActivitySession.id))
    .where(col(_sheet.activity_id) == _ACTIVITY),
).cte("held")
"""Everything there is of an activity: its kind, its session and step, whose it is. Read once."""


def _asked(name: str) -> Any:
    """The pieces of evidence for which the activity's form asks, as rows."""
    return (
        func.jsonb_to_recordset(col(ActivityForm.evidence))
        .table_valued(
            column("kind", Text), column("per", Text), column("at_least", Integer),
            column("step", Text), name=name,
        )
        .render_derived(with_types=True)
    )  # fmt: skip


def _at_step(asked: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = _held.c.step == asked.c.step
    return asked.c.step.is_(None) | _held.c.session_id.is_(None) | same  # type: ignore[no-any-return]


def _so_many(asked: Any, *more: ColumnElement[bool]) -> Any:
    """How many there are of what is asked for."""
    return (
        select(func.count())
        .select_from(_held)
        .where(_held.c.kind == asked.c.kind, _at_step(asked), *more)
        .scalar_subquery()
    )


def lacks_evidence(teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'this participant owes something that the form asks of each of them'.

    Of the activity that is bound as `activity_id`.
    """
    asked = _asked("owed")
    return exists(
        select(literal(1))
        .select_from(Activity)
        .join(ActivityForm, col(Activity.form_id) == col(ActivityForm.id))
        .join(asked, true())
        .where(
            col(Activity.id) == _ACTIVITY,
            asked.c.per == EvidencePer.PARTICIPANT.value,
            _so_many(asked, _held.c.teacher_id == teacher_id) < asked.c.at_least,
        )
    )


_asks = _asked("asked")
_owers = union_all(
    *(
        each.correlate(_asks)
        for each in (
            select(_no_session.label("session_id"), cast(null(), Uuid).label("teacher_id")).where(
                _asks.c.per == EvidencePer.ACTIVITY.value
            ),
            select(col(ActivitySession.id), cast(null(), Uuid)).where(
                _asks.c.per == EvidencePer.SESSION.value,
                col(ActivitySession.activity_id) == _ACTIVITY,
                _asks.c.step.is_(None) | (col(ActivitySession.step) == _asks.c.step),
            ),
            # As for recognition: whoever was more than a participant at any session owes nothing.
            select(_no_session, col(Attendance.teacher_id))
            .join(Teacher, col(Teacher.id) == col(Attendance.teacher_id))
            .where(
                _asks.c.per == EvidencePer.PARTICIPANT.value,
                col(Attendance.activity_id) == _ACTIVITY,
                _came,
                col(Teacher.merged_into_id).is_(None),
            )
            .group_by(col(Attendance.teacher_id))
            .having(func.bool_and(col(Attendance.role) == AttendanceRole.PARTICIPANT)),
        )
    )
).lateral("ower")
_found = _so_many(
    _asks,
    (_asks.c.per != EvidencePer.SESSION.value) | (_held.c.session_id == _owers.c.session_id),
    (_asks.c.per != EvidencePer.PARTICIPANT.value) | (_held.c.teacher_id == _owers.c.teacher_id),
)
_MISSING = Statement(
    select(
        _asks.c.kind,
        _asks.c.per,
        _asks.c.step,
        _asks.c.at_least.label("required"),
        _found.label("found"),
        _owers.c.session_id,
        _owers.c.teacher_id,
        col(Teacher.name),
    )
    .select_from(Activity)
    .join(ActivityForm, col(Activity.form_id) == col(ActivityForm.id))
    .join(_asks, true())
    .join(_owers, true())
    .outerjoin(Teacher, col(Teacher.id) == _owers.c.teacher_id)
    .where(col(Activity.id) == _ACTIVITY, _found < _asks.c.at_least)
    .order_by(_asks.c.per, _asks.c.kind, _owers.c.session_id, col(Teacher.name), col(Teacher.id))
    .limit(LARGEST)
)


async def list_missing_evidence(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """What the form of an activity asks for and what is not there, for its organiser.

    One statement after the door. Of very many, the first thousand; nothing where the activity has no
    form.
    """
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await db.all(_MISSING, activity_id=activity_id)
