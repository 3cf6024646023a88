"""Single lessons that are moved, or taken by another, on a day (调课、代课)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    Date,
    SmallInteger,
    Uuid,
    any_,
    bindparam,
    delete,
    exists,
    or_,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Teacher
from app.domain.training.timetables.given import lessons_given
from app.domain.training.timetables.reading import LESSONS, TIMETABLE_PLACES
from app.domain.training.timetables.table import (
    Lesson,
    LessonChange,
    LessonChangeFields,
    Timetable,
    TimetablePeriod,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class LessonChangeView(LessonChangeFields):
    """A changed lesson as both faces show it."""

    id: UUID = Field(description="标识 / key")
    lesson_id: UUID = Field(description="课 / lesson of the week")
    timetable_id: UUID = Field(description="课表 / timetable")


class NewLessonChange(Command):
    """What becomes of a lesson on a day; what is left out stays as it is."""

    day: date = Field(description="原上课日期 / day on which it would be given")
    to_day: date | None = Field(default=None, description="改上日期 / day on which it is given")
    to_period: int | None = Field(
        default=None, ge=1, le=20, description="改上节次 / period in which it is given"
    )
    teacher_id: UUID | None = Field(
        default=None, description="代课教师 / teacher who gives it instead"
    )

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if (self.to_day, self.to_period, self.teacher_id) == (None, None, None):
            raise Unfit(
                "须说明改到何时或由谁代课。", "It says when the lesson is given, or by whom."
            )
        return self


# What can be refused.


class LessonChangeNotFound(NotFound):
    """There is no such change for the one who asks."""

    code = "lesson_change_not_found"
    zh = "未找到该调课。"
    en = "There is no such change of a lesson."


class LessonNotGiven(Invalid):
    """By term, week and calendar the lesson is not given on that day."""

    code = "lesson_not_given"
    zh = "该课在 {day} 不上。"
    en = "The lesson is not given on {day}."


class LessonChanged(Conflict):
    """The lesson of that day has been changed already: that has to be undone first."""

    code = "lesson_changed"
    zh = "该课在 {day} 已调课，请先撤销。"
    en = "The lesson of {day} has been changed already: undo that first."


class PeriodUnknown(Invalid):
    """The school's day has no such period."""

    code = "lesson_period_unknown"
    zh = "作息时间中没有该节次。"
    en = "The school's day has no such period."


class TakerElsewhere(Invalid):
    """A lesson is taken by a teacher of the same school."""

    code = "lesson_taker_elsewhere"
    zh = "代课教师须为本校教师。"
    en = "A lesson is taken by a teacher of the same school."


# What may be asked.


def _is_own(teacher_ids: Any) -> Any:
    """A change concerns who gives the lesson, and who would have given it."""
    each = any_(teacher_ids)
    return or_(col(LessonChange.teacher_id) == each, col(Lesson.teacher_id) == each)


LESSON_CHANGES = Door(
    table=LessonChange,
    view=LessonChangeView,
    read=Permission.TIMETABLE_READ,
    missing=LessonChangeNotFound,
    places=TIMETABLE_PLACES | {"teacher_id": _is_own},
    joined=LessonChange.__table__.join(  # type: ignore[attr-defined]
        Lesson.__table__,  # type: ignore[attr-defined]
        col(LessonChange.lesson_id) == col(Lesson.id),
    ).join(Timetable.__table__, col(LessonChange.timetable_id) == col(Timetable.id)),  # type: ignore[attr-defined]
    filters={
        "timetable_id": col(LessonChange.timetable_id),
        "since": lambda day: col(LessonChange.day) >= day,
    },
    sorts={"day": (col(LessonChange.day),)},
)


async def list_lesson_changes(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    timetable_id: UUID | None = None,
    since: date | None = None,
) -> Page:
    """The lessons that were changed on a day, by that day; a teacher sees those that concern them."""
    filters = {"timetable_id": timetable_id, "since": since}
    return await LESSON_CHANGES.page(db, actor, page, filters=filters)


# What may be done.


def _check() -> Statement:
    """Of a lesson and a day: was it changed, is it given, is there the period, is the taker there."""
    lesson_id, day = bindparam("lesson_id", type_=Uuid), bindparam("day", type_=Date)
    of_lesson = (
        select(*(col(getattr(Timetable, name)) for name in PLACE), day.label("day"))
        .join_from(Timetable, Lesson, col(Lesson.timetable_id) == col(Timetable.id))
        .where(col(Lesson.id) == lesson_id)
        .subquery("day_of_lesson")
    )
    given = lessons_given(of_lesson).subquery("given_that_day")
    period = exists(
        select(col(TimetablePeriod.number)).where(
            col(TimetablePeriod.timetable_id) == bindparam("timetable_id", type_=Uuid),
            col(TimetablePeriod.number) == bindparam("to_period", type_=SmallInteger),
        )
    )
    taker = exists(
        select(col(Teacher.id)).where(
            col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
            col(Teacher.school_id) == select(of_lesson.c.school_id).scalar_subquery(),
            col(Teacher.merged_into_id).is_(None),
        )
    )
    changed = exists(
        select(col(LessonChange.id)).where(
            col(LessonChange.lesson_id) == lesson_id, col(LessonChange.day) == day
        )
    )
    regular = exists(
        select(given.c.lesson_id).where(given.c.lesson_id == lesson_id, ~given.c.changed)
    )
    return Statement(
        select(
            changed.label("changed"), regular.label("given"), period.label("period"),
            taker.label("taker"),
        )
    )  # fmt: skip


_CHECK: Final = _check()


def _refuse(found: Mapping[str, bool], day: date) -> None:
    if found["changed"]:
        raise LessonChanged(day=day.isoformat())
    if not found["given"]:
        raise LessonNotGiven(day=day.isoformat())
    if not found["period"]:
        raise PeriodUnknown
    if not found["taker"]:
        raise TakerElsewhere


async def change_lesson(
    db: Connection, actor: Actor, *, lesson_id: UUID, new: NewLessonChange, now: datetime
) -> Row:
    """Let a lesson of one day be given at another time, or by another teacher of the school."""
    write = Permission.TIMETABLE_WRITE
    lesson = await LESSONS.get(db, actor, lesson_id, permission=write, lock=True)
    row = {
        "lesson_id": lesson_id,
        "timetable_id": lesson["timetable_id"],
        "day": new.day,
        "to_period": new.to_period or lesson["period"],
        "teacher_id": new.teacher_id or lesson["teacher_id"],
    }
    found = await db.one(_CHECK, **row)
    _refuse(found or {}, new.day)
    change_id = new_id()
    more = {"id": change_id, "to_day": new.to_day or new.day, "recorded_at": now}
    try:
        await db.insert(LessonChange, row | more | {"recorded_by": actor.account_id})
    except UniqueViolationError:
        raise LessonChanged(day=new.day.isoformat()) from None
    return await LESSON_CHANGES.get(db, actor, change_id)


_UNDO = Statement(
    delete(LessonChange).where(col(LessonChange.id) == bindparam("change_id", type_=Uuid))
)


async def undo_lesson_change(db: Connection, actor: Actor, *, change_id: UUID) -> Row:
    """Let the lesson be given as the timetable says; what the change was."""
    write = Permission.TIMETABLE_WRITE
    found = await LESSON_CHANGES.get(db, actor, change_id, permission=write)
    await db.run(_UNDO, change_id=change_id)
    return found
