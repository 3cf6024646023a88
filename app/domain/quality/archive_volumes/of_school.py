"""What a school's archive is put together from (R173): plans, materials of activities, appraisals of people."""

from sqlalchemy import exists, func, select
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.credits.assessments import Assessment
from app.domain.learning.topics import Topic, TopicState
from app.domain.people.teachers.strata import is_among
from app.domain.quality.archive_volumes.source import (
    OWNER,
    beside,
    in_year,
    name_of_teacher,
    name_of_unit,
    source_of,
)
from app.domain.quality.archive_volumes.vocabulary import PieceKind
from app.domain.quality.check_orders import CheckOrder
from app.domain.quality.official_documents import DocumentState, OfficialDocument
from app.domain.quality.regulations import Regulation, RegulationVersion
from app.domain.quality.unit_evaluations import UnitEvaluation
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.attendance import Attendance
from app.domain.training.evaluations import ActivityEvaluation
from app.domain.training.evidence import Evidence
from app.domain.training.plans import TOOK_PART, Plan
from app.domain.training.plans.vocabulary import AGREED
from app.sql import Statement

_HELD = is_among(col(Activity.state), (ActivityState.HELD, ActivityState.CLOSED))
_took_part = (
    select(func.count(col(Attendance.teacher_id).distinct()))
    .where(
        col(Attendance.activity_id) == col(Activity.id),
        is_among(col(Attendance.status), TOOK_PART),
    )
    .scalar_subquery()
)


def _of_summary(name: str) -> object:
    return (
        select(col(getattr(ActivityEvaluation, name)))
        .where(col(ActivityEvaluation.activity_id) == col(Activity.id))
        .scalar_subquery()
    )


OF_SCHOOL: dict[PieceKind, Statement] = {
    PieceKind.PLAN: source_of(
        Plan, col(Plan.unit_id) == OWNER, col(Plan.teacher_id).is_(None),
        is_among(col(Plan.state), AGREED), in_year(col(Plan.starts_on)),
        key=col(Plan.id), title=col(Plan.title), made_on=col(Plan.starts_on),
        origin=name_of_unit(col(Plan.unit_id)),
        facts={
            "kind": col(Plan.kind), "starts_on": col(Plan.starts_on), "ends_on": col(Plan.ends_on),
            "aims": col(Plan.aims), "school_goals": col(Plan.school_goals),
            "text": col(Plan.text), "summary": col(Plan.summary),
        },
    ),
    PieceKind.REGULATION: source_of(
        beside(RegulationVersion, Regulation,
               col(RegulationVersion.regulation_id) == col(Regulation.id)),
        col(Regulation.unit_id) == OWNER, in_year(col(RegulationVersion.effective_from)),
        key=col(RegulationVersion.id),
        title=func.concat(
            col(Regulation.title), col(Regulation.mark),
            "（第", col(RegulationVersion.number), "版）",
        ),
        made_on=col(RegulationVersion.effective_from),
        origin=name_of_unit(col(Regulation.unit_id)),
        facts={
            "kind": col(Regulation.kind), "effective_from": col(RegulationVersion.effective_from),
            "signed_by": col(RegulationVersion.signed_by),
            "changes": col(RegulationVersion.changes), "text": col(RegulationVersion.text),
        },
        file_id=col(RegulationVersion.file_id),
    ),
    PieceKind.OFFICIAL_DOCUMENT: source_of(
        OfficialDocument, col(OfficialDocument.unit_id) == OWNER,
        col(OfficialDocument.state) != DocumentState.DRAFT,
        in_year(col(OfficialDocument.issued_on)),
        key=col(OfficialDocument.id), title=col(OfficialDocument.title),
        made_on=col(OfficialDocument.issued_on), origin=col(OfficialDocument.issuer),
        facts={
            "document_number": col(OfficialDocument.number),
            "issued_on": col(OfficialDocument.issued_on),
            "repealed_on": col(OfficialDocument.repealed_on),
            "remark": col(OfficialDocument.remark),
        },
        file_id=col(OfficialDocument.file_id),
    ),
    PieceKind.ACTIVITY: source_of(
        Activity, col(Activity.organiser_unit_id) == OWNER, _HELD, in_year(col(Activity.starts_on)),
        key=col(Activity.id), title=col(Activity.title), made_on=col(Activity.starts_on),
        origin=name_of_unit(col(Activity.organiser_unit_id)),
        facts={
            "kind": col(Activity.kind), "mode": col(Activity.mode), "hours": col(Activity.hours),
            "starts_on": col(Activity.starts_on), "ends_on": col(Activity.ends_on),
            "people": _took_part, "summary": _of_summary("summary"),
            "effects": _of_summary("effects"), "problems": _of_summary("problems"),
            "next_steps": _of_summary("next_steps"),
        },
    ),
    PieceKind.EVIDENCE: source_of(
        Evidence, col(Evidence.withdrawn_at).is_(None),
        exists(
            select(col(Activity.id)).where(
                col(Activity.id) == col(Evidence.activity_id),
                col(Activity.organiser_unit_id) == OWNER, _HELD, in_year(col(Activity.starts_on)),
            )
        ),
        key=col(Evidence.id), title=col(Evidence.title), made_on=civil_day(col(Evidence.added_at)),
        origin=func.coalesce(name_of_teacher(col(Evidence.teacher_id)), name_of_unit(OWNER)),
        facts={
            "kind": col(Evidence.kind), "text": col(Evidence.text),
            "activity": select(col(Activity.title)).where(
                col(Activity.id) == col(Evidence.activity_id)
            ).scalar_subquery(),
        },
        teacher_id=col(Evidence.teacher_id), file_id=col(Evidence.file_id),
    ),
    PieceKind.TOPIC: source_of(
        Topic, col(Topic.unit_id) == OWNER, col(Topic.state) == TopicState.CONCLUDED,
        in_year(col(Topic.concluded_on)),
        key=col(Topic.id), title=col(Topic.title), made_on=col(Topic.concluded_on),
        origin=name_of_teacher(col(Topic.leader_id)),
        facts={
            "level": col(Topic.level), "topic_number": col(Topic.number),
            "starts_on": col(Topic.starts_on), "concluded_on": col(Topic.concluded_on),
            "grade": col(Topic.grade), "certificate_number": col(Topic.certificate_number),
            "summary": col(Topic.summary),
        },
    ),
    PieceKind.ASSESSMENT: source_of(
        Assessment, col(Assessment.school_id) == OWNER, col(Assessment.superseded_at).is_(None),
        in_year(col(Assessment.ends_on)),
        key=col(Assessment.id),
        title=func.concat(name_of_teacher(col(Assessment.teacher_id)), "研修考核"),
        made_on=col(Assessment.ends_on), origin=name_of_unit(col(Assessment.school_id)),
        facts={
            "name": name_of_teacher(col(Assessment.teacher_id)), "term": col(Assessment.term),
            "starts_on": col(Assessment.starts_on), "ends_on": col(Assessment.ends_on),
            "judgement": col(Assessment.judgement), "opinion": col(Assessment.opinion),
        },
        teacher_id=col(Assessment.teacher_id),
    ),
    PieceKind.EVALUATION: source_of(
        beside(UnitEvaluation, CheckOrder, col(UnitEvaluation.order_id) == col(CheckOrder.id)),
        col(UnitEvaluation.unit_id) == OWNER, col(UnitEvaluation.published_at).is_not(None),
        in_year(civil_day(col(UnitEvaluation.published_at))),
        key=col(UnitEvaluation.id), title=col(CheckOrder.title),
        made_on=civil_day(col(UnitEvaluation.published_at)),
        origin=name_of_unit(col(UnitEvaluation.by_unit_id)),
        facts={
            "score": col(UnitEvaluation.score), "opinion": col(UnitEvaluation.opinion),
            "judgement": col(UnitEvaluation.judgement),
            "achieved_effects": col(UnitEvaluation.achieved_effects),
            "appeal_outcome": col(UnitEvaluation.appeal_outcome),
        },
    ),
}  # fmt: skip
"""The statement of each kind, in the order of the catalogue."""
