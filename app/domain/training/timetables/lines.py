"""A timetable as a file: periods of the day, and CSV or JSON Lines with a lesson a line; pure."""

import csv
import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Final, NamedTuple, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from sqlmodel import Field

from app.domain.base import Command
from app.domain.errors import Invalid, Unfit
from app.domain.people.teachers import PersonName
from app.domain.training.attendance.lines import RegisterFormat, lines_of
from app.domain.training.group_defaults import SUBJECT_NAMES
from app.domain.training.school_calendars import Semester
from app.domain.training.timetables.table import LessonFields, LessonWeeks

MOST_LESSONS = 8000
"""Lines of one file, its head not counted."""

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of the day in China, such as 08:00."""


class PeriodOfDay(BaseModel):
    """A period of the day (节次)."""

    number: int = Field(ge=1, le=20, description="节次 / which one, from 1")
    starts_at: ClockTime = Field(description="开始时间，如 08:00 / when it begins")
    ends_at: ClockTime = Field(description="结束时间 / when it ends")


class TimetableFile(Command):
    """The timetable of a term as a file, with the periods of its days."""

    school_year: int = Field(
        ge=2000, le=2100, description="学年起始年 / year in which the school year begins"
    )
    semester: Semester = Field(description="学期 / first or second")
    periods: list[PeriodOfDay] = Field(
        min_length=1, max_length=20, description="作息时间 / the periods of the day, in order"
    )
    format: RegisterFormat = Field(description="文件格式 / how it is written")
    content: str = Field(min_length=1, max_length=900_000, description="文件内容 / what it holds")

    @model_validator(mode="after")
    def _periods_in_order(self) -> Self:
        numbers = [each.number for each in self.periods]
        moments = [moment for each in self.periods for moment in (each.starts_at, each.ends_at)]
        rising = all(each.starts_at < each.ends_at for each in self.periods)
        if not rising or sorted(set(numbers)) != numbers or sorted(moments) != moments:
            raise Unfit(
                "各节次须按序号和时间排列，互不重叠。",
                "The periods stand in the order of their numbers and times, none within another.",
            )
        return self

    def times(self) -> dict[int, tuple[time, time]]:
        """When each period begins and ends."""
        return {
            each.number: (time.fromisoformat(each.starts_at), time.fromisoformat(each.ends_at))
            for each in self.periods
        }


class LessonLine(LessonFields):
    """A line of the file, read."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    teacher_id: UUID | None = None
    name: PersonName | None = None

    @model_validator(mode="after")
    def _means_somebody(self) -> Self:
        if self.teacher_id is None and self.name is None:
            raise Unfit("缺少教师标识或姓名。", "It names no teacher.")
        return self


class Fault(NamedTuple):
    """What is wrong with a line: the field, where it is one, and a code."""

    field: str | None
    code: str


class ReadTimetable(NamedTuple):
    """A file that was read: what each line says, and what is wrong with which."""

    lines: dict[int, LessonLine]
    refused: dict[int, Fault]


# What can be refused.


class TimetableUnreadable(Invalid):
    """The file is not what it says it is, has no lines or too many."""

    code = "timetable_unreadable"
    zh = "课表无法读取：须为带列名的 CSV 或每行一个对象的 JSON Lines，1 至 {most} 行。"
    en = (
        "The file cannot be read: it is CSV with a line of names, or JSON Lines with one object a"
        " line, of 1 to {most} lines."
    )


_COLUMNS: Final = {
    "教师标识": "teacher_id", "姓名": "name", "教师": "name", "星期": "weekday", "节次": "period",
    "周次": "weeks", "班级": "class_name", "学科": "subject", "课程": "subject", "教室": "room",
}  # fmt: skip
_SUBJECTS: Final = {name: subject.value for subject, name in SUBJECT_NAMES.items()}
_WEEKDAYS: Final = {
    f"{before}{day}": number
    for before in ("周", "星期")
    for number, day in enumerate("一二三四五六日", 1)
} | {"星期天": 7, "周天": 7}
_PARITIES: Final = {
    "": LessonWeeks.EVERY, "每": LessonWeeks.EVERY, "全": LessonWeeks.EVERY,
    "every": LessonWeeks.EVERY, "单": LessonWeeks.ODD, "odd": LessonWeeks.ODD,
    "双": LessonWeeks.EVEN, "even": LessonWeeks.EVEN,
}  # fmt: skip
_WEEKS: Final = re.compile(
    r"(?:(?P<first>[0-9]{1,2})(?:-(?P<last>[0-9]{1,2}))?周?)?[ (（]*"
    r"(?P<parity>每|全|单|双|every|odd|even|)周?[)）]*"
)


def read_timetable(file: TimetableFile) -> ReadTimetable:
    """What the lines of a file say; the first fault of each that cannot be meant."""
    read, periods = ReadTimetable({}, {}), file.times()
    try:
        for number, values in lines_of(file.format, file.content):
            try:
                line = LessonLine.model_validate(_words(values))
            except ValidationError as wrong:
                where = wrong.errors()[0]["loc"]
                field = str(where[0])[:40] if where else None
                read.refused[number] = Fault(field, "timetable_line_malformed")
            else:
                if line.period not in periods:
                    read.refused[number] = Fault("period", "timetable_line_period_unknown")
                elif line.first_week > line.last_week:
                    read.refused[number] = Fault("weeks", "timetable_line_malformed")
                else:
                    read.lines[number] = line
            if len(read.lines) + len(read.refused) > MOST_LESSONS:
                raise TimetableUnreadable(most=MOST_LESSONS)
    except csv.Error:
        raise TimetableUnreadable(most=MOST_LESSONS) from None
    if not (read.lines or read.refused):
        raise TimetableUnreadable(most=MOST_LESSONS)
    return read


def _words(values: Any) -> dict[str, Any]:
    """The columns and words of a line as we call them; what is empty is left out."""
    if not isinstance(values, Mapping):
        return {}
    named: dict[str, Any] = {}
    for name, value in values.items():
        given = value.strip() if isinstance(value, str) else value
        if given not in (None, ""):
            named[_COLUMNS.get(str(name).strip(), str(name).strip())] = given
    for name, words in (("subject", _SUBJECTS), ("weekday", _WEEKDAYS)):
        if isinstance(named.get(name), str):
            named[name] = words.get(named[name], named[name])
    return named | _weeks(named.get("weeks"))


def _weeks(given: Any) -> dict[str, Any]:
    """Weeks as people write them (`单周`, `1-8`, `1-16双周`, `odd`) in the fields of a lesson."""
    found = _WEEKS.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        return {}
    weeks: dict[str, Any] = {"weeks": _PARITIES[found["parity"]]}
    if found["first"]:
        weeks["first_week"] = int(found["first"])
        weeks["last_week"] = int(found["last"] or found["first"])
    return weeks
