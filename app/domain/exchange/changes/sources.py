"""What the feed tells of: the kinds of things, the doors by which each is read, and in what each lies."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.credits.certificates.certificate import CERTIFICATES, Certificate
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.claims.table import Claim
from app.domain.credits.entries import ENTRIES, CreditEntry
from app.domain.credits.packs.published import RULE_PACKS, RulePack
from app.domain.exchange.changes.views import (
    ClaimChangeView,
    EnrolmentChangeView,
    MembershipView,
)
from app.domain.organisation.units import UNITS, Unit
from app.domain.people.teachers import TEACHERS, Teacher
from app.domain.training.activities import Activity
from app.domain.training.activities.activity import ACTIVITIES
from app.domain.training.activities.sessions import SessionView
from app.domain.training.activities.table import ActivitySession
from app.domain.training.attendance import ATTENDANCES, Attendance
from app.domain.training.enrolments.enrolment import ENROLMENTS, Enrolment
from app.domain.training.groups import GROUPS, GroupMember, ResearchGroup


class ChangeKind(StrEnum):
    """What has changed; also the name under which a change shows it."""

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


def _with_teacher(table: Any) -> Any:
    return table.__table__.join(
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Teacher.id) == table.__table__.c.teacher_id,
    )


_IS_NOBODY_ELSE = col(Teacher.merged_into_id).is_(None)
"""The predicate 'this record of a teacher stays': one that was merged into another is gone."""
_MEMBERSHIPS = Door(
    table=GroupMember,
    view=MembershipView,
    read=Permission.GROUP_READ,
    places=dict(zip(PLACE, _place(ResearchGroup), strict=True)),
    joined=GroupMember.__table__.join(ResearchGroup.__table__),  # type: ignore[attr-defined]
)
_ATTENDANCES = replace(ATTENDANCES, joined=_with_teacher(Attendance))
_SESSIONS = Door(
    table=ActivitySession,
    view=SessionView,
    read=Permission.ACTIVITY_READ,
    places=dict(zip(PLACE, _place(Activity), strict=True)),
    joined=ActivitySession.__table__.join(  # type: ignore[attr-defined]
        Activity.__table__,  # type: ignore[attr-defined]
        col(Activity.id) == col(ActivitySession.activity_id),
    ),
)
_ENROLMENTS = Door(
    table=Enrolment,
    view=EnrolmentChangeView,
    read=ENROLMENTS.read,
    computed={"state": ENROLMENTS.computed["state"]},
    joined=_with_teacher(Enrolment),
)
_CLAIMS = replace(CLAIMS, view=ClaimChangeView, computed={})
_CERTIFICATES = replace(CERTIFICATES, places={}, joined=_with_teacher(Certificate))
# Whom a pack is published to is another question than where it lies, and no question of a mirror's.
_PACKS = replace(RULE_PACKS, audience=None)


def _of_teacher(door: Door, table: Any) -> Source:
    """What is placed by its teacher, and goes along with the teacher."""
    return Source(
        door,
        (*_place(table), col(table.teacher_id)),
        along_with=ChangeKind.TEACHER,
        believed=(_IS_NOBODY_ELSE,),
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
    ChangeKind.ATTENDANCE: _of_teacher(_ATTENDANCES, Attendance),
    ChangeKind.SESSION: Source(
        _SESSIONS,
        (*_place(Activity), col(ActivitySession.activity_id)),
        along_with=ChangeKind.ACTIVITY,
    ),
    ChangeKind.ENROLMENT: _of_teacher(_ENROLMENTS, Enrolment),
    ChangeKind.CLAIM: _of_teacher(_CLAIMS, Claim),
    ChangeKind.CERTIFICATE: _of_teacher(_CERTIFICATES, Certificate),
    ChangeKind.PACK: Source(_PACKS, _place(RulePack)),
    ChangeKind.CREDIT_ENTRY: Source(
        ENTRIES,
        (*_place(Teacher), col(CreditEntry.teacher_id)),
        along_with=ChangeKind.TEACHER,
        believed=(_IS_NOBODY_ELSE,),
    ),
}
"""Where each kind is read; the feed tells an actor of those that the actor may read in all its units."""
