"""Calendars and timetables for tests, made by what a school and a bureau do with them."""

from datetime import date
from typing import Any

from app.domain.training.school_calendars import (
    NewCalendarDays,
    NewHalfDay,
    NewTerm,
    set_calendar_days,
    set_term,
)
from app.domain.training.school_calendars import add_half_day as keep_half_day
from app.domain.training.timetables import TimetableFile, import_timetable
from app.sql import Connection, Row
from tests.make import NOW, Person

TERM = {
    "school_year": 2026, "semester": "first", "starts_on": "2026-09-01", "ends_on": "2027-01-29",
}  # fmt: skip
"""The first week is that of 31 August; 20 November 2026 is the Friday of the twelfth."""
PERIODS = [
    {"number": 1, "starts_at": "08:00", "ends_at": "08:40"},
    {"number": 2, "starts_at": "08:50", "ends_at": "09:30"},
    {"number": 3, "starts_at": "10:00", "ends_at": "10:40"},
    {"number": 4, "starts_at": "10:50", "ends_at": "11:30"},
    {"number": 5, "starts_at": "14:30", "ends_at": "15:10"},
]
HEAD = "姓名,星期,节次,周次,班级,学科,教室"
LINES = (
    "测试甲,周五,3,,一年级1班,语文,101",
    "测试甲,周五,4,单周,一年级1班,语文,101",
    "测试甲,周一,1,1-16双周,一年级2班,数学,",
    "测试乙,5,5,每周,二年级1班,语文,",
)


def timetable_file(*lines: str, **given: Any) -> TimetableFile:
    """A file in CSV with these lines."""
    return TimetableFile.model_validate(timetable_body(*lines, **given))


def timetable_body(*lines: str, **given: Any) -> dict[str, Any]:
    """The same as it is sent."""
    content = "\n".join((HEAD, *(lines or LINES)))
    return {
        "school_year": 2026, "semester": "first", "periods": PERIODS, "format": "csv",
        "content": content,
    } | given  # fmt: skip


async def make_term(db: Connection, by: Person, unit: Row, **given: Any) -> Row:
    """The first term of 2026 at a unit and below."""
    new = NewTerm.model_validate(TERM | given)
    return await set_term(db, by.actor, unit_id=unit["id"], new=new)


async def make_days(
    db: Connection, by: Person, unit: Row, days: dict[date, date | None]
) -> list[Row]:
    """Days with those that are taught on them instead."""
    given = [{"day": day, "taught_as": taught} for day, taught in days.items()]
    new = NewCalendarDays.model_validate({"days": given})
    return await set_calendar_days(db, by.actor, unit_id=unit["id"], new=new)


async def make_half_day(db: Connection, by: Person, unit: Row, **given: Any) -> Row:
    """Wednesday afternoon for Chinese."""
    fields = {
        "school_year": 2026, "semester": "first", "subject": "chinese", "weekday": 3,
        "half": "afternoon",
    }  # fmt: skip
    new = NewHalfDay.model_validate(fields | given)
    return await keep_half_day(db, by.actor, unit_id=unit["id"], new=new)


async def make_timetable(db: Connection, by: Person, school: Row, *lines: str) -> Row:
    """The timetable of a school, of these lines or of four: what taking it in answers."""
    file = timetable_file(*lines)
    return await import_timetable(db, by.actor, school_id=school["id"], file=file, now=NOW)
