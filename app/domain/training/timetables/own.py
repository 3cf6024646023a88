"""The lessons that a teacher gives from one day to another."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Interval, Uuid, bindparam, cast, func, literal_column, select, true
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Invalid
from app.domain.people.teachers import TEACHERS, Subject, Teacher
from app.domain.training.timetables.given import lessons_given
from app.sql import Connection, Row, Statement

MOST_DAYS = 62
"""So many days are told at once."""


class GivenLesson(BaseModel):
    """A lesson on a day, after holidays, make-up days and changes."""

    lesson_id: UUID = Field(description="课 / lesson of the week")
    day: date = Field(description="日期 / day")
    period: int = Field(description="节次 / period of the day")
    starts_at: datetime = Field(description="开始时间 / when it begins")
    ends_at: datetime = Field(description="结束时间 / when it ends")
    class_name: str = Field(description="班级 / class")
    subject: Subject = Field(description="学科 / subject")
    room: str | None = Field(description="教室 / room")
    changed: bool = Field(
        description="是否调课、代课 / whether it was moved there or is taken over"
    )


# What can be refused.


class WindowTooLong(Invalid):
    """Too many days were asked for at once, or the last is before the first."""

    code = "timetable_window"
    zh = "起止日期须先后有序，且不超过 {most} 天。"
    en = "The last day is not before the first, and at most {most} days are told at once."


def window_of(since: date | None, until: date | None, now: datetime) -> dict[str, date]:
    """The days that are meant: from this week's Monday, for a week, where nothing else is said.

    Days that are too many, or in the wrong order, are refused.
    """
    today = civil_date(now)
    first = since or today - timedelta(days=today.weekday())
    last = until or first + timedelta(days=6)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise WindowTooLong(most=MOST_DAYS)
    return {"since": first, "until": last}


# What may be asked.

_days = (
    func.generate_series(
        bindparam("since", type_=Date), bindparam("until", type_=Date),
        cast(literal_column("'1 day'"), Interval),
    )
    .table_valued("moment", name="each_day")
    .render_derived()
)  # fmt: skip
_own_days = (
    select(
        *(col(getattr(Teacher, name)) for name in PLACE), cast(_days.c.moment, Date).label("day")
    )
    .select_from(Teacher)
    .join(_days, true())
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
    .subquery("own_days")
)
_given = lessons_given(_own_days).subquery("own_lessons")
_OWN = Statement(
    select(*(_given.c[name] for name in GivenLesson.model_fields))
    .where(_given.c.teacher_id == bindparam("teacher_id", type_=Uuid))
    .order_by(_given.c.starts_at, _given.c.lesson_id)
)


async def list_teacher_lessons(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> list[Row]:
    """What a teacher teaches on these days, both included, by time; this week by default."""
    window = window_of(since, until, now)
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.TIMETABLE_READ)
    return await db.all(_OWN, teacher_id=teacher_id, **window)
