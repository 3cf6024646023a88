"""What a growth file is put together from (R172): what a teacher planned, did, earned, wrote and was given."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import col

from app.domain.credits.assessments import Assessment
from app.domain.credits.certificates import Certificate
from app.domain.credits.entries import CreditEntry
from app.domain.learning.mentorships import Mentor, Mentorship, MentorshipState
from app.domain.learning.outputs import OutputAuthor, OutputState, ResearchOutput
from app.domain.people.facts.merits import TeacherHonour
from app.domain.people.goals import Goal
from app.domain.people.teachers.strata import is_among
from app.domain.quality.archive_volumes.source import (
    BEFORE,
    OWNER,
    SINCE,
    beside,
    in_year,
    name_of_teacher,
    name_of_unit,
    source_of,
)
from app.domain.quality.archive_volumes.vocabulary import PieceKind
from app.domain.training.activities import Activity
from app.domain.training.attendance import Attendance
from app.domain.training.contest_results import ContestResult
from app.domain.training.evidence import Evidence
from app.domain.training.notes import Note
from app.domain.training.plans import TOOK_PART, Plan
from app.domain.training.plans.vocabulary import AGREED
from app.sql import Statement


def _with_activity(table: Any) -> Any:
    return beside(table, Activity, col(table.activity_id) == col(Activity.id))


_is_present = is_among(col(Attendance.status), TOOK_PART)
_took_part = select(col(Attendance.id)).where(
    col(Attendance.activity_id) == col(Activity.id),
    col(Attendance.teacher_id) == OWNER,
    _is_present,
)
_attended = select(col(Attendance.activity_id)).where(
    col(Attendance.teacher_id) == OWNER, _is_present
)
_sessions = _took_part.with_only_columns(func.count(col(Attendance.id))).scalar_subquery()
_minutes = _took_part.with_only_columns(func.sum(col(Attendance.minutes))).scalar_subquery()
_title_of_source = (
    select(col(Activity.title)).where(col(Activity.id) == col(CreditEntry.source_id))
).scalar_subquery()
_mentors = (
    select(func.string_agg(name_of_teacher(col(Mentor.teacher_id)), "、"))
    .where(col(Mentor.mentorship_id) == col(Mentorship.id))
    .scalar_subquery()
)

OF_TEACHER: dict[PieceKind, Statement] = {
    PieceKind.PLAN: source_of(
        Plan, col(Plan.teacher_id) == OWNER, is_among(col(Plan.state), AGREED),
        in_year(col(Plan.starts_on)),
        key=col(Plan.id), title=col(Plan.title), made_on=col(Plan.starts_on),
        origin=name_of_teacher(OWNER),
        facts={
            "starts_on": col(Plan.starts_on), "ends_on": col(Plan.ends_on),
            "aims": col(Plan.aims), "text": col(Plan.text), "summary": col(Plan.summary),
        },
        teacher_id=OWNER,
    ),
    PieceKind.PARTICIPATION: source_of(
        Activity, col(Activity.id).in_(_attended), in_year(col(Activity.starts_on)),
        key=col(Activity.id), title=col(Activity.title), made_on=col(Activity.starts_on),
        origin=name_of_unit(col(Activity.organiser_unit_id)),
        facts={
            "kind": col(Activity.kind), "mode": col(Activity.mode), "hours": col(Activity.hours),
            "starts_on": col(Activity.starts_on), "ends_on": col(Activity.ends_on),
            "sessions": _sessions, "minutes": _minutes,
        },
        teacher_id=OWNER,
    ),
    PieceKind.CREDIT: source_of(
        CreditEntry, col(CreditEntry.teacher_id) == OWNER, in_year(col(CreditEntry.earned_on)),
        key=col(CreditEntry.id),
        title=func.concat("学分：", func.coalesce(_title_of_source, col(CreditEntry.reason), "其他")),
        made_on=col(CreditEntry.earned_on),
        origin=name_of_unit(col(CreditEntry.awarded_school_id)),
        facts={
            "entry_kind": col(CreditEntry.kind), "hours": col(CreditEntry.hours),
            "credits": col(CreditEntry.credits), "level": col(CreditEntry.level),
            "earned_on": col(CreditEntry.earned_on), "reason": col(CreditEntry.reason),
        },
        teacher_id=OWNER,
    ),
    PieceKind.CERTIFICATE: source_of(
        Certificate, col(Certificate.teacher_id) == OWNER, in_year(col(Certificate.issued_on)),
        key=col(Certificate.id), title=col(Certificate.subject),
        made_on=col(Certificate.issued_on), origin=col(Certificate.authority_name),
        facts={
            "certificate_number": col(Certificate.number), "hours": col(Certificate.hours),
            "credits": col(Certificate.credits), "state": col(Certificate.state),
        },
        teacher_id=OWNER,
    ),
    PieceKind.ASSESSMENT: source_of(
        Assessment, col(Assessment.teacher_id) == OWNER, col(Assessment.superseded_at).is_(None),
        in_year(col(Assessment.ends_on)),
        key=col(Assessment.id), title=func.concat("研修考核（", col(Assessment.starts_on), "起）"),
        made_on=col(Assessment.ends_on), origin=name_of_unit(col(Assessment.school_id)),
        facts={
            "term": col(Assessment.term), "starts_on": col(Assessment.starts_on),
            "ends_on": col(Assessment.ends_on), "judgement": col(Assessment.judgement),
            "opinion": col(Assessment.opinion),
        },
        teacher_id=OWNER,
    ),
    PieceKind.GOAL: source_of(
        Goal, col(Goal.teacher_id) == OWNER, in_year(col(Goal.due_on)),
        key=col(Goal.id), title=col(Goal.title), made_on=col(Goal.due_on),
        origin=name_of_teacher(OWNER),
        facts={
            "measure": col(Goal.measure), "due_on": col(Goal.due_on), "result": col(Goal.result),
            "remark": col(Goal.remark), "opinion": col(Goal.opinion),
        },
        teacher_id=OWNER,
    ),
    PieceKind.HONOUR: source_of(
        TeacherHonour, col(TeacherHonour.teacher_id) == OWNER,
        col(TeacherHonour.superseded_at).is_(None), in_year(col(TeacherHonour.valid_from)),
        key=col(TeacherHonour.id),
        title=func.coalesce(func.nullif(col(TeacherHonour.title), ""), col(TeacherHonour.honour)),
        made_on=col(TeacherHonour.valid_from), origin=col(TeacherHonour.issuer),
        facts={
            "honour": col(TeacherHonour.honour), "level": col(TeacherHonour.level),
            "valid_to": col(TeacherHonour.valid_to),
        },
        teacher_id=OWNER,
    ),
    PieceKind.OUTPUT: source_of(
        beside(OutputAuthor, ResearchOutput,
               col(OutputAuthor.output_id) == col(ResearchOutput.id)),
        col(OutputAuthor.teacher_id) == OWNER, col(ResearchOutput.state) == OutputState.CONFIRMED,
        in_year(col(ResearchOutput.published_on)),
        key=col(ResearchOutput.id), title=col(ResearchOutput.title),
        made_on=col(ResearchOutput.published_on), origin=col(ResearchOutput.venue),
        facts={
            "kind": col(ResearchOutput.kind), "level": col(ResearchOutput.level),
            "ordinal": col(OutputAuthor.ordinal), "doi": col(ResearchOutput.doi),
            "isbn": col(ResearchOutput.isbn),
        },
        teacher_id=OWNER, file_id=col(ResearchOutput.file_id),
    ),
    PieceKind.CONTEST_RESULT: source_of(
        _with_activity(ContestResult), col(ContestResult.teacher_id) == OWNER,
        col(ContestResult.superseded_at).is_(None), in_year(col(Activity.starts_on)),
        key=col(ContestResult.id),
        title=func.concat(col(Activity.title), "：", col(ContestResult.work_title)),
        made_on=col(Activity.starts_on), origin=name_of_unit(col(Activity.organiser_unit_id)),
        facts={
            "award": col(ContestResult.award), "rank": col(ContestResult.rank),
            "points": col(ContestResult.points),
        },
        teacher_id=OWNER,
    ),
    PieceKind.MENTORSHIP: source_of(
        Mentorship, col(Mentorship.teacher_id) == OWNER,
        is_among(col(Mentorship.state),
                 (MentorshipState.ACTIVE, MentorshipState.CONCLUDED, MentorshipState.ENDED)),
        and_(col(Mentorship.valid_from) < BEFORE, col(Mentorship.valid_to) > SINCE),
        key=col(Mentorship.id), title=func.concat("师徒结对：", col(Mentorship.aim)),
        made_on=col(Mentorship.valid_from), origin=name_of_unit(col(Mentorship.unit_id)),
        facts={
            "mentors": _mentors, "aim": col(Mentorship.aim), "state": col(Mentorship.state),
            "valid_from": col(Mentorship.valid_from), "valid_to": col(Mentorship.valid_to),
        },
        teacher_id=OWNER,
    ),
    PieceKind.NOTE: source_of(
        _with_activity(Note), col(Note.teacher_id) == OWNER, in_year(col(Activity.starts_on)),
        key=col(Note.id), title=func.concat(col(Activity.title), "：研修笔记"),
        made_on=col(Activity.starts_on), origin=name_of_teacher(OWNER),
        facts={"kind": col(Note.kind), "text": col(Note.text)},
        teacher_id=OWNER,
    ),
    PieceKind.EVIDENCE: source_of(
        _with_activity(Evidence), col(Evidence.teacher_id) == OWNER,
        col(Evidence.withdrawn_at).is_(None), in_year(col(Activity.starts_on)),
        key=col(Evidence.id), title=col(Evidence.title), made_on=col(Activity.starts_on),
        origin=name_of_teacher(OWNER),
        facts={
            "kind": col(Evidence.kind), "text": col(Evidence.text),
            "activity": col(Activity.title),
        },
        teacher_id=OWNER, file_id=col(Evidence.file_id),
    ),
}  # fmt: skip
"""The statement of each kind, in the order of the catalogue."""
