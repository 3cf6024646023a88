"""Entering training attended elsewhere for many teachers at once, from a list; and taking that back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, func, insert, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.people.teachers import Teacher, TeacherNotFound, check_teachers
from app.domain.training.files import FILES, FileNotFound
from app.domain.training.outside_training.stating import (
    NewOutsideTraining,
    OutsideTrainingExists,
    OutsideTrainingNotOver,
    OutsideTrainingSettled,
)
from app.domain.training.outside_training.training import (
    OutsideTraining,
    OutsideTrainingFields,
    OutsideTrainingNotFound,
    OutsideTrainingState,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_TABLE: Any = OutsideTraining.__table__  # type: ignore[attr-defined]
_FIELDS = tuple(name for name in OutsideTrainingFields.model_fields if name != "content")
_EACH = ("id", "teacher_id", *_FIELDS)
_SAME = ("state", "stated_at", "stated_by")


def _enter() -> Statement:
    arrays = [
        bindparam(f"each_{name}", type_=ARRAY(_TABLE.c[name].type, dimensions=1)) for name in _EACH
    ]
    # An array of arrays has rows of one length: what each is about comes as one text.
    content = bindparam("each_content", type_=ARRAY(Text))
    given = func.unnest(*arrays, content).table_valued(*_EACH, "content").render_derived("given")
    rows = select(
        *(given.c[name] for name in _EACH),
        func.string_to_array(given.c.content, " "),
        *(bindparam(name, type_=_TABLE.c[name].type) for name in _SAME),
        *(col(getattr(Teacher, name)) for name in PLACE),
    ).join_from(given, Teacher, col(Teacher.id) == given.c.teacher_id)
    names = [*_EACH, "content", *_SAME, *PLACE]
    return Statement(insert(_TABLE).from_select(names, rows, include_defaults=False))


_ENTER = _enter()

Entries = Sequence[tuple[UUID, NewOutsideTraining]]
"""Whose training, and what it was."""


async def enter_outside_trainings(
    db: Connection, actor: Actor, *, entries: Entries, now: datetime
) -> list[UUID]:
    """Enter what teachers of the actor's place attended elsewhere, all of it or none; the keys in its order.

    Each is confirmed as what teachers state is. The statements do not grow with the entries.
    """
    if not entries:
        return []
    late = [new.ends_on for _, new in entries if new.ends_on > civil_date(now)]
    if late:
        raise OutsideTrainingNotOver(ends_on=late[0].isoformat())
    ids = [teacher_id for teacher_id, _ in entries]
    await check_teachers(db, actor, teacher_ids=ids, permission=Permission.ATTENDANCE_WRITE)
    files = await FILES.by_id(db, actor, [new.file_id for _, new in entries if new.file_id])
    if None in files.values():
        raise FileNotFound
    rows = [
        {"id": new_id(), "teacher_id": teacher_id, **new.model_dump()}
        for teacher_id, new in entries
    ]
    try:
        entered = await db.run(
            _ENTER,
            **{f"each_{name}": [row[name] for row in rows] for name in _EACH},
            each_content=[" ".join(row["content"]) for row in rows],
            state=OutsideTrainingState.STATED,
            stated_at=now,
            stated_by=actor.account_id,
        )
    except UniqueViolationError:
        raise OutsideTrainingExists from None
    if entered != len(rows):
        raise TeacherNotFound
    return [row["id"] for row in rows]


_IDS = bindparam("ids", type_=ARRAY(Uuid))
_HOLD = Statement(
    select(*(col(getattr(OutsideTraining, name)) for name in ("id", "teacher_id", "state", *PLACE)))
    .where(col(OutsideTraining.id) == any_(_IDS))
    .order_by(col(OutsideTraining.id))
    .with_for_update()
)
_WITHDRAW = Statement(
    update(OutsideTraining)
    .where(col(OutsideTraining.id) == any_(_IDS))
    .values(
        state=bindparam("to", type_=text_enum(OutsideTrainingState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
    )
)


async def retract_outside_trainings(
    db: Connection, actor: Actor, *, training_ids: Sequence[UUID], now: datetime
) -> None:
    """Take back what the actor's place entered for teachers, while it waits: all of it or none."""
    held: list[Row] = await db.all(_HOLD, ids=list(training_ids))
    scope = actor.scope(Permission.ATTENDANCE_WRITE)
    if len(held) < len(set(training_ids)) or not all(scope.covers(row) for row in held):
        raise OutsideTrainingNotFound
    settled = [row["state"] for row in held if row["state"] != OutsideTrainingState.STATED]
    if settled:
        raise OutsideTrainingSettled(state=settled[0])
    withdrawn = OutsideTrainingState.WITHDRAWN
    await db.run(
        _WITHDRAW, ids=[row["id"] for row in held], to=withdrawn, now=now, by=actor.account_id
    )
