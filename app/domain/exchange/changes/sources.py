"""What the feed tells of: the kinds of things, the doors by which each is read, and in what each lies.

Those of learning and of quality stand in `of_learning` and `of_quality`.
"""

from dataclasses import replace

from sqlmodel import col

from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.credits.certificates.certificate import CERTIFICATES, Certificate
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.claims.table import Claim
from app.domain.credits.entries import ENTRIES, CreditEntry
from app.domain.credits.packs.published import RULE_PACKS, RulePack
from app.domain.exchange.changes.of_learning import LEARNING
from app.domain.exchange.changes.of_quality import QUALITY
from app.domain.exchange.changes.source import (
    IS_NOBODY_ELSE,
    ChangeKind,
    Source,
    of_teacher,
    part_of,
    place_of,
    placed_by,
    with_teacher,
)
from app.domain.exchange.changes.views import (
    ClaimChangeView,
    EnrolmentChangeView,
    MembershipView,
    StaffChangeView,
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
from app.domain.training.staff import ActivityStaff

_MEMBERSHIPS = Door(
    table=GroupMember,
    view=MembershipView,
    read=Permission.GROUP_READ,
    places=placed_by(ResearchGroup),
    joined=part_of(GroupMember, ResearchGroup, "group_id"),
)
_ATTENDANCES = replace(ATTENDANCES, joined=with_teacher(Attendance))
_SESSIONS = Door(
    table=ActivitySession,
    view=SessionView,
    read=Permission.ACTIVITY_READ,
    places=placed_by(Activity),
    joined=part_of(ActivitySession, Activity, "activity_id"),
)
_ENROLMENTS = Door(
    table=Enrolment,
    view=EnrolmentChangeView,
    read=ENROLMENTS.read,
    computed={"state": ENROLMENTS.computed["state"]},
    joined=with_teacher(Enrolment),
)
_CLAIMS = replace(CLAIMS, view=ClaimChangeView, computed={})
_CERTIFICATES = replace(CERTIFICATES, places={}, joined=with_teacher(Certificate))
_STAFF = Door(
    table=ActivityStaff,
    view=StaffChangeView,
    read=Permission.ACTIVITY_READ,
    places=placed_by(Activity),
    joined=part_of(ActivityStaff, Activity, "activity_id"),
)
# Whom a pack is published to is another question than where it lies, and no question of a mirror's.
_PACKS = replace(RULE_PACKS, audience=None)


SOURCES: dict[ChangeKind, Source] = {
    ChangeKind.UNIT: Source(UNITS, (col(Unit.city_id), col(Unit.county_id))),
    ChangeKind.TEACHER: Source(TEACHERS, place_of(Teacher)),
    ChangeKind.GROUP: Source(GROUPS, place_of(ResearchGroup)),
    ChangeKind.GROUP_MEMBER: Source(
        _MEMBERSHIPS,
        (*place_of(ResearchGroup), col(GroupMember.group_id)),
        along_with=ChangeKind.GROUP,
        believed=(col(GroupMember.superseded_at).is_(None),),
    ),
    ChangeKind.ACTIVITY: Source(ACTIVITIES, place_of(Activity)),
    ChangeKind.ATTENDANCE: of_teacher(_ATTENDANCES, Attendance),
    ChangeKind.SESSION: Source(
        _SESSIONS,
        (*place_of(Activity), col(ActivitySession.activity_id)),
        along_with=ChangeKind.ACTIVITY,
    ),
    ChangeKind.ENROLMENT: of_teacher(_ENROLMENTS, Enrolment),
    ChangeKind.CLAIM: of_teacher(_CLAIMS, Claim),
    ChangeKind.CERTIFICATE: of_teacher(_CERTIFICATES, Certificate),
    ChangeKind.PACK: Source(_PACKS, place_of(RulePack)),
    ChangeKind.CREDIT_ENTRY: Source(
        ENTRIES,
        (*place_of(Teacher), col(CreditEntry.teacher_id)),
        along_with=ChangeKind.TEACHER,
        believed=(IS_NOBODY_ELSE,),
    ),
    ChangeKind.STAFF: Source(
        _STAFF,
        (*place_of(Activity), col(ActivityStaff.activity_id)),
        along_with=ChangeKind.ACTIVITY,
    ),
    **LEARNING,
    **QUALITY,
}
"""Where each kind is read; the feed tells an actor of those that the actor may read in all its units."""
