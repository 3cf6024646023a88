"""Entering results of competitions, correcting and striking them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    ARRAY,
    Uuid,
    any_,
    bindparam,
    exists,
    or_,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    ACTIVITIES,
    ActivityState,
    check_state,
    is_meant_for_teacher,
)
from app.domain.training.attendance import Attendance
from app.domain.training.contest_results.result import (
    CONTESTANTS,
    ContestResult,
    ResultFields,
)
from app.domain.training.vocabulary import ActivityKind
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_OPEN = (ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
"""The states of an activity in which results come in: juries decide after the last session, too."""


class NewResult(ResultFields, Command):
    """One teacher's result."""

    teacher_id: UUID = Field(description="教师 / teacher")


class NewResults(Command):
    """The results of a competition, or a part of them."""

    results: list[NewResult] = Field(
        min_length=1, max_length=500, description="成绩 / results, at most 500 at once"
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        works = {(each.teacher_id, each.work_title) for each in self.results}
        if len(works) < len(self.results):
            raise Unfit("同一教师的同一作品重复。", "A teacher's work stands there twice.")
        return self


class ResultsEntered(BaseModel):
    """How many results were entered."""

    activity_id: UUID = Field(description="活动 / activity")
    entered: int = Field(description="登记条数 / results entered")


class ResultCorrection(ResultFields, Command):
    """What a result is to be instead, and why."""

    reason: str = Field(min_length=2, max_length=500, description="理由 / why")


class ResultStriking(Command):
    """Why a result is to be struck."""

    reason: str = Field(min_length=2, max_length=500, description="理由 / why")


# What can be refused.


class NoCompetition(Invalid):
    """Results are of competitions."""

    code = "contest_result_without_competition"
    zh = "只有竞赛类活动才登记成绩。"
    en = "Results are entered of competitions alone."


class ResultOutsideAudience(Invalid):
    """Results are of those whom the activity is for, or who took part."""

    code = "contest_result_outside_audience"
    zh = "有 {count} 名教师不在本活动的参训对象之内，也未参加。"
    en = "{count} of the teachers are not among those whom the activity is for, nor took part."


class ResultExists(Conflict):
    """This work of this teacher has a result; what is wrong with it is corrected."""

    code = "contest_result_exists"
    zh = "该教师的该作品已登记成绩，如有误请更正。"
    en = "A teacher's work has a result already: correct what is wrong with it."


class ResultSuperseded(Conflict):
    """The result was corrected or struck already."""

    code = "contest_result_superseded"
    zh = "该成绩已被更正或撤销。"
    en = "This result was corrected or struck already."


# What may be done.

_took_part = exists(
    select(col(Attendance.id)).where(
        col(Attendance.activity_id) == bindparam("activity_id", type_=Uuid),
        col(Attendance.teacher_id) == col(Teacher.id),
    )
)
_PLACES = Statement(
    select(col(Teacher.id), *(col(getattr(Teacher, column)) for column in PLACE)).where(
        col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        or_(is_meant_for_teacher(bindparam("activity_id", type_=Uuid)), _took_part),
    )
)


async def record_contest_results(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewResults, now: datetime
) -> Row:
    """Enter results of a competition that the actor organises: all of them, or none."""
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ATTENDANCE_WRITE, lock=True
    )
    if activity["kind"] != ActivityKind.COMPETITION:
        raise NoCompetition
    check_state(activity, *_OPEN)
    teacher_ids = {each.teacher_id for each in new.results}
    found = await db.all(_PLACES, teacher_ids=list(teacher_ids), activity_id=activity_id)
    places = {row.pop("id"): row for row in found}
    if others := teacher_ids - places.keys():
        raise ResultOutsideAudience(count=len(others), teachers=sorted(map(str, others)))
    rows = [
        _row(each, activity_id, each.teacher_id, places[each.teacher_id], actor, now)
        for each in new.results
    ]
    try:
        await db.insert_all(ContestResult, rows)
    except UniqueViolationError:
        raise ResultExists from None
    return {"activity_id": activity_id, "entered": len(rows)}


def _row(
    fields: ResultFields, activity_id: UUID, teacher_id: UUID, place: Row, actor: Actor,
    now: datetime,
) -> Row:  # fmt: skip
    return {
        "id": new_id(),
        "activity_id": activity_id,
        "teacher_id": teacher_id,
        **place,
        **fields.model_dump(include=set(ResultFields.model_fields)),
        "recorded_by": actor.account_id,
        "recorded_at": now,
    }


_SUPERSEDE = Statement(
    update(ContestResult)
    .where(
        col(ContestResult.id) == bindparam("result_id", type_=Uuid),
        col(ContestResult.superseded_at).is_(None),
    )
    .values(
        superseded_at=bindparam("now", type_=MOMENT),
        superseded_by=bindparam("by", type_=Uuid),
        reason=bindparam("why"),
    )
    .returning(*(col(getattr(ContestResult, name)) for name in PLACE))
)


async def _supersede(
    db: Connection, actor: Actor, result_id: UUID, reason: str, now: datetime
) -> tuple[Row, Row]:
    """The result as it stood, and the place of its teacher; it stands no longer."""
    wanted = Permission.ATTENDANCE_WRITE
    result = await CONTESTANTS.get(db, actor, result_id, permission=wanted)
    place = await db.one(_SUPERSEDE, result_id=result_id, now=now, by=actor.account_id, why=reason)
    if place is None:
        raise ResultSuperseded
    return result, place


async def correct_contest_result(
    db: Connection, actor: Actor, *, result_id: UUID, new: ResultCorrection, now: datetime
) -> Row:
    """Correct a result of a competition that the actor organises; the new one, as entered now."""
    former, place = await _supersede(db, actor, result_id, new.reason, now)
    row = _row(new, former["activity_id"], former["teacher_id"], place, actor, now)
    try:
        await db.insert(ContestResult, row | {"corrects_id": result_id})
    except UniqueViolationError:
        raise ResultExists from None
    return await CONTESTANTS.get(db, actor, row["id"])


async def strike_contest_result(
    db: Connection, actor: Actor, *, result_id: UUID, new: ResultStriking, now: datetime
) -> Row:
    """Strike a result that should not have been entered; it is kept, with the reason."""
    await _supersede(db, actor, result_id, new.reason, now)
    return await CONTESTANTS.get(db, actor, result_id)
