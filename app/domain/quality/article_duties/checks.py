"""The closed family of checks: by which rows of the register it shows that a unit does its duty.

Each check is one select of rows that bear a unit, a day and a key, for the duties in `ASKED` that it
shows; those of the bureau's own year are in `year_checks`. What happened counts by its day; what is kept up
(a group, a regulation) has none and counts as it is on the day of asking. What is asked for in each term is
looked for in each of the two by itself: so a plan for the autumn is none for the spring. Whatever is asked of
a duty, the figure and the rows behind it, is made of that select.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Select,
    Text,
    and_,
    any_,
    cast,
    exists,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from app.domain.base import civil_day, holds_on, in_force
from app.domain.credits.boards.figures import was_held
from app.domain.credits.entries import CreditEntry
from app.domain.credits.packs.parts import EntryKind
from app.domain.learning.courses import Course
from app.domain.learning.mentorships import Mentorship, MentorshipEnd, MentorshipState
from app.domain.learning.topics import Topic, TopicState
from app.domain.organisation.committees import Committee
from app.domain.organisation.designations import Designation
from app.domain.organisation.guidance_visits import GuidanceKind
from app.domain.organisation.guidance_visits.visit import GuidanceVisit
from app.domain.organisation.networks import Network
from app.domain.organisation.responsibilities import Responsibility, SchoolDuty
from app.domain.organisation.units import Unit
from app.domain.people.facts.engagement import GONE, TeacherState
from app.domain.people.programmes import Programme
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.quality.archive_volumes.table import ArchiveVolume
from app.domain.quality.article_duties.asked import (
    ANYBODY,
    ASKED,
    BUREAUS,
    CONTENT,
    DAY,
    FIRST,
    KINDS,
    LAST,
    SCHOOLS,
    Check,
    rows_of,
    within_asked,
)
from app.domain.quality.article_duties.table import DutyCheck
from app.domain.quality.article_duties.year_checks import EVALUATED, YEAR_CHECKS
from app.domain.quality.regulations.regulation import holds
from app.domain.quality.regulations.table import Regulation
from app.domain.training.activities import Activity
from app.domain.training.activities.joint import Partnership, PartnershipState
from app.domain.training.groups import ResearchGroup
from app.domain.training.plans import AGREED, Plan

_of_unit_itself = func.num_nonnulls(
    *(col(getattr(Plan, name)) for name in ("group_id", "department_id", "teacher_id"))
) == 0  # fmt: skip
_PLANS = rows_of(col(Plan.unit_id), col(Plan.id), "plan").where(
    _of_unit_itself,
    is_among(col(Plan.state), AGREED),
    col(Plan.starts_on) <= LAST,
    col(Plan.ends_on) >= FIRST,
)
_SUMMARISED = rows_of(
    col(Plan.unit_id), col(Plan.id), "plan", civil_day(col(Plan.summarised_at))
).where(_of_unit_itself, within_asked(civil_day(col(Plan.summarised_at))))

_RESPONSIBLE = rows_of(col(Responsibility.unit_id), col(Responsibility.id), "responsibility").where(
    holds_on(Responsibility, DAY), col(Responsibility.duty) == SchoolDuty.TRAINING_LEAD
)

_is_meant = and_(
    was_held,
    within_asked(col(Activity.starts_on)),
    or_(func.cardinality(KINDS) == 0, cast(col(Activity.kind), Text) == any_(KINDS)),
    or_(func.cardinality(CONTENT) == 0, col(Activity.content).op("&&")(CONTENT)),
)


def _activities(unit_id: Any) -> Select[Any]:
    return rows_of(unit_id, col(Activity.id), "activity", col(Activity.starts_on)).where(_is_meant)


_accepted = and_(
    col(Partnership.activity_id) == col(Activity.id),
    col(Partnership.state) == PartnershipState.ACCEPTED,
)
_JOINT = union(
    _activities(col(Partnership.unit_id)).join_from(Activity, Partnership, _accepted),
    _activities(col(Activity.organiser_unit_id)).where(
        or_(
            col(Activity.organiser_network_id).is_not(None),
            exists(select(col(Partnership.id)).where(_accepted)),
        )
    ),
)

_GROUPS = rows_of(col(ResearchGroup.unit_id), col(ResearchGroup.id), "research_group").where(
    or_(col(ResearchGroup.closed_on).is_(None), col(ResearchGroup.closed_on) > DAY)
)
_NETWORKS = rows_of(col(Network.unit_id), col(Network.id), "network").where(in_force(Network, DAY))
_COMMITTEES = rows_of(col(Committee.unit_id), col(Committee.id), "committee").where(
    in_force(Committee, DAY)
)
_PROGRAMMES = rows_of(col(Programme.unit_id), col(Programme.id), "programme").where(
    in_force(Programme, DAY)
)
_REGULATIONS = (
    rows_of(col(Regulation.unit_id), col(Regulation.id), "regulation")
    .where(holds(DAY))
    .ext(distinct_on(ASKED.c.duty_id, ASKED.c.term, col(Regulation.unit_id), col(Regulation.kind)))
    .order_by(
        ASKED.c.duty_id,
        ASKED.c.term,
        col(Regulation.unit_id),
        col(Regulation.kind),
        col(Regulation.id),
    )
)
"""One regulation of each kind: the figure is how many of the five sets a school has."""

_TEACHERS = rows_of(col(Teacher.school_id), col(Teacher.id), "teacher").where(
    col(Teacher.merged_into_id).is_(None),
    ~exists(
        select(col(TeacherState.id)).where(
            col(TeacherState.teacher_id) == col(Teacher.id),
            holds_on(TeacherState, DAY),
            is_among(col(TeacherState.state), GONE),
        )
    ),
)
"""The teachers of a school who have neither retired nor left; who leaves a record for another is one."""
_struck = CreditEntry.__table__.alias("struck")  # type: ignore[attr-defined]
_CREDITED = _TEACHERS.where(
    exists(
        select(col(CreditEntry.id)).where(
            col(CreditEntry.teacher_id) == col(Teacher.id),
            col(CreditEntry.kind) != EntryKind.REVERSE,
            col(CreditEntry.credits) > 0,
            within_asked(col(CreditEntry.earned_on)),
            ~exists(select(_struck.c.id).where(_struck.c.reverses_id == col(CreditEntry.id))),
        )
    )
)
_FILED = _TEACHERS.where(
    exists(
        select(col(ArchiveVolume.id)).where(
            col(ArchiveVolume.teacher_id) == col(Teacher.id),
            col(ArchiveVolume.sealed_at).is_not(None),
            within_asked(civil_day(col(ArchiveVolume.sealed_at))),
        )
    )
)
"""The teachers whose growth file of the year is sealed, with what they were judged in it."""

_MENTORSHIPS = rows_of(col(Mentorship.school_id), col(Mentorship.id), "mentorship").where(
    is_among(
        col(Mentorship.state),
        (MentorshipState.ACTIVE, MentorshipState.CONCLUDED, MentorshipState.ENDED),
    ),
    col(Mentorship.valid_from) <= LAST,
    col(Mentorship.valid_to) > FIRST,
    or_(col(Mentorship.ended_on).is_(None), col(Mentorship.ended_on) > FIRST),
    # A proposal that was withdrawn was never agreed.
    col(Mentorship.end_kind).is_distinct_from(MentorshipEnd.PROPOSAL_WITHDRAWN),
)
_TOPICS = rows_of(col(Topic.unit_id), col(Topic.id), "topic").where(
    col(Topic.approved_on) <= LAST,
    col(Topic.state) != TopicState.WITHDRAWN,
    or_(col(Topic.concluded_on).is_(None), col(Topic.concluded_on) >= FIRST),
)
_COURSES = rows_of(col(Course.unit_id), col(Course.id), "course").where(
    civil_day(col(Course.published_at)) <= DAY,
    or_(col(Course.retired_at).is_(None), civil_day(col(Course.retired_at)) > DAY),
)


def _visits(*kinds: GuidanceKind) -> Select[Any]:
    day = col(GuidanceVisit.visited_on)
    return rows_of(
        col(GuidanceVisit.by_unit_id), col(GuidanceVisit.id), "guidance_visit", day
    ).where(is_among(col(GuidanceVisit.kind), kinds), within_asked(day))


def _designated(place: str) -> Select[Any]:
    return (
        rows_of(getattr(Unit, place), col(Designation.id), "designation")
        .join_from(Designation, Unit, col(Designation.unit_id) == col(Unit.id))
        .where(holds_on(Designation, DAY))
    )


CHECKS: Mapping[DutyCheck, Check] = {
    DutyCheck.PLAN_IN_FORCE: Check(_PLANS, ANYBODY),
    DutyCheck.PLAN_SUMMARISED: Check(_SUMMARISED, ANYBODY),
    DutyCheck.RESPONSIBLE_NAMED: Check(_RESPONSIBLE, SCHOOLS),
    DutyCheck.ACTIVITIES_HELD: Check(_activities(col(Activity.organiser_unit_id)), ANYBODY),
    DutyCheck.JOINT_ACTIVITIES_HELD: Check(_JOINT, ANYBODY),
    DutyCheck.GROUPS_AT_WORK: Check(_GROUPS, ANYBODY),
    DutyCheck.NETWORKS_AT_WORK: Check(_NETWORKS, ANYBODY),
    DutyCheck.COMMITTEES_AT_WORK: Check(_COMMITTEES, ANYBODY),
    DutyCheck.REGULATIONS_COMPLETE: Check(_REGULATIONS, SCHOOLS),
    DutyCheck.TEACHERS_CREDITED: Check(_CREDITED, SCHOOLS, everybody=_TEACHERS),
    DutyCheck.MENTORSHIPS_AGREED: Check(_MENTORSHIPS, SCHOOLS),
    DutyCheck.TOPICS_AT_WORK: Check(_TOPICS, ANYBODY),
    DutyCheck.COURSES_PUBLISHED: Check(_COURSES, ANYBODY),
    DutyCheck.VISITS_MADE: Check(_visits(*GuidanceKind), BUREAUS),
    DutyCheck.EVALUATIONS_MADE: Check(
        union_all(_visits(GuidanceKind.EVALUATE), EVALUATED), BUREAUS
    ),
    DutyCheck.SCHOOLS_DESIGNATED: Check(
        union(_designated("county_id"), _designated("city_id")), BUREAUS
    ),
    DutyCheck.PROGRAMMES_AT_WORK: Check(_PROGRAMMES, ANYBODY),
    DutyCheck.GROWTH_FILES_SEALED: Check(_FILED, SCHOOLS, everybody=_TEACHERS),
    **YEAR_CHECKS,
}
