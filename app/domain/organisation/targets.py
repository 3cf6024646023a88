"""Targets (目标责任): what was agreed for an assignment, how it is measured, by when, and what became of it.

A bureau agrees them with the holder of the assignment; the holder, or the bureau, reviews them.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Text, Uuid, bindparam, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Invalid, NotFound
from app.domain.organisation.assignments import (
    ASSIGNMENT_PLACES,
    ASSIGNMENTS,
    Assignment,
    check_not_ended,
)
from app.sql import Connection, Row, Statement, new_id


class TargetOutcome(StrEnum):
    """What became of a target (完成情况)."""

    MET = "met"
    """完成"""
    PARTLY_MET = "partly_met"
    """部分完成"""
    MISSED = "missed"
    """未完成"""


class TargetFields(BaseModel):
    """What was agreed."""

    aim: str = Field(min_length=1, max_length=500, description="目标 / what is to be reached")
    measure: str = Field(
        min_length=1, max_length=500, description="衡量标准 / by what one sees that it is reached"
    )
    due_on: date = Field(description="完成期限 / last day")


class AssignmentTarget(TargetFields, Table, table=True):
    """A target of an assignment, and how it was last reviewed."""

    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(outcome, result, reviewed_at, reviewed_by) IN (0, 4)", name="review"
        ),
        Index(None, "assignment_id", "due_on", "id"),
    )

    id: UUID = key()
    assignment_id: UUID = Field(foreign_key="assignment.id", sa_type=Uuid)
    agreed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    outcome: TargetOutcome | None = Field(default=None, sa_type=text_enum(TargetOutcome))
    result: str | None = Field(default=None, max_length=2000)
    reviewed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reviewed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class TargetView(TargetFields):
    """A target as both faces show it."""

    id: UUID = Field(description="标识 / key")
    assignment_id: UUID = Field(description="包片包校安排 / assignment")
    outcome: TargetOutcome | None = Field(description="完成情况 / outcome, null until reviewed")
    result: str | None = Field(description="评语 / the result in words")
    reviewed_at: datetime | None = Field(description="评定时间 / when it was last reviewed")


class NewTarget(TargetFields, Command):
    """A target to be agreed."""


class TargetReview(Command):
    """What became of a target."""

    outcome: TargetOutcome = Field(description="完成情况 / outcome")
    result: str = Field(min_length=1, max_length=2000, description="评语 / the result in words")


# What can be refused.


class TargetNotFound(NotFound):
    """There is no such target for the one who asks."""

    code = "target_not_found"
    zh = "未找到该目标。"
    en = "There is no such target."


class TargetOutsideTerm(Invalid):
    """A target falls due within the term of its assignment."""

    code = "target_outside_term"
    zh = "完成期限须在任期内（{valid_from} 至 {valid_to}，不含末日）。"
    en = "A target falls due within the term: from {valid_from} until before {valid_to}."


# What may be asked.

TARGETS = Door(
    table=AssignmentTarget,
    view=TargetView,
    read=Permission.UNIT_READ,
    missing=TargetNotFound,
    places=ASSIGNMENT_PLACES,
    joined=AssignmentTarget.__table__.join(  # type: ignore[attr-defined]
        Assignment.__table__,  # type: ignore[attr-defined]
        col(AssignmentTarget.assignment_id) == col(Assignment.id),
    ),
    sorts={"due_on": (col(AssignmentTarget.due_on),)},
)
"""Targets, seen by whoever sees their assignment."""


async def get_target(db: Connection, actor: Actor, *, target_id: UUID) -> Row:
    """One target within the actor's reach."""
    return await TARGETS.get(db, actor, target_id)


async def list_targets(db: Connection, actor: Actor, *, assignment_id: UUID) -> list[Row]:
    """The targets of one assignment that the actor may see, those due first before the others."""
    await ASSIGNMENTS.get(db, actor, assignment_id)
    return (await targets_of(db, actor, assignment_ids=[assignment_id]))[assignment_id]


async def targets_of(
    db: Connection, actor: Actor, *, assignment_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The targets of many assignments, those due first before the others."""
    owner = col(AssignmentTarget.assignment_id)
    return await TARGETS.rows_of(db, actor, owner, assignment_ids, columns=columns)


# What may be done.


async def agree_target(
    db: Connection, actor: Actor, *, assignment_id: UUID, new: NewTarget, now: datetime
) -> Row:
    """Agree a target for an assignment that still holds."""
    assignment = await ASSIGNMENTS.get(
        db, actor, assignment_id, permission=Permission.ASSIGNMENT_WRITE
    )
    check_not_ended(assignment, now=now)
    if not assignment["valid_from"] <= new.due_on < assignment["valid_to"]:
        raise TargetOutsideTerm(
            **{name: assignment[name].isoformat() for name in ("valid_from", "valid_to")}
        )
    target_id = new_id()
    row = {
        "id": target_id,
        "assignment_id": assignment_id,
        **new.model_dump(),
        "agreed_by": actor.account_id,
        "recorded_at": now,
    }
    await db.insert(AssignmentTarget, row)
    return await TARGETS.get(db, actor, target_id)


_REVIEW = Statement(
    update(AssignmentTarget)
    .where(col(AssignmentTarget.id) == bindparam("target_id", type_=Uuid))
    .values(
        outcome=bindparam("new_outcome", type_=text_enum(TargetOutcome)),
        result=bindparam("new_result", type_=Text),
        reviewed_at=bindparam("now", type_=MOMENT),
        reviewed_by=bindparam("account_id", type_=Uuid),
    )
)


async def review_target(
    db: Connection, actor: Actor, *, target_id: UUID, review: TargetReview, now: datetime
) -> Row:
    """Say what became of a target; a later review takes the place of an earlier one."""
    await TARGETS.get(db, actor, target_id, permission=Permission.ASSIGNMENT_REVIEW, lock=True)
    await db.run(
        _REVIEW,
        target_id=target_id,
        new_outcome=review.outcome,
        new_result=review.result,
        now=now,
        account_id=actor.account_id,
    )
    return await TARGETS.get(db, actor, target_id)
