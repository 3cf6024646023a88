"""How each measure is counted: one statement over many units at once, by the unit's key.

What a school, or a county with its schools, organised is counted where it was organised; what its teachers
have, where they are on the register on the day of counting. Nobody who was merged into another counts.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlmodel import col

from app.domain.base import civil_day, holds_on
from app.domain.credits.boards.figures import carried_out
from app.domain.credits.entries import CreditEntry
from app.domain.learning.courses import Course, CourseState
from app.domain.learning.mentorships import Mentorship, MentorshipEnd, MentorshipState
from app.domain.learning.resources import Resource, ResourceSharing
from app.domain.learning.topics import Topic, TopicState
from app.domain.organisation.units import Unit
from app.domain.people.facts.engagement import GONE, TeacherState
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import holds_any, is_among
from app.domain.quality.measures.happened import (
    AS_OF,
    IS_COUNTED,
    SINCE,
    UNTIL,
    Key,
    count_activities_held,
    count_attendance,
    count_closed,
    count_demonstrations,
    count_evaluations_answered,
    count_no_shows,
    count_notes,
    counted,
    in_period,
    in_units,
    key_of,
)
from app.domain.quality.measures.measure import IndicatorMeasure
from app.domain.quality.measures.of_schools import HOLDS_OF, count_schools
from app.domain.training.groups import GroupDuty, GroupMember, ResearchGroup
from app.domain.training.plan_deadlines import OwedBy, PlanDeadline
from app.domain.training.plans import AGREED, Plan, PlanItem, PlanVersion
from app.sql import Statement

ITEM_IS_COUNTED = and_(
    col(Plan.teacher_id).is_(None),
    is_among(col(Plan.state), AGREED),
    in_period(col(PlanItem.starts_on)),
)
"""The predicate 'this item of an agreed plan begins in the period'; nobody's own plan."""


def _planned_held(key: Key) -> Select[Any]:
    done = func.count().filter(carried_out())
    return (
        counted(key(Plan), done, func.count())
        .select_from(PlanItem)
        .join(Plan, col(PlanItem.plan_id) == col(Plan.id))
        .where(ITEM_IS_COUNTED)
    )


IN_TIME = exists(
    select(col(Plan.id))
    .join_from(Plan, PlanVersion, col(PlanVersion.plan_id) == col(Plan.id))
    .where(
        col(Plan.unit_id) == col(Unit.id),
        func.num_nonnulls(col(Plan.group_id), col(Plan.department_id)) == 0,
        col(Plan.kind) == col(PlanDeadline.kind),
        col(Plan.starts_on) <= col(PlanDeadline.ends_on),
        col(Plan.ends_on) >= col(PlanDeadline.starts_on),
        is_among(col(Plan.state), AGREED),
        col(PlanVersion.number) == 1,
        civil_day(col(PlanVersion.submitted_at)) <= col(PlanDeadline.due_on),
    )
    .correlate(Unit, PlanDeadline)
)
"""The predicate 'by this deadline the unit handed in a plan that was agreed to'."""
DEADLINE_IS_COUNTED = and_(
    col(PlanDeadline.owed_by) == OwedBy.UNITS,
    in_period(col(PlanDeadline.due_on)),
    col(Unit.closed_on).is_(None),
)
"""The predicate 'this deadline fell into the period for an open unit'."""


def _plans_in_time(key: Key) -> Select[Any]:
    """Of the deadlines that a unit's superior set, those by which it handed in a plan that was agreed to."""
    return (
        counted(key(Unit), func.count().filter(IN_TIME), func.count())
        .select_from(Unit)
        .join(PlanDeadline, col(PlanDeadline.unit_id) == col(Unit.parent_id))
        .where(DEADLINE_IS_COUNTED)
    )


_gone = is_among(col(TeacherState.state), GONE)
ON_REGISTER = and_(IS_COUNTED, ~holds_any(TeacherState, _gone, AS_OF))
"""The predicate 'this teacher is on the register on the day of counting'.

Whoever has retired or left stays in the table, and is on the register no longer.
"""


def who_earned(key: Key) -> Any:
    """Whose credit of the period is more than nothing, what was reversed taken away."""
    return (
        select(col(CreditEntry.teacher_id))
        .join_from(CreditEntry, Teacher, col(Teacher.id) == col(CreditEntry.teacher_id))
        .where(in_period(col(CreditEntry.earned_on)), in_units(key(Teacher)))
        .group_by(col(CreditEntry.teacher_id))
        .having(func.sum(col(CreditEntry.credits)) > 0)
        .subquery("earned")
    )


def _credited_teachers(key: Key) -> Select[Any]:
    """A reversal takes away what it reverses: whoever has nothing left of the period is not counted."""
    earned = who_earned(key)
    return (
        counted(key(Teacher), func.count(earned.c.teacher_id), func.count())
        .select_from(Teacher)
        .outerjoin(earned, earned.c.teacher_id == col(Teacher.id))
        .where(ON_REGISTER)
    )


HAS_HEAD = exists(
    select(col(GroupMember.id)).where(
        col(GroupMember.group_id) == col(ResearchGroup.id),
        col(GroupMember.duty) == GroupDuty.HEAD,
        holds_on(GroupMember, AS_OF),
    )
)
"""The predicate 'this group has a head on the day of counting'."""


def _groups_led(key: Key) -> Select[Any]:
    return counted(key(ResearchGroup), func.count().filter(HAS_HEAD), func.count()).where(
        col(ResearchGroup.closed_on).is_(None)
    )


_UNBROKEN = (MentorshipState.ACTIVE, MentorshipState.CONCLUDED)


_begins = col(Mentorship.valid_from)
_ended_early = and_(
    col(Mentorship.state) == MentorshipState.ENDED,
    col(Mentorship.end_kind) != MentorshipEnd.PROPOSAL_WITHDRAWN,
    col(Mentorship.ended_on) > func.greatest(SINCE, _begins),
)
MENTORSHIP_IS_COUNTED = and_(
    or_(is_among(col(Mentorship.state), _UNBROKEN), _ended_early),
    _begins <= UNTIL,
    col(Mentorship.valid_to) > SINCE,
)
"""The predicate 'this mentorship met the period'.

One that was ended early met it until then; a proposal that was withdrawn never did.
"""


def _mentorships(key: Key) -> Select[Any]:
    return counted(key(Mentorship), func.count()).where(MENTORSHIP_IS_COUNTED)


_STUDIED = (TopicState.APPROVED, TopicState.OPENED, TopicState.MIDTERM, TopicState.CONCLUDED)


_concluded = col(Topic.concluded_on)
TOPIC_IS_COUNTED = and_(
    is_among(col(Topic.state), _STUDIED),
    col(Topic.starts_on) <= UNTIL,
    or_(_concluded.is_(None), _concluded >= SINCE),
)
"""The predicate 'this topic was studied in the period'."""
COURSE_IS_COUNTED = and_(
    is_among(col(Course.state), (CourseState.PUBLISHED,)),
    civil_day(col(Course.published_at)) <= UNTIL,
)
"""The predicate 'this course was published by the end of the period and is in use'."""
RESOURCE_IS_COUNTED = and_(
    col(Resource.sharing) != ResourceSharing.SCHOOL,
    col(Resource.retired_on).is_(None),
    civil_day(col(Resource.added_at)) <= UNTIL,
)
"""The predicate 'this resource was added by the end of the period and is shared beyond its unit'."""


def _topics(key: Key) -> Select[Any]:
    return counted(key(Topic), func.count()).where(TOPIC_IS_COUNTED)


def _courses(key: Key) -> Select[Any]:
    return counted(key(Course), func.count()).where(COURSE_IS_COUNTED)


def _resources(key: Key) -> Select[Any]:
    return counted(key(Resource), func.count()).where(RESOURCE_IS_COUNTED)


_COUNTED: dict[IndicatorMeasure, Callable[[Key], Select[Any]]] = {
    IndicatorMeasure.ACTIVITIES_HELD: count_activities_held,
    IndicatorMeasure.ACTIVITIES_CLOSED: count_closed,
    IndicatorMeasure.PLANNED_ACTIVITIES_HELD: _planned_held,
    IndicatorMeasure.PLANS_IN_TIME: _plans_in_time,
    IndicatorMeasure.ATTENDANCE_SHARE: count_attendance,
    IndicatorMeasure.NO_SHOWS: count_no_shows,
    IndicatorMeasure.NOTES_SHARE: count_notes,
    IndicatorMeasure.CREDITED_TEACHERS_SHARE: _credited_teachers,
    IndicatorMeasure.GROUPS_LED_SHARE: _groups_led,
    IndicatorMeasure.DEMONSTRATIONS_SHARE: count_demonstrations,
    IndicatorMeasure.MENTORSHIPS: _mentorships,
    IndicatorMeasure.TOPICS: _topics,
    IndicatorMeasure.COURSES: _courses,
    IndicatorMeasure.RESOURCES: _resources,
    IndicatorMeasure.EVALUATIONS_ANSWERED_SHARE: count_evaluations_answered,
    **{measure: count_schools(measure) for measure in HOLDS_OF},
}


@lru_cache(maxsize=64)
def counting(measure: IndicatorMeasure, place: str) -> Statement:
    """How a measure is counted over units that stand in this column of a place."""
    return Statement(_COUNTED[measure](key_of(place)))
