"""Which activities take place at once: nobody chooses, or is given places in, two of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.enrolments.enrolment import Enrolment
from app.sql import Connection, Row, Statement


def has_alternatives(session: Any) -> ColumnElement[bool]:
    """The predicate 'this session has another occurrence': whoever cannot come goes to that one."""
    another: Any = aliased(ActivitySession)
    return or_(
        session.occurrence_of.is_not(None),
        exists(select(another.id).where(another.occurrence_of == session.id)),
    )


def _at_once(own: Any, other: Any) -> ColumnElement[bool]:
    """The predicate 'these two sessions take place at once, and neither has another occurrence'."""
    overlaps: ColumnElement[bool] = (own.starts_at < other.ends_at) & (
        own.ends_at > other.starts_at
    )
    return overlaps & ~has_alternatives(own) & ~has_alternatives(other)


_own: Any = aliased(ActivitySession)
_other: Any = aliased(ActivitySession)
_PAIRS = Statement(
    select(_own.activity_id.label("one"), _other.activity_id.label("other"))
    .distinct()
    .join_from(_own, _other, _own.activity_id < _other.activity_id)
    .where(
        _own.activity_id == any_(bindparam("activity_ids", type_=ARRAY(Uuid))),
        _other.activity_id == any_(bindparam("activity_ids", type_=ARRAY(Uuid))),
        _at_once(_own, _other),
    )
)
_placed: Any = aliased(Enrolment)
_held: Any = aliased(Activity)
# What teachers have places in, beside what else takes place at once.
_engaged = (
    select(_placed.teacher_id, _own.activity_id)
    .join_from(_placed, _held, _held.id == _placed.activity_id)
    .join(_other, _other.activity_id == _held.id)
    .join(_own, (_own.activity_id != _other.activity_id) & _at_once(_own, _other))
    .where(
        _placed.withdrawn_at.is_(None),
        _placed.waiting_turn.is_(None),
        _held.state != ActivityState.CANCELLED,
    )
)
_CLASH = Statement(
    _engaged.with_only_columns(_held.title, _other.starts_at)
    .where(
        _placed.teacher_id == bindparam("teacher_id", type_=Uuid),
        _own.activity_id == bindparam("activity_id", type_=Uuid),
    )
    .order_by(_other.starts_at)
    .limit(1)
)
_ENGAGED = Statement(
    _engaged.distinct().where(
        _placed.teacher_id == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        _own.activity_id == any_(bindparam("activity_ids", type_=ARRAY(Uuid))),
    )
)


def is_engaged(teacher_id: Any, activity_id: Any) -> ColumnElement[bool]:
    """The predicate 'this teacher has a place elsewhere while that activity takes place'."""
    return exists(_engaged.where(_placed.teacher_id == teacher_id, _own.activity_id == activity_id))


async def read_activities_at_once(
    db: Connection, *, activity_ids: Sequence[UUID]
) -> set[frozenset[UUID]]:
    """The pairs of these activities that have sessions at once."""
    rows = await db.all(_PAIRS, activity_ids=list(activity_ids))
    return {frozenset((row["one"], row["other"])) for row in rows}


async def read_clash(db: Connection, *, teacher_id: UUID | None, activity_id: UUID) -> Row | None:
    """In what this teacher has a place while that activity takes place, the first of it; None for nothing."""
    return await db.one(_CLASH, teacher_id=teacher_id, activity_id=activity_id)


async def read_engaged_teachers(
    db: Connection, *, teacher_ids: Sequence[UUID], activity_ids: Sequence[UUID]
) -> set[tuple[UUID, UUID]]:
    """Which of these teachers have a place elsewhere while which of these activities takes place."""
    rows = await db.all(_ENGAGED, teacher_ids=list(teacher_ids), activity_ids=list(activity_ids))
    return {(row["teacher_id"], row["activity_id"]) for row in rows}
