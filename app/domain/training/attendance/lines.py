"""The lines of a register as a file: CSV or JSON Lines, Chinese or English words; pure."""

import csv
from collections.abc import Iterator, Mapping
from enum import StrEnum
from io import StringIO
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from sqlmodel import Field

from app.domain.base import Command
from app.domain.errors import Invalid
from app.domain.organisation.names_and_codes import UnitName
from app.domain.people.teachers import PersonName
from app.domain.training.attendance.record import AttendanceRole, AttendanceStatus

MOST_LINES = 5000
"""Lines of one file, its head not counted."""


class RegisterFormat(StrEnum):
    """How a register is written (文件格式)."""

    CSV = "csv"
    """首行为列名，UTF-8"""
    JSONL = "jsonl"
    """每行一个 JSON 对象"""


class RegisterFile(Command):
    """A register as a file."""

    format: RegisterFormat = Field(description="文件格式 / how it is written")
    content: str = Field(min_length=1, max_length=900_000, description="文件内容 / what it holds")


class RegisterLine(BaseModel):
    """A line of the file, read."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    teacher_id: UUID | None = None
    name: PersonName | None = None
    school: UnitName | None = None
    status: AttendanceStatus
    role: AttendanceRole = AttendanceRole.PARTICIPANT

    @model_validator(mode="after")
    def _names_somebody(self) -> "RegisterLine":
        if self.teacher_id is None and (self.name is None or self.school is None):
            raise ValueError
        return self


class ReadRegister(NamedTuple):
    """A file that was read: what each line says, and which cannot be read."""

    lines: dict[int, RegisterLine]
    refused: dict[int, str]


# What can be refused.


class RegisterUnreadable(Invalid):
    """The file is not what it says it is, has no lines or too many."""

    code = "attendance_file_unreadable"
    zh = "考勤表无法读取：须为带列名的 CSV 或每行一个对象的 JSON Lines，1 至 {most} 行。"
    en = (
        "The file cannot be read: it is CSV with a line of names, or JSON Lines with one object a"
        " line, of 1 to {most} lines."
    )


_COLUMNS: Final = {
    "教师标识": "teacher_id", "姓名": "name", "学校": "school", "出勤状态": "status", "状态": "status",
    "身份": "role",
}  # fmt: skip
_VALUES: Final = {
    "出席": "present", "迟到": "late", "早退": "left_early", "缺席": "absent", "缺勤": "absent",
    "请假": "excused", "参训者": "participant", "主讲人": "speaker", "组织者": "organiser",
}  # fmt: skip


def read_register(file: RegisterFile) -> ReadRegister:
    """What the lines of a file say; each of them counts, in whatever order it stands."""
    read = ReadRegister({}, {})
    try:
        for number, values in lines_of(file.format, file.content):
            try:
                read.lines[number] = RegisterLine.model_validate(_words(values))
            except (ValidationError, ValueError):
                read.refused[number] = "attendance_line_malformed"
            if len(read.lines) + len(read.refused) > MOST_LINES:
                raise RegisterUnreadable(most=MOST_LINES)
    except csv.Error:
        raise RegisterUnreadable(most=MOST_LINES) from None
    if not (read.lines or read.refused):
        raise RegisterUnreadable(most=MOST_LINES)
    return read


def lines_of(written: RegisterFormat, content: str) -> Iterator[tuple[int, Any]]:
    """The lines of any such file with their numbers; what is no object is told as None.

    A file that is no CSV raises `csv.Error` on the way.
    """
    content = content.removeprefix("\ufeff")
    return _csv(content) if written is RegisterFormat.CSV else _jsonl(content)


def _csv(content: str) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(StringIO(content, newline=""), strict=True)
    names = [_column(name) for name in reader.fieldnames or ()]
    if len(set(names)) < len(names):
        raise csv.Error
    for row in reader:
        if any(row.values()):
            yield reader.line_num, row


def _jsonl(content: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line)
            except (msgspec.DecodeError, RecursionError):
                yield number, None


def _column(name: Any) -> str:
    return _COLUMNS.get(str(name).strip(), str(name).strip())


def _words(values: Any) -> dict[str, Any]:
    """The columns and words of a line as we call them; what is empty is left out."""
    if not isinstance(values, Mapping):
        return {}
    named = {_column(name): each for name, each in values.items()}
    if len(named) < len(values):
        return {}
    for name in ("status", "role"):
        if isinstance(named.get(name), str):
            named[name] = _VALUES.get(named[name].strip(), named[name].strip())
    return {name: value for name, value in named.items() if value not in (None, "")}
