"""What teachers did in a term, measure by measure: parts of statements about a row of teachers."""

from typing import Any

from sqlalchemy import Date, bindparam, func, select
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.credits.assessment_requirements import AssessmentMeasure
from app.domain.credits.entries import CreditEntry
from app.domain.credits.packs.parts import LOANS
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityKind, ActivitySession, ActivityState
from app.domain.training.attendance import Attendance, AttendanceRole
from app.domain.training.notes import Note, NoteKind
from app.domain.training.occurrences import counts_once
from app.domain.training.plans import TOOK_PART

FIRST, LAST = bindparam("starts_on", type_=Date), bindparam("ends_on", type_=Date)
"""The days of the term; both count."""


def attended(counted: Any, *more: Any) -> Any:
    """Of the sessions at which this row of teachers was in the term."""
    there = (
        select(counted)
        .join_from(
            Attendance, ActivitySession, col(Attendance.session_id) == col(ActivitySession.id)
        )
        .join(Activity, col(Attendance.activity_id) == col(Activity.id))
        .where(
            col(Attendance.teacher_id) == col(Teacher.id),
            is_among(col(Attendance.status), TOOK_PART),
            col(Activity.state) != ActivityState.CANCELLED,
            civil_day(col(ActivitySession.starts_at)).between(FIRST, LAST),
            *more,
        )
    )
    return there.correlate(Teacher).scalar_subquery()


def _wrote(kind: NoteKind) -> Any:
    notes = select(func.count()).where(
        col(Note.teacher_id) == col(Teacher.id),
        col(Note.kind) == kind,
        civil_day(col(Note.submitted_at)).between(FIRST, LAST),
    )
    return notes.correlate(Teacher).scalar_subquery()


_activities = func.count(col(Attendance.activity_id).distinct())
_earned = (
    select(func.sum(col(CreditEntry.credits)))
    .where(
        col(CreditEntry.teacher_id) == col(Teacher.id),
        col(CreditEntry.earned_on).between(FIRST, LAST),
        # What is lent is not earned yet, and what is repaid was.
        ~is_among(col(CreditEntry.kind), LOANS),
    )
    .correlate(Teacher)
    .scalar_subquery()
)
COUNTED: dict[AssessmentMeasure, Any] = {
    AssessmentMeasure.HOURS: attended(func.sum(col(ActivitySession.hours)), counts_once()),
    AssessmentMeasure.CREDITS: _earned,
    AssessmentMeasure.ACTIVITIES: attended(_activities),
    AssessmentMeasure.OBSERVATIONS: attended(
        _activities, col(Activity.kind) == ActivityKind.LESSON_OBSERVATION
    ),
    AssessmentMeasure.NOTES: _wrote(NoteKind.NOTE),
    AssessmentMeasure.REFLECTIONS: _wrote(NoteKind.REFLECTION),
    AssessmentMeasure.TALKS: attended(func.count(), col(Attendance.role) == AttendanceRole.SPEAKER),
}
"""How each is counted of a row of teachers, in a term; null counts for nothing."""
