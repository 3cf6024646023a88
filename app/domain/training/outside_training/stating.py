"""Stating training that was attended elsewhere; confirming, returning and withdrawing it."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Text, Uuid, bindparam, insert, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date, text_enum
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.providers import PROVIDERS
from app.domain.people.teachers import TEACHERS, Teacher, TeacherNotFound
from app.domain.training.files import FILES
from app.domain.training.outside_training.training import (
    OUTSIDE_TRAINING,
    OutsideTraining,
    OutsideTrainingFields,
    OutsideTrainingState,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_FIRST = date(1950, 1, 1)
"""Before this day nobody who serves today was trained."""


class NewOutsideTraining(OutsideTrainingFields, Command):
    """Training that was attended elsewhere."""

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if not _FIRST <= self.starts_on <= self.ends_on:
            raise Unfit(
                "开始日期不早于 1950 年，结束日期不早于开始日期。",
                "It begins in 1950 or later, and does not end before it begins.",
            )
        if self.hours > 24 * ((self.ends_on - self.starts_on).days + 1):
            raise Unfit("学时超过培训期间的总小时数。", "Its days have fewer hours than that.")
        return self


class OutsideTrainingReturn(Command):
    """Why a statement is returned."""

    opinion: str = Field(min_length=2, max_length=500, description="退回理由 / why")


# What can be refused.


class OutsideTrainingExists(Conflict):
    """The same training of the teacher stands already: the same title on the same days."""

    code = "outside_training_exists"
    zh = "该教师同名、同日期的校外培训已填报。"
    en = "This training of the teacher, with the same title and days, is stated already."


class OutsideTrainingNotOver(Invalid):
    """What was attended is stated once it is over."""

    code = "outside_training_not_over"
    zh = "培训结束后（{ends_on}）方可填报。"
    en = "It is stated once it is over: it ends on {ends_on}."


class OutsideTrainingSettled(Conflict):
    """It was confirmed, returned or withdrawn before."""

    code = "outside_training_settled"
    zh = "该校外培训已处理（{state}）。"
    en = "This training was dealt with before ({state})."


class OutsideTrainingOfOneself(Conflict):
    """Nobody confirms or returns their own."""

    code = "outside_training_of_oneself"
    zh = "不能核实本人的校外培训。"
    en = "Nobody confirms their own training."


# What may be done.

_TABLE = OutsideTraining.__table__  # type: ignore[attr-defined]
_GIVEN = (*OutsideTrainingFields.model_fields, "id", "state", "stated_at", "stated_by")
_STATE = Statement(
    insert(_TABLE).from_select(
        [*_GIVEN, "teacher_id", *PLACE],
        select(
            *(bindparam(name, type_=_TABLE.c[name].type) for name in _GIVEN),
            col(Teacher.id),
            *(col(getattr(Teacher, name)) for name in PLACE),
        ).where(col(Teacher.id) == bindparam("of_teacher", type_=Uuid)),
        include_defaults=False,
    )
)


async def state_outside_training(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewOutsideTraining, now: datetime
) -> Row:
    """State, as the teacher, what one attended elsewhere; the school confirms it."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.RECORD_OWN)
    return await _state(db, actor, teacher_id, new, now)


async def enter_outside_training(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewOutsideTraining, now: datetime
) -> Row:
    """Enter what a teacher of the actor's school attended elsewhere, from a list or a certificate.

    It is confirmed as what teachers state is.
    """
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.ATTENDANCE_WRITE)
    return await _state(db, actor, teacher_id, new, now)


async def _state(
    db: Connection, actor: Actor, teacher_id: UUID, new: NewOutsideTraining, now: datetime
) -> Row:
    """Write it, with a provider and a file that the actor may see; the file is held meanwhile."""
    if new.ends_on > civil_date(now):
        raise OutsideTrainingNotOver(ends_on=new.ends_on.isoformat())
    if new.provider_id is not None:
        await PROVIDERS.get(db, actor, new.provider_id)
    if new.file_id is not None:
        await FILES.get(db, actor, new.file_id, lock=True)
    row = {
        "id": new_id(),
        **new.model_dump(),
        "state": OutsideTrainingState.STATED,
        "stated_at": now,
        "stated_by": actor.account_id,
    }
    try:
        if not await db.run(_STATE, of_teacher=teacher_id, **row):
            raise TeacherNotFound
    except UniqueViolationError:
        raise OutsideTrainingExists from None
    return await OUTSIDE_TRAINING.get(db, actor, row["id"])


_SETTLE = Statement(
    update(OutsideTraining)
    .where(col(OutsideTraining.id) == bindparam("training_id", type_=Uuid))
    .values(
        state=bindparam("to", type_=text_enum(OutsideTrainingState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
        opinion=bindparam("words", type_=Text),
    )
)


async def confirm_outside_training(
    db: Connection, actor: Actor, *, training_id: UUID, now: datetime
) -> Row:
    """Confirm what a teacher of the actor's school attended elsewhere: it may be recognised."""
    return await _decide(db, actor, training_id, OutsideTrainingState.CONFIRMED, None, now)


async def return_outside_training(
    db: Connection,
    actor: Actor,
    *,
    training_id: UUID,
    decision: OutsideTrainingReturn,
    now: datetime,
) -> Row:
    """Return a statement and say why; the teacher may state it anew."""
    returned = OutsideTrainingState.RETURNED
    return await _decide(db, actor, training_id, returned, decision.opinion, now)


async def withdraw_outside_training(
    db: Connection, actor: Actor, *, training_id: UUID, now: datetime
) -> Row:
    """Take back what was stated of the actor, while it waits."""
    wanted = Permission.RECORD_OWN
    found = await OUTSIDE_TRAINING.get(db, actor, training_id, permission=wanted, lock=True)
    return await _settle(db, actor, found, OutsideTrainingState.WITHDRAWN, None, now)


async def _decide(
    db: Connection,
    actor: Actor,
    training_id: UUID,
    state: OutsideTrainingState,
    opinion: str | None,
    now: datetime,
) -> Row:
    wanted = Permission.ATTENDANCE_REVIEW
    found = await OUTSIDE_TRAINING.get(db, actor, training_id, permission=wanted, lock=True)
    if await is_oneself(db, actor, teacher_ids=[found["teacher_id"]]):
        raise OutsideTrainingOfOneself
    return await _settle(db, actor, found, state, opinion, now)


async def _settle(
    db: Connection,
    actor: Actor,
    found: Row,
    state: OutsideTrainingState,
    opinion: str | None,
    now: datetime,
) -> Row:
    """End the waiting of what is held; of two who do so at once, the second is refused."""
    if found["state"] != OutsideTrainingState.STATED:
        raise OutsideTrainingSettled(state=found["state"])
    await db.run(
        _SETTLE, training_id=found["id"], to=state, now=now, by=actor.account_id, words=opinion
    )
    return await OUTSIDE_TRAINING.get(db, actor, found["id"])
