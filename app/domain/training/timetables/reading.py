"""Timetables and their lessons as they are read: by who is in charge of the school, and by the teacher."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Teacher
from app.domain.training.timetables.lines import PeriodOfDay
from app.domain.training.timetables.table import (
    Lesson,
    LessonFields,
    Timetable,
    TimetableFields,
    TimetablePeriod,
)
from app.sql import Connection, Row


class TimetableView(TimetableFields):
    """A timetable as both faces show it."""

    id: UUID = Field(description="标识 / key")
    school_id: UUID = Field(description="学校 / school")
    imported_at: datetime = Field(description="最近一次变更的导入时间 / when it was last changed")
    periods: list[PeriodOfDay] = Field(description="作息时间 / the periods of the day")
    lessons: int = Field(
        description="周课时条数 / how many lessons a week has, odd and even ones alike"
    )


class LessonView(LessonFields):
    """A lesson of the week as both faces show it."""

    id: UUID = Field(description="标识 / key")
    timetable_id: UUID = Field(description="课表 / timetable")
    teacher_id: UUID = Field(description="任课教师 / teacher")
    name: str = Field(description="教师姓名 / name of the teacher")


# What can be refused.


class TimetableNotFound(NotFound):
    """There is no such timetable for the one who asks."""

    code = "timetable_not_found"
    zh = "未找到该课表。"
    en = "There is no such timetable."


class LessonNotFound(NotFound):
    """There is no such lesson for the one who asks."""

    code = "lesson_not_found"
    zh = "未找到该课。"
    en = "There is no such lesson."


# What may be asked.

_TIME = "HH24:MI"
_period = TimetablePeriod.__table__  # type: ignore[attr-defined]
_PERIODS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_object(
                        "number", _period.c.number,
                        "starts_at", func.to_char(_period.c.starts_at, _TIME),
                        "ends_at", func.to_char(_period.c.ends_at, _TIME),
                    ),
                    _period.c.number,
                )
            ),
            func.jsonb_build_array(),
        )
    )
    .where(_period.c.timetable_id == col(Timetable.id))
    .correlate(Timetable)
    .scalar_subquery()
)  # fmt: skip
_LESSONS = (
    select(func.count())
    .select_from(Lesson)
    .where(col(Lesson.timetable_id) == col(Timetable.id))
    .correlate(Timetable)
    .scalar_subquery()
)

TIMETABLES = Door(
    table=Timetable,
    view=TimetableView,
    read=Permission.TIMETABLE_READ,
    missing=TimetableNotFound,
    filters={
        "school_id": col(Timetable.school_id),
        "school_year": col(Timetable.school_year),
        "semester": col(Timetable.semester),
    },
    sorts={"created": ()},
    computed={"periods": _PERIODS, "lessons": _LESSONS},
)

TIMETABLE_PLACES = {
    name: col(getattr(Timetable, name)) for name in ("city_id", "county_id", "school_id")
}
"""What places whatever hangs below a timetable."""

LESSONS = Door(
    table=Lesson,
    view=LessonView,
    read=Permission.TIMETABLE_READ,
    missing=LessonNotFound,
    places=TIMETABLE_PLACES | {"teacher_id": col(Lesson.teacher_id)},
    computed={"name": col(Teacher.name)},
    joined=Lesson.__table__.join(  # type: ignore[attr-defined]
        Timetable.__table__,  # type: ignore[attr-defined]
        col(Lesson.timetable_id) == col(Timetable.id),
    ).join(Teacher.__table__, col(Lesson.teacher_id) == col(Teacher.id)),  # type: ignore[attr-defined]
    filters={
        "timetable_id": col(Lesson.timetable_id),
        "teacher_id": col(Lesson.teacher_id),
        "weekday": col(Lesson.weekday),
    },
    sorts={"weekday": (col(Lesson.weekday), col(Lesson.period)), "name": (col(Teacher.name),)},
)


async def get_timetable(db: Connection, actor: Actor, *, timetable_id: UUID) -> Row:
    """One timetable within the actor's reach, with its periods."""
    return await TIMETABLES.get(db, actor, timetable_id)


async def list_timetables(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    school_year: int | None = None,
    semester: str | None = None,
) -> Page:
    """The timetables of the schools in the actor's place, the first handed in first."""
    filters = {"school_id": school_id, "school_year": school_year, "semester": semester}
    return await TIMETABLES.page(db, actor, page, filters=filters)


async def list_lessons(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    timetable_id: UUID | None = None,
    teacher_id: UUID | None = None,
    weekday: int | None = None,
) -> Page:
    """The lessons of the week that the actor may see, by day and period; a teacher sees the own ones."""
    filters = {"timetable_id": timetable_id, "teacher_id": teacher_id, "weekday": weekday}
    return await LESSONS.page(db, actor, page, filters=filters)
