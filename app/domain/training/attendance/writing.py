"""How others than the teacher write records: any number by one statement, each change with its trace."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    Boolean,
    String,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, text_enum
from app.domain.people.teachers import Teacher
from app.domain.training.activities import is_meant_for_teacher
from app.domain.training.attendance.changes import AttendanceChange
from app.domain.training.attendance.record import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
)
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.sql import Connection, Row, Statement, new_id

ATTENDED = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
"""The statuses that say that somebody was there."""
WERE_THERE = (*ATTENDED, AttendanceStatus.LEFT_EARLY)
"""The same, and of whoever left before it was over."""

_ARRAYS: dict[str, Any] = {
    "id": Uuid(),
    "change_id": Uuid(),
    "teacher_id": Uuid(),
    "status": text_enum(AttendanceStatus),
    "role": text_enum(AttendanceRole),
}
_given = (
    func.unnest(*(bindparam(f"each_{name}", type_=ARRAY(kind)) for name, kind in _ARRAYS.items()))
    .table_valued(*(column(name, kind) for name, kind in _ARRAYS.items()), name="given")
    .render_derived()
)
_activity = bindparam("activity_id", type_=Uuid)
_session = bindparam("session_id", type_=Uuid)
_is_concerned = or_(
    *(
        exists(
            select(col(table.id)).where(
                col(table.activity_id) == _activity,
                col(table.teacher_id) == col(Teacher.id),
                *more,
            )
        )
        for table, more in (
            (Attendance, ()), (Enrolment, (HAS_PLACE,)),
        )
    )
)  # fmt: skip
"""The predicate 'this row of teachers has a record of it, or is enrolled': who was in the audience
then may have moved to another school or group since."""
IS_EXPECTED = col(Teacher.merged_into_id).is_(None) & or_(
    is_meant_for_teacher(_activity), _is_concerned
)
"""The predicate 'this row of teachers is among those whom the activity (`activity_id`) is for'."""


_EXPECTED = (
    select(*_given.c, *(col(getattr(Teacher, name)) for name in PLACE))
    .join_from(_given, Teacher, col(Teacher.id) == _given.c.teacher_id)
    .where(IS_EXPECTED)
    .cte("expected")
)
"""Who of those given is expected."""
_BEFORE = (
    select(col(Attendance.id), col(Attendance.status), col(Attendance.role))
    .where(
        col(Attendance.session_id) == _session,
        col(Attendance.teacher_id).in_(select(_EXPECTED.c.teacher_id)),
    )
    .cte("before")
)
_method = bindparam("method", type_=text_enum(AttendanceMethod))
_by = bindparam("recorded_by", type_=Uuid)
_at = bindparam("recorded_at", type_=MOMENT)


def _written() -> CTE:
    """The records that were made or changed; what is so already stays known as it became known."""
    values: dict[str, Any] = {
        "id": _EXPECTED.c.id,
        "session_id": _session,
        "activity_id": _activity,
        "teacher_id": _EXPECTED.c.teacher_id,
        **{name: _EXPECTED.c[name] for name in PLACE},
        "status": _EXPECTED.c.status,
        "method": _method,
        "role": _EXPECTED.c.role,
        "recorded_by": _by,
        "recorded_at": _at,
    }
    made = insert(Attendance).from_select(list(values), select(*values.values()))
    told = ("status", "role")
    changed = (*told, "method", "recorded_by", "recorded_at")
    shown = ("id", "teacher_id", *told, *PLACE)
    return (
        made.on_conflict_do_update(
            index_elements=["session_id", "teacher_id"],
            set_={name: made.excluded[name] for name in changed},
            where=or_(*(col(getattr(Attendance, name)) != made.excluded[name] for name in told)),
        )
        .returning(*(col(getattr(Attendance, name)) for name in shown))
        .cte("written")
    )


def _traced(written: CTE) -> CTE:
    """What each record was that was not made but changed."""
    trace: dict[str, Any] = {
        "id": _EXPECTED.c.change_id,
        "attendance_id": written.c.id,
        "session_id": _session,
        "activity_id": _activity,
        "teacher_id": written.c.teacher_id,
        **{name: written.c[name] for name in PLACE},
        "status_before": _BEFORE.c.status,
        "status_after": written.c.status,
        "role_before": _BEFORE.c.role,
        "role_after": written.c.role,
        "method": _method,
        "reason": bindparam("reason", type_=String),
        "after_closing": bindparam("after_closing", type_=Boolean),
        "changed_at": _at,
        "changed_by": _by,
    }
    changed = select(*trace.values()).select_from(
        written.join(_BEFORE, written.c.id == _BEFORE.c.id).join(
            _EXPECTED, written.c.teacher_id == _EXPECTED.c.teacher_id
        )
    )
    return insert(AttendanceChange).from_select(list(trace), changed).cte("traced")


_RECORD = Statement(select(_EXPECTED.c.teacher_id).add_cte(_traced(_written())))
"""Everybody given who is expected: a record made, changed, or left as it is; who they were."""


async def write_records(
    db: Connection,
    *,
    session: Mapping[str, Any],
    given: Sequence[tuple[UUID, AttendanceStatus, AttendanceRole]],
    method: AttendanceMethod,
    by: UUID,
    now: datetime,
    reason: str | None = None,
    after_closing: bool = False,
) -> list[UUID]:
    """Write what these teachers, each named once, were at a session; those whom the activity is for.

    The caller has opened the session's door and holds its activity. What a record was before is kept.
    """
    rows: list[Row] = await db.all(
        _RECORD,
        each_id=[new_id() for _ in given],
        each_change_id=[new_id() for _ in given],
        each_teacher_id=[teacher_id for teacher_id, _, _ in given],
        each_status=[status for _, status, _ in given],
        each_role=[role for _, _, role in given],
        session_id=session["id"],
        activity_id=session["activity_id"],
        method=method,
        recorded_by=by,
        recorded_at=now,
        reason=reason,
        after_closing=after_closing,
    )
    return [row["teacher_id"] for row in rows]
