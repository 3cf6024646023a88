"""What the form of an activity asks for as evidence, and what of it is not there.

A note, a reflection and an observation sheet count as such, and so does what was said online and stands;
whatever else is asked for is added as evidence. What is asked for at a step counts where it is of a session
of that step, or of none.
"""

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    select,
    table,
    true,
    union_all,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT
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
_discussion = table("discussion", *(column(n, Uuid) for n in ("id", "activity_id", "session_id")))
_post = table(
    "discussion_post",
    *(column(name, Uuid) for name in ("discussion_id", "teacher_id")),
    *(column(name, MOMENT) for name in ("withdrawn_at", "hidden_at")),
)
"""What is said of an activity online, in the wing above, by name."""


def _pieces(activity_id: Any) -> tuple[Any, ...]:
    """Everything there is of an activity: its kind, its session and step, whose it is."""
    of_session = col(Evidence.session_id) == col(ActivitySession.id)
    sheet_of_session = col(_sheet.session_id) == col(ActivitySession.id)
    return (
        select(
            cast(col(Evidence.kind), Text).label("kind"),
            col(Evidence.session_id),
            col(ActivitySession.step),
            col(Evidence.teacher_id),
        )
        .outerjoin_from(Evidence, ActivitySession, of_session)
        .where(col(Evidence.activity_id) == activity_id, stands),
        select(
            cast(col(Note.kind), Text), _no_session, cast(null(), Text), col(Note.teacher_id)
        ).where(col(Note.activity_id) == activity_id),
        select(
            literal(EvidenceKind.OBSERVATION_SHEET.value, Text),
            col(_sheet.session_id),
            col(ActivitySession.step),
            col(_sheet.observer_id),
        )
        .outerjoin_from(_sheet, ActivitySession, sheet_of_session)
        .where(col(_sheet.activity_id) == activity_id),
        select(
            literal(EvidenceKind.COMMENT.value, Text),
            _discussion.c.session_id,
            col(ActivitySession.step),
            _post.c.teacher_id,
        )
        .select_from(_post.join(_discussion, _post.c.discussion_id == _discussion.c.id))
        .outerjoin(ActivitySession, _discussion.c.session_id == col(ActivitySession.id))
        .where(
            _discussion.c.activity_id == activity_id,
            _post.c.withdrawn_at.is_(None),
            _post.c.hidden_at.is_(None),
        ),
    )


_held = union_all(*_pieces(_ACTIVITY)).cte("held")
"""The same of the activity that is bound. Read once."""


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


def _at_step(asked: Any, held: Any = _held) -> ColumnElement[bool]:
    same: ColumnElement[bool] = held.c.step == asked.c.step
    return asked.c.step.is_(None) | held.c.session_id.is_(None) | same  # type: ignore[no-any-return]


def _so_many(asked: Any, *more: ColumnElement[bool]) -> Any:
    """How many there are of what is asked for."""
    return (
        select(func.count())
        .select_from(_held)
        .where(_held.c.kind == asked.c.kind, _at_step(asked), *more)
        .scalar_subquery()
    )


def _each_owes() -> CTE:
    """What the form asks of each participant of the activity that is bound."""
    asked = _asked("owed")
    pieces = (asked.c.kind, asked.c.step, asked.c.at_least)
    return (
        select(*pieces)
        .select_from(Activity)
        .join(ActivityForm, col(Activity.form_id) == col(ActivityForm.id))
        .join(asked, true())
        .where(col(Activity.id) == _ACTIVITY, asked.c.per == EvidencePer.PARTICIPANT.value)
        .distinct()
        .cte("owed")
    )


def lacks_evidence(teacher_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The predicate 'this participant owes something that the form asks of each of them'.

    Of the activity that is bound as `activity_id`. Who has left everything is worked out once for all.
    """
    owed, holder = _each_owes(), _held.c.teacher_id
    piece = (owed.c.kind, owed.c.step, owed.c.at_least)
    enough = (
        select(holder)
        .join_from(_held, owed, (_held.c.kind == owed.c.kind) & _at_step(owed))
        .where(holder.is_not(None))
        .group_by(holder, *piece)
        .having(func.count() >= owed.c.at_least)
        .subquery("enough")
    )
    all_of_it = select(func.count()).select_from(owed).scalar_subquery()
    owing_nothing = (
        select(enough.c.teacher_id).group_by(enough.c.teacher_id).having(func.count() == all_of_it)
    )
    return (all_of_it > 0) & teacher_id.not_in(owing_nothing)


def _owed_by(asked: Any, activity_id: Any) -> tuple[Any, ...]:
    """Who owes a piece that is asked for: the activity, a session of it, or a participant."""
    per = asked.c.per
    return (
        select(_no_session.label("session_id"), cast(null(), Uuid).label("teacher_id")).where(
            per == EvidencePer.ACTIVITY.value
        ),
        select(col(ActivitySession.id), cast(null(), Uuid)).where(
            per == EvidencePer.SESSION.value,
            col(ActivitySession.activity_id) == activity_id,
            asked.c.step.is_(None) | (col(ActivitySession.step) == asked.c.step),
        ),
        # As for recognition: whoever was more than a participant at any session owes nothing.
        select(_no_session, col(Attendance.teacher_id))
        .join(Teacher, col(Teacher.id) == col(Attendance.teacher_id))
        .where(
            per == EvidencePer.PARTICIPANT.value,
            col(Attendance.activity_id) == activity_id,
            _came,
            col(Teacher.merged_into_id).is_(None),
        )
        .group_by(col(Attendance.teacher_id))
        .having(func.bool_and(col(Attendance.role) == AttendanceRole.PARTICIPANT)),
    )


def _theirs(asked: Any, owers: Any, held: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions that something held is the session's, or the participant's, who owes it."""
    return (
        (asked.c.per != EvidencePer.SESSION.value) | (held.c.session_id == owers.c.session_id),
        (asked.c.per != EvidencePer.PARTICIPANT.value) | (held.c.teacher_id == owers.c.teacher_id),
    )


_asks = _asked("asked")
_owers = union_all(*(each.correlate(_asks) for each in _owed_by(_asks, _ACTIVITY))).lateral("ower")
_found = _so_many(_asks, *_theirs(_asks, _owers, _held))
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


def lacks_any_evidence() -> ColumnElement[bool]:
    """The predicate 'of what its form asks for something is missing', over a row of activities."""
    activity_id, asked = col(Activity.id), _asked("asked_of_each")
    owed = (each.correlate(asked, Activity) for each in _owed_by(asked, activity_id))
    owers = union_all(*owed).lateral("owers")
    held = union_all(*(each.correlate(Activity) for each in _pieces(activity_id))).subquery()
    is_found = and_(
        held.c.kind == asked.c.kind, _at_step(asked, held), *_theirs(asked, owers, held)
    )
    owing = (asked.c.kind, asked.c.per, asked.c.step, asked.c.at_least)
    missing = (
        select(literal(1))
        .select_from(ActivityForm)
        .join(asked, true())
        .join(owers, true())
        .outerjoin(held, is_found)
        .where(col(ActivityForm.id) == col(Activity.form_id))
        .group_by(*owing, owers.c.session_id, owers.c.teacher_id)
        .having(func.count(held.c.kind) < asked.c.at_least)
    )
    return exists(missing.correlate(Activity))


async def list_missing_evidence(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """What the form of an activity asks for and what is not there, for its organiser.

    One statement after the door. Of very many, the first thousand; nothing where the activity has no
    form.
    """
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await db.all(_MISSING, activity_id=activity_id)
