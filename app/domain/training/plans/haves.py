"""The four haves (四有) of what is studied: a plan, time, somebody who speaks, and a record.

研修有計劃、有時間、有主講、有記載. They are predicates over a row of activities.
"""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import col

from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivitySession
from app.domain.training.attendance import Attendance, AttendanceRole, AttendanceStatus
from app.domain.training.notes import Note
from app.domain.training.plans.table import Plan, PlanActivity, PlanItem
from app.domain.training.plans.vocabulary import AGREED
from app.domain.training.staff import ActivityStaff
from app.domain.training.vocabulary import StaffRole

TOOK_PART = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)


def _of_activity(table: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    found = select(col(table.id)).where(col(table.activity_id) == col(Activity.id), *more)
    return exists(found.correlate(Activity))


def has_plan() -> ColumnElement[bool]:
    """有计划: it carries out an item of a plan that was agreed."""
    planned = (
        select(col(PlanActivity.activity_id))
        .join_from(PlanActivity, PlanItem, col(PlanActivity.item_id) == col(PlanItem.id))
        .join(Plan, col(PlanItem.plan_id) == col(Plan.id))
        .where(col(PlanActivity.activity_id) == col(Activity.id), is_among(col(Plan.state), AGREED))
    )
    return exists(planned.correlate(Activity))


def has_time() -> ColumnElement[bool]:
    """有时间: it has a session."""
    return _of_activity(ActivitySession)


def has_speaker() -> ColumnElement[bool]:
    """有主讲: somebody is named as the speaker, or was there as the speaker."""
    return or_(
        _of_activity(ActivitySession, col(ActivitySession.speaker).is_not(None)),
        _of_activity(Attendance, col(Attendance.role) == AttendanceRole.SPEAKER),
        _of_activity(ActivityStaff, col(ActivityStaff.role) == StaffRole.SPEAKER),
    )


def has_record() -> ColumnElement[bool]:
    """有记载: somebody is recorded as having taken part, or wrote a note about it."""
    return or_(
        _of_activity(Attendance, is_among(col(Attendance.status), TOOK_PART)), _of_activity(Note)
    )
