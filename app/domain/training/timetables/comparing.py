"""What a file would change in a timetable: lessons that come, change and go; pure but for its models."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Field

from app.domain.training.school_calendars import Semester
from app.domain.training.timetables.lines import Fault, ReadTimetable
from app.domain.training.timetables.table import LessonFields
from app.sql import Row

MOST_SHOWN = 500
"""So many differences are told one by one; the counts are of all."""


class DifferenceKind(StrEnum):
    """What becomes of a lesson (变动)."""

    ADDED = "added"
    """新增"""
    CHANGED = "changed"
    """学科或教室变更"""
    REMOVED = "removed"
    """删除"""


class LessonDifference(LessonFields):
    """A lesson that comes, changes or goes."""

    kind: DifferenceKind = Field(description="变动 / what becomes of it")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: str = Field(description="教师姓名 / name of the teacher")


class TimetableLineRefused(BaseModel):
    """A line that cannot be entered, and why."""

    line: int = Field(description="行号，从 1 起，含列名行 / line of the file, from 1")
    field: str | None = Field(description="有误的列 / column that is wrong, where it is one")
    code: str = Field(description="原因代码 / stable code of the reason")
    zh: str = Field(description="原因（中文） / the reason in Chinese")
    en: str = Field(description="原因（英文） / the reason in English")


class TimetableDiff(BaseModel):
    """What a file changes in a timetable."""

    timetable_id: UUID | None = Field(
        description="课表，尚无为空 / timetable, null before the first"
    )
    school_id: UUID = Field(description="学校 / school")
    school_year: int = Field(description="学年起始年 / year in which the school year begins")
    semester: Semester = Field(description="学期 / first or second")
    periods_changed: bool = Field(description="作息时间是否变更 / whether the periods change")
    added: int = Field(description="新增 / lessons that come")
    changed: int = Field(description="变更 / lessons that change")
    removed: int = Field(description="删除 / lessons that go")
    unchanged: int = Field(description="不变 / lessons that stay as they are")
    differences: list[LessonDifference] = Field(
        description=f"变动明细，最多 {MOST_SHOWN} 条 / each of them, the first {MOST_SHOWN}"
    )
    refused: list[TimetableLineRefused] = Field(
        description="有误的行 / lines that are wrong, and why"
    )


REASONS: Final[dict[str, tuple[str, str]]] = {
    "timetable_line_malformed": (
        "列或取值不正确：须有教师、星期、节次、班级和学科。",
        "Wrong columns or values: it has a teacher, a weekday, a period, a class and a subject.",
    ),
    "timetable_line_period_unknown": (
        "作息时间中没有该节次。", "The day has no such period.",
    ),
    "timetable_line_unknown": (
        "本校没有该教师。", "The school has no such teacher.",
    ),
    "timetable_line_ambiguous": (
        "本校有同名教师，请改用教师标识。",
        "The school has several teachers of this name: give the key instead.",
    ),
    "timetable_line_twice": (
        "同一教师、时间和班级出现不止一次。",
        "The same teacher, time and class stand in the file more than once.",
    ),
}  # fmt: skip

_SLOT = ("teacher_id", "weekday", "period", "weeks", "first_week", "last_week", "class_name")
_VALUES = ("subject", "room")
Slot = tuple[Any, ...]


class Comparison(NamedTuple):
    """A file beside the lessons that there are: rows of lessons, without a timetable where new."""

    added: list[Row]
    changed: list[Row]
    removed: list[Row]
    unchanged: int


def find_teachers(read: ReadTimetable, teachers: Sequence[Row]) -> dict[int, Row]:
    """The lesson of each line with its teacher; `read` learns which lines mean none, or one again."""
    names = {teacher["id"]: teacher["name"] for teacher in teachers}
    by_name: dict[str, list[UUID]] = {}
    for teacher_id, name in names.items():
        by_name.setdefault(name, []).append(teacher_id)
    found: dict[int, Row] = {}
    seen: set[Slot] = set()
    for number, line in read.lines.items():
        meant = [line.teacher_id] if line.teacher_id else by_name.get(line.name or "", [])
        meant = [each for each in meant if line.name in (None, names.get(each))]
        if len(meant) != 1 or meant[0] not in names:
            field = "teacher_id" if line.teacher_id else "name"
            reason = "ambiguous" if len(meant) > 1 else "unknown"
            read.refused[number] = Fault(field, f"timetable_line_{reason}")
            continue
        lesson = line.model_dump() | {"teacher_id": meant[0], "name": names[meant[0]]}
        slot = slot_of(lesson)
        if slot in seen:
            read.refused[number] = Fault(None, "timetable_line_twice")
        seen.add(slot)
        found[number] = lesson
    return found


def slot_of(lesson: Mapping[str, Any]) -> Slot:
    """What makes it the same lesson as before: who, when, and to whom."""
    return tuple(lesson[name] for name in _SLOT)


def compare_lessons(given: Sequence[Row], there: Sequence[Row]) -> Comparison:
    """What has to be done so that what is there is what is given."""
    before = {slot_of(lesson): lesson for lesson in there}
    after = {slot_of(lesson): lesson for lesson in given}
    kept = [(lesson, before[slot]) for slot, lesson in after.items() if slot in before]
    changed = [
        was | {name: lesson[name] for name in _VALUES}
        for lesson, was in kept
        if any(lesson[name] != was[name] for name in _VALUES)
    ]
    return Comparison(
        added=[lesson for slot, lesson in after.items() if slot not in before],
        changed=changed,
        removed=[lesson for slot, lesson in before.items() if slot not in after],
        unchanged=len(kept) - len(changed),
    )


def differences_of(compared: Comparison) -> list[Row]:
    """The differences one by one, as they are shown: what goes first, what comes last."""
    names = LessonDifference.model_fields.keys() - {"kind"}
    rows = [
        {name: lesson[name] for name in names} | {"kind": kind}
        for kind, lessons in (
            (DifferenceKind.REMOVED, compared.removed),
            (DifferenceKind.CHANGED, compared.changed),
            (DifferenceKind.ADDED, compared.added),
        )
        for lesson in lessons
    ]
    return rows[:MOST_SHOWN]


def refusals_of(read: ReadTimetable) -> list[Row]:
    """The lines that are wrong, as they are shown."""
    rows = []
    for number, fault in sorted(read.refused.items()):
        zh, en = REASONS[fault.code]
        rows.append({"line": number, **fault._asdict(), "zh": zh, "en": en})
    return rows
