"""What the feed tells of: the kinds of things, the doors by which each is read, and in what each lies."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement
from sqlmodel import col

from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.credits.entries import ENTRIES, CreditEntry
from app.domain.organisation.units import UNITS, Unit
from app.domain.people.teachers import TEACHERS, Teacher
from app.domain.training.activities import Activity
from app.domain.training.activities.activity import ACTIVITIES
from app.domain.training.attendance import ATTENDANCES, Attendance
from app.domain.training.groups import GROUPS, GroupDuty, GroupMember, ResearchGroup


class ChangeKind(StrEnum):
    """What has changed; also the name under which a change shows it."""

    UNIT = "unit"
    TEACHER = "teacher"
    GROUP = "group"
    GROUP_MEMBER = "group_member"
    ACTIVITY = "activity"
    ATTENDANCE = "attendance"
    CREDIT_ENTRY = "credit_entry"


class MembershipView(BaseModel):
    """That a teacher belongs to a group, as the feed tells it: by keys, for names may be corrected."""

    id: UUID = Field(description="标识 / key of the membership")
    group_id: UUID = Field(description="教研组 / group")
    teacher_id: UUID = Field(description="教师 / teacher")
    duty: GroupDuty = Field(description="职责 / duty")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(
        description="终止日（不含） / first day on which it no longer holds; null while it does"
    )


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


def _place(table: Any) -> tuple[Any, ...]:
    return tuple(col(getattr(table, name)) for name in PLACE)


_IS_NOBODY_ELSE = col(Teacher.merged_into_id).is_(None)
"""The predicate 'this record of a teacher stays': one that was merged into another is gone."""
_MEMBERSHIPS = Door(
    table=GroupMember,
    view=MembershipView,
    read=Permission.GROUP_READ,
    places=dict(zip(PLACE, _place(ResearchGroup), strict=True)),
    joined=GroupMember.__table__.join(ResearchGroup.__table__),  # type: ignore[attr-defined]
)
_ATTENDANCES = replace(
    ATTENDANCES,
    joined=Attendance.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Teacher.id) == col(Attendance.teacher_id),
    ),
)

SOURCES: dict[ChangeKind, Source] = {
    ChangeKind.UNIT: Source(UNITS, (col(Unit.city_id), col(Unit.county_id))),
    ChangeKind.TEACHER: Source(TEACHERS, _place(Teacher)),
    ChangeKind.GROUP: Source(GROUPS, _place(ResearchGroup)),
    ChangeKind.GROUP_MEMBER: Source(
        _MEMBERSHIPS,
        (*_place(ResearchGroup), col(GroupMember.group_id)),
        along_with=ChangeKind.GROUP,
        believed=(col(GroupMember.superseded_at).is_(None),),
    ),
    ChangeKind.ACTIVITY: Source(ACTIVITIES, _place(Activity)),
    ChangeKind.ATTENDANCE: Source(
        _ATTENDANCES,
        (*_place(Attendance), col(Attendance.teacher_id)),
        along_with=ChangeKind.TEACHER,
        believed=(_IS_NOBODY_ELSE,),
    ),
    ChangeKind.CREDIT_ENTRY: Source(
        ENTRIES,
        (*_place(Teacher), col(CreditEntry.teacher_id)),
        along_with=ChangeKind.TEACHER,
        believed=(_IS_NOBODY_ELSE,),
    ),
}
"""Where each kind is read; the feed tells an actor of those that the actor may read in all its units."""
