"""Standings that could not be counted anew (待查): whose they are, since when, and when it is tried again.

Whatever is the matter with one person's ledger or facts, the others are counted. What it is stands in the
log, with its trace; here is only of which kind it was, for what it says could quote the person.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    Interval,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.base import MOMENT, Table
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement


class RecountFailure(Table, table=True):
    """That a person's standings could not be counted anew; the row is gone once they are."""

    __table_args__ = (CheckConstraint("tries > 0", name="tries"), Index(None, "due_at"))

    teacher_id: UUID = Field(
        primary_key=True, foreign_key="teacher.id", ondelete="CASCADE", sa_type=Uuid
    )
    failed_at: datetime = Field(sa_type=MOMENT)
    tried_at: datetime = Field(sa_type=MOMENT)
    tries: int
    due_at: datetime = Field(sa_type=MOMENT)
    """When it is tried again: after an hour, then after twice as long each time, at most after a day."""
    problem: str = Field(max_length=100)
    """Of which kind it was: the name of what was raised."""


# What may be asked.

_teacher_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))
_FAILURES = Statement(
    select(
        *(col(getattr(RecountFailure, name)) for name in RecountFailure.model_fields),
        col(Unit.name).label("school"),
    )
    .join(Teacher, col(Teacher.id) == col(RecountFailure.teacher_id))
    .join(Unit, col(Unit.id) == col(Teacher.school_id))
    .order_by(col(RecountFailure.failed_at), col(RecountFailure.teacher_id))
)
_DUE = Statement(
    select(col(RecountFailure.teacher_id))
    .where(col(RecountFailure.due_at) <= bindparam("now", type_=MOMENT))
    .order_by(col(RecountFailure.due_at), col(RecountFailure.teacher_id))
    .limit(bindparam("at_most"))
)


def is_set_aside(teacher_id: object) -> ColumnElement[bool]:
    """The predicate 'this person could not be counted, and is tried again by itself'."""
    return exists().where(col(RecountFailure.teacher_id) == teacher_id)


async def list_recount_failures(db: Connection) -> list[Row]:
    """Whose standings could not be counted, the oldest first; for the operator."""
    return await db.all(_FAILURES)


async def failures_due(db: Connection, *, now: datetime, at_most: int) -> list[UUID]:
    """Some of those who are to be tried again.

    They are not held: a row is written by whoever holds the head of the person's chain, and nobody waits
    for that head with the row in hand.
    """
    rows = await db.all(_DUE, now=now, at_most=at_most)
    return [row["teacher_id"] for row in rows]


# What may be done.


def _hours(number: Any) -> Any:
    return func.make_interval(0, 0, 0, 0, cast(number, Integer), type_=Interval)


_failed = (
    func.unnest(_teacher_ids, bindparam("problems", type_=ARRAY(Text)))
    .table_valued("teacher_id", "problem")
    .render_derived()
)
_now = bindparam("now", type_=MOMENT)
_first = insert(RecountFailure).from_select(
    ["teacher_id", "failed_at", "tried_at", "tries", "due_at", "problem"],
    select(
        _failed.c.teacher_id, _now, _now, literal(1),
        _now + _hours(1), _failed.c.problem,
    ),
)  # fmt: skip
_NOTE = Statement(
    _first.on_conflict_do_update(
        index_elements=["teacher_id"],
        set_={
            "tried_at": _first.excluded.tried_at,
            "tries": col(RecountFailure.tries) + 1,
            "due_at": _first.excluded.tried_at
            + _hours(func.least(func.power(2, func.least(col(RecountFailure.tries), 5)), 24)),
            "problem": _first.excluded.problem,
        },
    )
)
_FORGET = Statement(
    delete(RecountFailure).where(col(RecountFailure.teacher_id) == any_(_teacher_ids))
)


async def set_aside(db: Connection, *, failed: Mapping[UUID, Exception], now: datetime) -> None:
    """Put down whose standings could not be counted just now."""
    problems = [type(error).__name__[:100] for error in failed.values()]
    await db.run(_NOTE, teacher_ids=list(failed), problems=problems, now=now)


async def forget_failures(db: Connection, *, teacher_ids: Collection[UUID]) -> None:
    """These people are counted, or there is nothing more to be counted of them."""
    await db.run(_FORGET, teacher_ids=list(teacher_ids))
