"""Submitting a sheet, as whoever was in the lesson; answering one, as the teacher who gave it."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    any_,
    bindparam,
    exists,
    or_,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission, SubjectKind
from app.domain.base import MOMENT, Command, civil_date
from app.domain.errors import Conflict, Invalid, NotAllowed, Unfit
from app.domain.people.teachers import Teacher, TeacherNotFound
from app.domain.training.activities import ActivitySession
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.observation_sheets.sheet import (
    SHEETS,
    ObservationSheet,
    SheetFields,
    SheetScore,
    SheetView,
)
from app.domain.training.rubrics import RUBRICS, STANDARD, total_of
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class DimensionScore(SheetScore):
    """The score that is given to one dimension."""


class NewSheet(SheetFields, Command):
    """What somebody saw in a lesson."""

    teacher_id: UUID = Field(description="授课教师 / teacher who gave the lesson")
    activity_id: UUID | None = Field(
        default=None, description="所属活动 / activity, if it was of one"
    )
    session_id: UUID | None = Field(
        default=None, description="所属场次 / session, if it was at one"
    )
    rubric_id: UUID | None = Field(
        default=None, description="量表，默认通用量表 / rubric; by default the standard one"
    )
    scores: list[DimensionScore] = Field(
        default_factory=list,
        max_length=20,
        description="各维度得分，可不评分 / scores, possibly none",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.session_id is not None and self.activity_id is None:
            raise Unfit("填写场次时须填写活动。", "With a session name its activity.")
        if len({each.code for each in self.scores}) != len(self.scores):
            raise Unfit("同一维度只评一次分。", "A dimension is scored once.")
        return self


class SheetAnswer(Command):
    """What the teacher says to it."""

    answer: str = Field(min_length=2, max_length=2000, description="回应 / answer")


# What can be refused.


class SheetOfOneself(Invalid):
    """A lesson is observed by somebody else."""

    code = "observation_of_oneself"
    zh = "不能填写本人授课的听课记录。"
    en = "You cannot observe a lesson of your own."


class SheetInFuture(Invalid):
    """A lesson is observed when it is given."""

    code = "observation_in_future"
    zh = "听课日期不能晚于今天（{today}）。"
    en = "The lesson cannot lie after today ({today})."


class SheetExists(Conflict):
    """There is a sheet of this observer about this lesson."""

    code = "observation_sheet_exists"
    zh = "您已提交过该课的听课记录。"
    en = "You have submitted a sheet about this lesson already."


class SheetSessionElsewhere(Invalid):
    """The lesson was not given in this activity, or the session is not one of it."""

    code = "observation_session_elsewhere"
    zh = "授课教师未参加该活动，或该场次不属于该活动。"
    en = "The teacher took no part in that activity, or the session is not one of it."


class SheetAnswered(Conflict):
    """It has been answered; both stay as they are."""

    code = "observation_sheet_answered"
    zh = "该听课记录已有回应。"
    en = "This sheet has been answered."


# What may be done.

_PLACES = {name: col(getattr(Teacher, name)) for name in PLACE} | {"teacher_id": col(Teacher.id)}


_MAY = (Permission.ATTENDANCE_WRITE, Permission.GUIDANCE_GUIDE)
"""With which somebody writes about lessons of others; a teacher takes part in them."""


def _id(name: str) -> Any:
    return bindparam(name, type_=Uuid)


def _took_part(teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'that teacher attended the activity that is named'."""
    return exists(
        select(col(Attendance.id)).where(
            col(Attendance.activity_id) == _id("activity_id"),
            col(Attendance.teacher_id) == teacher_id,
            (col(Attendance.status) == AttendanceStatus.PRESENT)
            | (col(Attendance.status) == AttendanceStatus.LATE),
        )
    )


@lru_cache(maxsize=64)
def _situation(keeps: Shape, guides: Shape) -> Statement:
    """The teacher who was observed, if the actor may say something about a lesson of that teacher.

    That is who works at the same school, keeps its records or guides it, or attended the same activity.
    """
    teacher, gave = col(Teacher.id), _took_part(col(Teacher.id))
    of_activity = exists(
        select(col(ActivitySession.id)).where(
            col(ActivitySession.id) == _id("session_id"),
            col(ActivitySession.activity_id) == _id("activity_id"),
        )
    )
    may = or_(
        col(Teacher.school_id) == any_(bindparam("own_schools", type_=ARRAY(Uuid))),
        within(keeps, _PLACES, prefix="keeps"),
        within(guides, _PLACES, prefix="guides"),
        gave & _took_part(_id("observer_id")),
    )
    observer = select(col(Account.display_name)).where(col(Account.id) == _id("account_id"))
    return Statement(
        select(
            *(col(getattr(Teacher, name)) for name in PLACE),
            gave.label("gave"),
            of_activity.label("session"),
            observer.scalar_subquery().label("observer"),
        ).where(teacher == _id("of_teacher"), may)
    )


async def _find(db: Connection, actor: Actor, new: NewSheet) -> Row:
    """The place of the teacher who was observed, once all that decides has been looked at."""
    keeps, guides = (actor.scope(each) for each in _MAY)
    is_teacher = actor.teacher_id is not None and actor.allows(Permission.PARTICIPATE)
    if not (keeps.shape or guides.shape or is_teacher):
        raise NotAllowed(_MAY[0].value)
    own = [grant.school_id for grant in actor.grants if grant.subject is SubjectKind.SELF]
    known = keeps.parameters(_PLACES, prefix="keeps")
    known |= guides.parameters(_PLACES, prefix="guides")
    found = await db.one(
        _situation(keeps.shape, guides.shape),
        of_teacher=new.teacher_id,
        activity_id=new.activity_id,
        session_id=new.session_id,
        observer_id=actor.teacher_id if is_teacher else None,
        account_id=actor.account_id,
        own_schools=own if is_teacher else [],
        **known,
    )
    if found is None:
        raise TeacherNotFound
    if new.activity_id is not None and not found["gave"]:
        raise SheetSessionElsewhere
    if new.session_id is not None and not found["session"]:
        raise SheetSessionElsewhere
    return found


async def submit_observation_sheet(
    db: Connection, actor: Actor, *, new: NewSheet, now: datetime
) -> Row:
    """Submit what the actor saw in a lesson of somebody else; it is written once.

    A lesson of no activity may be observed too; the sheet belongs to the teacher who gave it.
    """
    if new.teacher_id == actor.teacher_id:
        raise SheetOfOneself
    today = civil_date(now)
    if new.held_on > today:
        raise SheetInFuture(today=today.isoformat())
    found = await _find(db, actor, new)
    scores = {each.code: each.score for each in new.scores}
    total = await _total(db, actor, new.rubric_id, scores)
    row = {
        "id": new_id(),
        **new.model_dump(exclude={"scores"}),
        **{name: found[name] for name in PLACE},
        "observer_id": actor.teacher_id,
        "observer": found["observer"],
        "scores": [each.model_dump(mode="json") for each in new.scores] or None,
        "total": total,
        "submitted_by": actor.account_id,
        "submitted_at": now,
    }
    try:
        async with db.transaction():
            await db.insert(ObservationSheet, row)
    except UniqueViolationError:
        raise SheetExists from None
    return await _written(db, row["id"])


async def _total(
    db: Connection, actor: Actor, rubric_id: UUID | None, scores: dict[str, Decimal]
) -> Decimal | None:
    """The weighted score by the rubric that is named, or by the standard one; None without scores."""
    dimensions: Any = STANDARD.model_dump()["dimensions"]
    if rubric_id is not None:
        dimensions = (await RUBRICS.get(db, actor, rubric_id))["dimensions"]
    return total_of(dimensions, scores) if scores else None


_WRITTEN = Statement(
    SHEETS.select().where(col(ObservationSheet.id) == bindparam("sheet_id", type_=Uuid))
)


async def _written(db: Connection, sheet_id: UUID) -> Row:
    """The sheet that the actor has just written, whoever's it is."""
    row = await db.one(_WRITTEN, sheet_id=sheet_id)
    if row is None:
        raise TeacherNotFound
    return {name: row[name] for name in SheetView.model_fields}


_ANSWER = Statement(
    update(ObservationSheet)
    .where(col(ObservationSheet.id) == bindparam("sheet_id", type_=Uuid))
    .where(col(ObservationSheet.answered_at).is_(None))
    .values(answer=bindparam("said", type_=Text), answered_at=bindparam("now", type_=MOMENT))
)


async def answer_observation_sheet(
    db: Connection, actor: Actor, *, sheet_id: UUID, answer: SheetAnswer, now: datetime
) -> Row:
    """Say, as the teacher who gave the lesson, what one thinks of it; once."""
    await SHEETS.get(db, actor, sheet_id, permission=Permission.RECORD_OWN)
    if not await db.run(_ANSWER, sheet_id=sheet_id, said=answer.answer, now=now):
        raise SheetAnswered
    return await SHEETS.get(db, actor, sheet_id)
