"""The figures of a board: what each counts, and what it is a part of."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select
from sqlmodel import col

from app.domain.credits.entries import CreditEntry
from app.domain.credits.recognition import ACTIVITY
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.attendance import Attendance
from app.domain.training.evidence import Evidence, lacks_any_evidence
from app.domain.training.evidence_checks import EvidenceCheck
from app.domain.training.notes import Note
from app.domain.training.observation_sheets import ObservationSheet
from app.domain.training.plans import TOOK_PART, PlanActivity, PlanItem
from app.domain.training.vocabulary import HELD_STATES


class BoardFigure(StrEnum):
    """How far an activity has come (环节); each is counted of those that came as far as the one before."""

    PUBLISHED = "published"
    """已发布，占未取消的活动"""
    HELD = "held"
    """已举办，占已发布的活动"""
    NOTED = "noted"
    """材料齐全，占已举办的活动"""
    CLOSED = "closed"
    """已办结，占已举办的活动"""
    RECOGNISED = "recognised"
    """已认定学分，占已办结的活动"""


class BoardPart(StrEnum):
    """A part of a board that can be asked for alone (看板部分)."""

    PLANS = "plans"
    """计划项"""
    ACTIVITIES = "activities"
    """活动状态"""
    RECORDS = "records"
    """研修材料与检查"""
    CREDITS = "credits"
    """学分认定"""


def _count(description: str) -> Any:
    return Field(description=description)


class BoardCounts(BaseModel):
    """The figures, each with what it is a part of; null where that part was not asked for."""

    planned: int | None = _count("计划项数 / items of agreed plans that begin in the period")
    carried_out: int | None = _count("已落实的计划项数 / of these, with an activity that was held")
    activities: int | None = _count("活动数，不含取消 / activities that begin in it, not cancelled")
    published: int | None = _count("已发布的活动数 / of the activities, published")
    held: int | None = _count("已举办的活动数 / of those published, held")
    closed: int | None = _count("已办结的活动数 / of those held, closed")
    noted: int | None = _count("材料齐全的活动数 / of those held, with all the records asked for")
    records: int | None = _count("研修材料份数 / notes, sheets and evidence of the activities held")
    checked: int | None = _count("已检查的材料份数 / of the records, checked by the school")
    recognised: int | None = _count("已认定学分的活动数 / of those closed, with credit recognised")


# What may be asked.

_state = col(Activity.state)
was_held = is_among(_state, HELD_STATES)
"""The predicate 'this activity was held', closed or not."""


def _of_activity(table: Any, *more: ColumnElement[bool]) -> Any:
    """The rows of a table that belong to this row of activities."""
    return select(col(table.id)).where(col(table.activity_id) == col(Activity.id), *more)


def _lacks_notes() -> ColumnElement[bool]:
    """The predicate 'it asks for a note, and somebody who was there wrote neither that nor a reflection'."""
    wrote = _of_activity(Note, col(Note.teacher_id) == col(Attendance.teacher_id))
    silent = _of_activity(
        Attendance,
        is_among(col(Attendance.status), TOOK_PART),
        not_(exists(wrote.correlate(Activity, Attendance))),
        exists(
            select(col(Teacher.id)).where(
                col(Teacher.id) == col(Attendance.teacher_id), col(Teacher.merged_into_id).is_(None)
            )
        ),
    )
    return and_(col(Activity.requires_note), exists(silent.correlate(Activity)))


def _has_credit() -> ColumnElement[bool]:
    """The predicate 'somebody who was there has an entry for it that was not reversed'."""
    reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
    reversed_since = exists(
        select(reversal.c.id).where(reversal.c.reverses_id == col(CreditEntry.id))
    )
    entered = (
        select(col(CreditEntry.id))
        .join_from(
            Attendance, CreditEntry, col(CreditEntry.teacher_id) == col(Attendance.teacher_id)
        )
        .where(
            col(Attendance.activity_id) == col(Activity.id),
            col(CreditEntry.city_id) == col(Activity.city_id),
            col(CreditEntry.source_kind) == ACTIVITY,
            col(CreditEntry.source_id) == col(Activity.id),
            not_(reversed_since),
        )
    )
    return exists(entered.correlate(Activity))


_published = is_among(_state, (ActivityState.PUBLISHED, *HELD_STATES))

FIGURES: dict[BoardFigure, tuple[ColumnElement[bool], ColumnElement[bool]]] = {
    BoardFigure.PUBLISHED: (_state != ActivityState.CANCELLED, _published),
    BoardFigure.HELD: (_published, was_held),
    BoardFigure.NOTED: (
        was_held,
        and_(
            not_(_lacks_notes()),
            or_(col(Activity.form_id).is_(None), not_(lacks_any_evidence())),
        ),
    ),
    BoardFigure.CLOSED: (was_held, is_among(_state, [ActivityState.CLOSED])),
    BoardFigure.RECOGNISED: (is_among(_state, [ActivityState.CLOSED]), _has_credit()),
}
"""Of which activities each figure is a part, and which of those it counts."""


def _pieces(*, checked: bool) -> Any:
    """How many notes, observation sheets and pieces of evidence there are of a row of activities."""
    numbers = []
    for table, of_check, *stands in (
        (Note, col(EvidenceCheck.note_id)),
        (ObservationSheet, col(EvidenceCheck.sheet_id)),
        (Evidence, col(EvidenceCheck.evidence_id), col(Evidence.withdrawn_at).is_(None)),
    ):
        looked_at = exists(select(col(EvidenceCheck.id)).where(of_check == col(table.id)))
        conditions = [*stands, looked_at] if checked else stands
        found = _of_activity(table, *conditions).with_only_columns(func.count())
        numbers.append(found.correlate(Activity).scalar_subquery())
    return sum(numbers[1:], numbers[0])


RECORDS, CHECKED = _pieces(checked=False), _pieces(checked=True)
"""What a row of activities has of records, and how many of these were checked, of any verdict."""


def _reached(figure: BoardFigure) -> Any:
    # In this order: what is dear to know is asked only of those that came so far.
    return func.count().filter(and_(*FIGURES[figure]))


def _of_held(number: Any) -> Any:
    return func.sum(case((was_held, number), else_=0))


COUNTED: dict[BoardPart, dict[str, Any]] = {
    BoardPart.ACTIVITIES: {
        "activities": func.count().filter(FIGURES[BoardFigure.PUBLISHED][0]),
        "published": _reached(BoardFigure.PUBLISHED),
        "held": _reached(BoardFigure.HELD),
        "closed": _reached(BoardFigure.CLOSED),
    },
    BoardPart.RECORDS: {
        "noted": _reached(BoardFigure.NOTED),
        "records": _of_held(RECORDS),
        "checked": _of_held(CHECKED),
    },
    BoardPart.CREDITS: {"recognised": _reached(BoardFigure.RECOGNISED)},
}
"""What each part counts of activities."""


def carried_out() -> ColumnElement[bool]:
    """The predicate 'an activity that was held carries this row of plan items out'."""
    found = (
        select(col(PlanActivity.activity_id))
        .join_from(PlanActivity, Activity, col(PlanActivity.activity_id) == col(Activity.id))
        .where(col(PlanActivity.item_id) == col(PlanItem.id), was_held)
    )
    return exists(found.correlate(PlanItem))
