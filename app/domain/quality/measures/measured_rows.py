"""The rows behind each measure: what is counted, one by one, with the predicates by which it is counted."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.organisation.units import Unit
from app.domain.paging import Keyset
from app.domain.people.teachers import Teacher
from app.domain.quality.measures.behind import (
    KIND,
    rows_attended,
    rows_credited,
    rows_held,
    rows_of_courses,
    rows_of_mentorships,
    rows_of_resources,
    rows_of_topics,
    rows_planned,
)
from app.domain.quality.measures.counting import (
    DEADLINE_IS_COUNTED,
    HAS_HEAD,
    IN_TIME,
)
from app.domain.quality.measures.figure_row import listing_of, row, unit_of
from app.domain.quality.measures.happened import (
    CAME,
    HELD,
    IS_COUNTED,
    IS_EVALUATED,
    IS_NO_SHOW,
    Key,
    has_answered,
    in_units,
    key_of,
    who_came,
)
from app.domain.quality.measures.measure import IndicatorMeasure
from app.domain.quality.measures.of_schools import rows_of_schools
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.attendance import Attendance, AttendanceRole
from app.domain.training.enrolments import Enrolment
from app.domain.training.evaluations import ActivityEvaluation
from app.domain.training.groups import ResearchGroup
from app.domain.training.notes import Note
from app.domain.training.plan_deadlines import PlanDeadline


def _closed(key: Key) -> Select[Any]:
    return rows_held(key, counts=col(Activity.state) == ActivityState.CLOSED)


def _with_demonstration(key: Key) -> Select[Any]:
    shown = exists(
        select(col(Attendance.id)).where(
            col(Attendance.activity_id) == col(Activity.id),
            col(Attendance.role) == AttendanceRole.DEMONSTRATOR,
            CAME,
        )
    )
    return rows_held(key, counts=shown)


def _deadlines(key: Key) -> Select[Any]:
    """What was asked of whom by when: a deadline once for each unit that owed a plan."""
    found = row(
        col(PlanDeadline.id), col(Unit.name), col(Unit.id), on=col(PlanDeadline.due_on),
        part=cast(col(PlanDeadline.kind), Text), counts=IN_TIME,
    )  # fmt: skip
    return found.join_from(
        Unit, PlanDeadline, col(PlanDeadline.unit_id) == col(Unit.parent_id)
    ).where(in_units(key(Unit)), DEADLINE_IS_COUNTED)


def _no_shows(key: Key) -> Select[Any]:
    found = row(
        col(Enrolment.id), col(Teacher.name), col(Enrolment.school_id), on=col(Activity.starts_on),
        part=KIND,
    )  # fmt: skip
    return (
        found.join_from(Enrolment, Activity, col(Activity.id) == col(Enrolment.activity_id))
        .join(Teacher, and_(col(Teacher.id) == col(Enrolment.teacher_id), IS_COUNTED))
        .where(in_units(key(Activity)), IS_NO_SHOW)
    )


def _notes(key: Key) -> Select[Any]:
    """Who came to what asks for a note, by the first of their attendances there."""
    wrote = exists(
        select(col(Note.id)).where(
            col(Note.activity_id) == col(Attendance.activity_id),
            col(Note.teacher_id) == col(Attendance.teacher_id),
        )
    )
    found = row(
        col(Attendance.id), col(Teacher.name), col(Attendance.school_id),
        on=col(Activity.starts_on), part=KIND, counts=wrote,
    )  # fmt: skip
    by = (col(Attendance.activity_id), col(Attendance.teacher_id))
    return (
        found.ext(distinct_on(*by))
        .join_from(Attendance, Activity, col(Activity.id) == col(Attendance.activity_id))
        .join(Teacher, and_(col(Teacher.id) == col(Attendance.teacher_id), IS_COUNTED))
        .where(in_units(key(Activity)), HELD, CAME, col(Activity.requires_note))
        .order_by(*by, col(Attendance.id))
    )


def _groups(key: Key) -> Select[Any]:
    found = row(
        col(ResearchGroup.id), col(ResearchGroup.name), unit_of(ResearchGroup), counts=HAS_HEAD
    )
    return found.where(in_units(key(ResearchGroup)), col(ResearchGroup.closed_on).is_(None))


def _answers(key: Key) -> Select[Any]:
    """Of each activity how many answered, and how many did not: nobody is told who, for it is a survey."""
    came = who_came(key, IS_EVALUATED)
    answered = has_answered(came)
    by = (col(Activity.id), answered)
    found = row(
        col(Activity.id), col(Activity.title), unit_of(Activity), on=col(Activity.starts_on),
        part=KIND, counts=answered, amount=func.count(),
    )  # fmt: skip
    return (
        found.join_from(Activity, came, came.c.activity_id == col(Activity.id))
        .join(ActivityEvaluation, col(ActivityEvaluation.activity_id) == col(Activity.id))
        .where(in_units(key(Activity)))
        .group_by(*by)
    )


class Behind(NamedTuple):
    """The rows behind a measure, and what whoever asks for them must hold over the unit."""

    rows: Callable[[Key], Select[Any]]
    permission: Permission


_ACTIVITY, _ATTENDANCE, _NAMED = (
    Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ, Permission.TEACHER_READ,
)  # fmt: skip

BEHIND: dict[IndicatorMeasure, Behind] = {
    IndicatorMeasure.ACTIVITIES_HELD: Behind(rows_held, _ACTIVITY),
    IndicatorMeasure.ACTIVITIES_CLOSED: Behind(_closed, _ACTIVITY),
    IndicatorMeasure.PLANNED_ACTIVITIES_HELD: Behind(rows_planned, Permission.PLAN_READ),
    IndicatorMeasure.PLANS_IN_TIME: Behind(_deadlines, Permission.PLAN_READ),
    IndicatorMeasure.ATTENDANCE_SHARE: Behind(rows_attended, _ATTENDANCE),
    IndicatorMeasure.NO_SHOWS: Behind(_no_shows, _ATTENDANCE),
    IndicatorMeasure.NOTES_SHARE: Behind(_notes, _ATTENDANCE),
    IndicatorMeasure.CREDITED_TEACHERS_SHARE: Behind(rows_credited, _NAMED),
    IndicatorMeasure.GROUPS_LED_SHARE: Behind(_groups, Permission.GROUP_READ),
    IndicatorMeasure.DEMONSTRATIONS_SHARE: Behind(_with_demonstration, _ACTIVITY),
    IndicatorMeasure.MENTORSHIPS: Behind(rows_of_mentorships, _NAMED),
    IndicatorMeasure.TOPICS: Behind(rows_of_topics, Permission.TOPIC_READ),
    IndicatorMeasure.COURSES: Behind(rows_of_courses, Permission.COURSE_READ),
    IndicatorMeasure.RESOURCES: Behind(rows_of_resources, Permission.RESOURCE_READ),
    IndicatorMeasure.EVALUATIONS_ANSWERED_SHARE: Behind(_answers, _ACTIVITY),
    # Each by the permission of what it is about: of money, too, a row says no more than whether.
    **{
        measure: Behind(rows_of_schools(measure), permission)
        for measure, permission in (
            (IndicatorMeasure.REGULATIONS_SHARE, Permission.DOCUMENT_READ),
            (IndicatorMeasure.RESPONSIBLE_SHARE, Permission.UNIT_READ),
            (IndicatorMeasure.SUMMARISED_SHARE, Permission.PLAN_READ),
            (IndicatorMeasure.ARCHIVED_SHARE, Permission.ARCHIVE_READ),
            (IndicatorMeasure.EVALUATED_SHARE, Permission.GUIDANCE_READ),
            (IndicatorMeasure.VISITED_SHARE, Permission.GUIDANCE_READ),
            (IndicatorMeasure.FUNDED_SHARE, Permission.FUNDS_READ),
        )
    },
}
"""Of each measure its rows, in the order in which measures are declared."""


@lru_cache(maxsize=256)
def listing(measure: IndicatorMeasure, place: str, *, whole: bool) -> Keyset:
    """The list of the rows: those that count, or with `whole` all that the figure is a share of."""
    return listing_of(BEHIND[measure].rows(key_of(place)), whole=whole)
