"""What waits in the workflows of activities, attendance and evidence."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.of_plans import ABOVE_ORGANISER, ORGANISER
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import NOW, TODAY, Waiting
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity
from app.domain.training.activities.joint import Partnership, PartnershipState
from app.domain.training.doubts.doubt import AttendanceDoubt, DoubtState
from app.domain.training.evaluations.evaluation import ActivityEvaluation
from app.domain.training.evidence_checks import CheckVerdict, EvidenceCheck
from app.domain.training.leaves.leave import Leave, LeaveState
from app.domain.training.notes.note import Note
from app.domain.training.notes.resemblances import NoteResemblance, ResemblanceState
from app.domain.training.observation_sheets.sheet import ObservationSheet
from app.domain.training.outside_training import OutsideTraining, OutsideTrainingState
from app.domain.training.vocabulary import ActivityState

CHECKED_WITHIN = timedelta(days=180)
"""Notes that are older and were never checked are no work any more."""


def _with_activity(table: Any) -> Any:
    return beside(table, Activity, col(table.activity_id) == col(Activity.id))


OF_ACTIVITIES = (
    Waiting(
        kind=TaskKind.LEAVE_TO_DECIDE,
        permission=Permission.ATTENDANCE_WRITE,
        table=Leave,
        rows=_with_activity(Leave),
        title=col(Activity.title),
        since=col(Leave.asked_at),
        due=col(Leave.due_on),
        at=ORGANISER,
        above=ABOVE_ORGANISER,
        waits=is_among(col(Leave.state), [LeaveState.ASKED]),
        of=col(Leave.teacher_id),
    ),
    Waiting(
        kind=TaskKind.PARTNERSHIP_TO_ANSWER,
        permission=Permission.ACTIVITY_WRITE,
        table=Partnership,
        rows=_with_activity(Partnership),
        title=col(Activity.title),
        since=col(Partnership.invited_at),
        due=col(Activity.starts_on),
        at=func.coalesce(col(Partnership.department_id), unit_of(Partnership)),
        above=case(
            (col(Partnership.department_id).is_not(None), unit_of(Partnership)),
            else_=above_unit_of(Partnership),
        ),
        waits=is_among(col(Partnership.state), [PartnershipState.INVITED]),
        by=col(Partnership.invited_by),
    ),
    Waiting(
        kind=TaskKind.OUTSIDE_TRAINING_TO_CONFIRM,
        permission=Permission.ATTENDANCE_REVIEW,
        table=OutsideTraining,
        title=col(OutsideTraining.title),
        since=col(OutsideTraining.stated_at),
        at=unit_of(OutsideTraining),
        above=above_unit_of(OutsideTraining),
        waits=is_among(col(OutsideTraining.state), [OutsideTrainingState.STATED]),
        of=col(OutsideTraining.teacher_id),
    ),
    Waiting(
        kind=TaskKind.ACTIVITY_TO_CLOSE,
        permission=Permission.ACTIVITY_WRITE,
        table=Activity,
        title=col(Activity.title),
        since=col(Activity.published_at),
        due=col(Activity.ends_on),
        at=ORGANISER,
        above=ABOVE_ORGANISER,
        waits=and_(
            is_among(col(Activity.state), [ActivityState.PUBLISHED, ActivityState.HELD]),
            col(Activity.ends_on) < TODAY,
        ),
    ),
    Waiting(
        kind=TaskKind.ACTIVITY_TO_SUMMARISE,
        permission=Permission.ACTIVITY_WRITE,
        table=ActivityEvaluation,
        rows=_with_activity(ActivityEvaluation),
        title=col(Activity.title),
        since=col(Activity.closed_at),
        due=col(ActivityEvaluation.summary_due_on),
        at=ORGANISER,
        above=ABOVE_ORGANISER,
        waits=and_(
            col(ActivityEvaluation.summarised_at).is_(None),
            col(ActivityEvaluation.summary_due_on).is_not(None),
        ),
    ),
    Waiting(
        kind=TaskKind.ATTENDANCE_DOUBT_TO_DECIDE,
        permission=Permission.ATTENDANCE_REVIEW,
        table=AttendanceDoubt,
        rows=_with_activity(AttendanceDoubt),
        title=col(Activity.title),
        since=col(AttendanceDoubt.found_at),
        at=unit_of(AttendanceDoubt),
        above=above_unit_of(AttendanceDoubt),
        waits=is_among(col(AttendanceDoubt.state), [DoubtState.OPEN]),
        of=col(AttendanceDoubt.people),
    ),
)

# Evidence.

_one: Any
_one, _other = aliased(Note), aliased(Note)
_writer, _other_writer = aliased(Teacher), aliased(Teacher)
_LATER: Any = aliased(EvidenceCheck)
_RESEMBLING: Any = (
    select(NoteResemblance)
    .join(_one, col(NoteResemblance.note_id) == col(_one.id))
    .join(_other, col(NoteResemblance.other_id) == col(_other.id))
    .join(_writer, col(_one.teacher_id) == col(_writer.id))
    .join(_other_writer, col(_other.teacher_id) == col(_other_writer.id))
    .get_final_froms()[0]
)
_SAME_SCHOOL, _SAME_COUNTY = (
    col(getattr(_one, name)) == col(getattr(_other, name)) for name in ("school_id", "county_id")
)
_UNCHECKED = (
    select(
        col(Note.activity_id), col(Note.school_id),
        func.min(col(Note.submitted_at)).label("since"),
    )
    .where(
        col(Note.submitted_at) > NOW - CHECKED_WITHIN,
        ~exists(
            select(col(EvidenceCheck.id)).where(
                col(EvidenceCheck.note_id) == col(Note.id),
                col(EvidenceCheck.note_version) == col(Note.version),
            )
        ),
    )
    .group_by(col(Note.activity_id), col(Note.school_id))
    .subquery("unchecked")
)  # fmt: skip
"""The notes of an activity that nobody at the writers' school has checked, as one piece of work."""
_CHECKED = beside(EvidenceCheck, Note, col(EvidenceCheck.note_id) == col(Note.id)).join(
    Activity.__table__, col(Note.activity_id) == col(Activity.id)  # type: ignore[attr-defined]
)  # fmt: skip

OF_EVIDENCE = (
    Waiting(
        kind=TaskKind.NOTES_TO_CHECK,
        permission=Permission.EVIDENCE_CHECK,
        table=Activity,
        rows=_UNCHECKED.join(Activity.__table__, _UNCHECKED.c.activity_id == col(Activity.id)),  # type: ignore[attr-defined]
        title=col(Activity.title),
        since=_UNCHECKED.c.since,
        at=_UNCHECKED.c.school_id,
        waits=col(Activity.id).is_not(None),
    ),
    Waiting(
        kind=TaskKind.NOTE_TO_REVISE,
        permission=Permission.PARTICIPATE,
        table=Note,
        rows=_CHECKED,
        title=col(Activity.title),
        since=col(EvidenceCheck.checked_at),
        at=col(Note.teacher_id),
        waits=and_(
            is_among(col(EvidenceCheck.verdict), [CheckVerdict.RETURNED]),
            col(EvidenceCheck.note_version) == col(Note.version),
            ~exists(
                select(_LATER.id).where(
                    _LATER.note_id == col(Note.id), _LATER.id > col(EvidenceCheck.id)
                )
            ),
        ),
    ),
    Waiting(
        kind=TaskKind.RESEMBLANCE_TO_DECIDE,
        permission=Permission.EVIDENCE_CHECK,
        table=NoteResemblance,
        rows=_RESEMBLING,
        title=col(_writer.name) + "、" + col(_other_writer.name),
        since=col(NoteResemblance.found_at),
        at=case(
            (_SAME_SCHOOL, col(_one.school_id)),
            (_SAME_COUNTY, col(_one.county_id)),
            else_=col(_one.city_id),
        ),
        above=case(
            (_SAME_SCHOOL, col(_one.county_id)),
            (_SAME_COUNTY, func.nullif(col(_one.city_id), col(_one.county_id))),
        ),
        waits=is_among(col(NoteResemblance.state), [ResemblanceState.OPEN]),
    ),
    Waiting(
        kind=TaskKind.OBSERVATION_TO_ANSWER,
        permission=Permission.RECORD_OWN,
        table=ObservationSheet,
        title=col(ObservationSheet.title),
        since=col(ObservationSheet.submitted_at),
        at=col(ObservationSheet.teacher_id),
        waits=col(ObservationSheet.answered_at).is_(None),
    ),
)
