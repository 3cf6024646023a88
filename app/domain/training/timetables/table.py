"""The tables of a timetable: its periods, its lessons, and the lessons that were changed on a day."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Time,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.people.teachers import Subject
from app.domain.training.school_calendars import LAST_WEEK, Semester


class LessonWeeks(StrEnum):
    """In which weeks of the term a lesson is given (周次)."""

    EVERY = "every"
    """每周"""
    ODD = "odd"
    """单周"""
    EVEN = "even"
    """双周"""


class TimetableFields(BaseModel):
    """Of which term a timetable is."""

    school_year: int = Field(
        ge=2000, le=2100, description="学年起始年 / year in which the school year begins"
    )
    semester: Semester = Field(description="学期 / first or second", sa_type=text_enum(Semester))


class Timetable(TimetableFields, Placed, Table, table=True):
    """The timetable of a school in a term."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("school_id", "school_year", "semester"),
        Index(None, "county_id", "school_year", "id"),
        Index(None, "city_id", "school_year", "id"),
    )

    id: UUID = key()
    school_id: UUID = Field(sa_type=Uuid)  # never null for a timetable
    imported_at: datetime = Field(sa_type=MOMENT)
    imported_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class TimetablePeriod(Table, table=True):
    """A period (节次) of the day at a school."""

    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),)

    timetable_id: UUID = Field(primary_key=True, foreign_key="timetable.id", sa_type=Uuid)
    number: int = Field(primary_key=True, sa_type=SmallInteger)
    starts_at: time = Field(sa_type=Time)
    ends_at: time = Field(sa_type=Time)


class LessonFields(BaseModel):
    """When in the week and in which weeks a lesson is given, to whom, and in what."""

    weekday: int = Field(
        ge=1, le=7, description="星期，1 为星期一 / day of the week, Monday is 1",
        sa_type=SmallInteger,
    )  # fmt: skip
    period: int = Field(ge=1, le=20, description="节次 / period of the day", sa_type=SmallInteger)
    weeks: LessonWeeks = Field(
        default=LessonWeeks.EVERY,
        description="每周、单周、双周 / every week, odd or even ones",
        sa_type=text_enum(LessonWeeks),
    )
    first_week: int = Field(
        default=1, ge=1, le=LAST_WEEK, description="起始周 / first week", sa_type=SmallInteger
    )
    last_week: int = Field(
        default=LAST_WEEK, ge=1, le=LAST_WEEK, description="终止周（含） / last week",
        sa_type=SmallInteger,
    )  # fmt: skip
    class_name: str = Field(min_length=1, max_length=60, description="班级 / class")
    subject: Subject = Field(description="学科 / subject", sa_type=text_enum(Subject))
    room: str | None = Field(default=None, max_length=60, description="教室 / room")


class Lesson(LessonFields, Table, table=True):
    """A lesson of the week, by one teacher; it lies where its timetable does."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["timetable_id", "period"], ["timetable_period.timetable_id", "timetable_period.number"]
        ),
        UniqueConstraint(
            "timetable_id", "teacher_id", "weekday", "period", "weeks", "first_week", "last_week",
            "class_name", name="uq_lesson_slot",
        ),
        UniqueConstraint("id", "timetable_id"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint(
            f"first_week BETWEEN 1 AND last_week AND last_week <= {LAST_WEEK}", name="weeks_in_order"
        ),
        Index(None, "timetable_id", "weekday"),
        Index(None, "teacher_id"),
    )  # fmt: skip

    id: UUID = key()
    timetable_id: UUID = Field(foreign_key="timetable.id", sa_type=Uuid)
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)


class LessonChangeFields(BaseModel):
    """What becomes of a lesson on one day: when it is given instead, and by whom."""

    day: date = Field(description="原上课日期 / day on which it would be given")
    to_day: date = Field(description="改上日期 / day on which it is given")
    to_period: int = Field(
        ge=1, le=20, description="改上节次 / period in which it is given", sa_type=SmallInteger
    )
    teacher_id: UUID = Field(description="上课教师 / teacher who gives it", sa_type=Uuid)


class LessonChange(LessonChangeFields, Table, table=True):
    """A lesson that on one day is given at another time, or by another teacher; it goes with its lesson."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["lesson_id", "timetable_id"],
            ["lesson.id", "lesson.timetable_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["timetable_id", "to_period"],
            ["timetable_period.timetable_id", "timetable_period.number"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["teacher_id"], ["teacher.id"]),
        UniqueConstraint("lesson_id", "day"),
        Index(None, "timetable_id", "to_day"),
    )

    id: UUID = key()
    lesson_id: UUID = Field(sa_type=Uuid)
    timetable_id: UUID = Field(foreign_key="timetable.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
