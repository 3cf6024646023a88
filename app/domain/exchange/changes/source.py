"""What the feed knows of a kind of things: the door by which it is read, and in what each thing lies."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.domain.access.doors import PLACE, Door
from app.domain.people.teachers import Teacher


class ChangeKind(StrEnum):
    """What has changed; also the name under which a change shows it."""

    # Others are added at the end: cursors count them in this order.

    UNIT = "unit"
    TEACHER = "teacher"
    GROUP = "group"
    GROUP_MEMBER = "group_member"
    ACTIVITY = "activity"
    ATTENDANCE = "attendance"
    CREDIT_ENTRY = "credit_entry"
    SESSION = "session"
    ENROLMENT = "enrolment"
    CLAIM = "claim"
    CERTIFICATE = "certificate"
    PACK = "pack"
    STAFF = "staff"
    COURSE = "course"
    COURSE_RUN = "course_run"
    COURSE_CLASS = "course_class"
    CHOICE = "choice"
    COURSE_COMPLETION = "course_completion"
    TRAINER = "trainer"
    MENTORSHIP = "mentorship"
    MENTOR = "mentor"
    TOPIC = "topic"
    TOPIC_MEMBER = "topic_member"
    OUTPUT = "output"
    RESOURCE = "resource"
    OFFICIAL_DOCUMENT = "official_document"
    REGULATION = "regulation"
    CAMPAIGN = "campaign"
    UNIT_EVALUATION = "unit_evaluation"
    INDICATOR_SHEET = "indicator_sheet"
    COURSE_VERSION = "course_version"
    RESOURCE_VERSION = "resource_version"


@dataclass(frozen=True, eq=False)
class Source:
    """One kind as the feed knows it.

    `lies_in` are the columns with the keys of everything that takes a thing along when it leaves a
    reader's scope; `along_with` is the kind whose departure the database notes for it; `believed` the
    conditions without which a row is none of the feed's.
    """

    door: Door
    lies_in: tuple[Any, ...]
    along_with: ChangeKind | None = None
    believed: tuple[ColumnElement[bool], ...] = ()

    @property
    def present(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions of a row that the feed tells of."""
        return (*self.door.present, *self.believed)


def place_of(table: Any) -> tuple[Any, ...]:
    """The columns of a table that say where its rows lie."""
    return tuple(col(getattr(table, name)) for name in PLACE)


def placed_by(owner: Any) -> dict[str, Any]:
    """The places of what lies where another table's row does."""
    return dict(zip(PLACE, place_of(owner), strict=True))


def part_of(part: Any, owner: Any, key: str) -> Any:
    """Both tables, where the part's column `key` names the owner."""
    return part.__table__.join(owner.__table__, part.__table__.c[key] == owner.__table__.c.id)


def with_teacher(table: Any) -> Any:
    """A table with the teachers whom its rows are about."""
    return part_of(table, Teacher, "teacher_id")


IS_NOBODY_ELSE = col(Teacher.merged_into_id).is_(None)
"""The predicate 'this record of a teacher stays': one that was merged into another is gone."""


def of_teacher(door: Door, table: Any) -> Source:
    """What is placed by its teacher, and goes along with the teacher."""
    return Source(
        door,
        (*place_of(table), col(table.teacher_id)),
        along_with=ChangeKind.TEACHER,
        believed=(IS_NOBODY_ELSE,),
    )
