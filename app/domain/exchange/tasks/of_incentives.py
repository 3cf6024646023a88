"""What waits in rewards and penalties, in inputs to pay, and in follow-ups of assessments."""

from sqlalchemy import and_, exists, or_, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import civil_day
from app.domain.credits.assessments import Assessment, Judgement
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.quality.follow_ups import FollowUp
from app.domain.quality.incentive_rules import IncentiveKind
from app.domain.quality.incentives import (
    ANSWERED_WITHIN,
    Incentive,
    IncentiveObjection,
    IncentiveState,
)
from app.domain.quality.pay_sheets import PayLine, PaySheet, PaySheetState

_WITH_UNIT = beside(Incentive, Unit, col(Incentive.unit_id) == col(Unit.id))
_PENALTY = is_among(col(Incentive.kind), [IncentiveKind.PENALTY])
_PROPOSED = is_among(col(Incentive.state), [IncentiveState.PROPOSED])
_PUBLISHED = is_among(col(Incentive.state), [IncentiveState.PUBLISHED])
_OBJECTED = exists(
    select(col(IncentiveObjection.id)).where(
        col(IncentiveObjection.incentive_id) == col(Incentive.id),
        col(IncentiveObjection.decided_at).is_(None),
    )
)
_APPEALED_TO = Unit.__table__.alias("appealed_to")  # type: ignore[attr-defined]

OF_INCENTIVES = (
    Waiting(
        kind=TaskKind.PENALTY_TO_ANSWER,
        permission=Permission.RECORD_OWN,
        table=Incentive,
        title=col(Incentive.title),
        since=col(Incentive.proposed_at),
        due=col(Incentive.statement_due_on),
        at=col(Incentive.teacher_id),
        waits=and_(
            _PROPOSED,
            _PENALTY,
            col(Incentive.stated_at).is_(None),
            col(Incentive.statement_due_on) >= TODAY,
        ),
    ),
    Waiting(
        kind=TaskKind.INCENTIVE_TO_DECIDE,
        permission=Permission.INCENTIVE_DECIDE,
        table=Incentive,
        rows=_WITH_UNIT,
        title=col(Incentive.title),
        since=col(Incentive.proposed_at),
        at=col(Incentive.unit_id),
        above=above_unit_of(Unit),
        waits=and_(
            _PROPOSED,
            or_(
                ~_PENALTY,
                col(Incentive.stated_at).is_not(None),
                col(Incentive.statement_due_on) < TODAY,
            ),
        ),
        by=col(Incentive.proposed_by),
        of=col(Incentive.teacher_id),
    ),
    Waiting(
        kind=TaskKind.INCENTIVE_OBJECTION_TO_DECIDE,
        permission=Permission.INCENTIVE_DECIDE,
        table=IncentiveObjection,
        rows=beside(
            IncentiveObjection, Incentive, col(IncentiveObjection.incentive_id) == col(Incentive.id)
        ).join(Unit.__table__, col(Incentive.unit_id) == col(Unit.id)),  # type: ignore[attr-defined]
        title=col(Incentive.title),
        since=col(IncentiveObjection.raised_at),
        due=col(Incentive.closes_on),
        at=col(Incentive.unit_id),
        above=above_unit_of(Unit),
        waits=and_(_PUBLISHED, col(IncentiveObjection.decided_at).is_(None)),
        by=col(Incentive.decided_by),
        of=col(Incentive.teacher_id),
    ),
    Waiting(
        kind=TaskKind.INCENTIVE_TO_GIVE,
        permission=Permission.INCENTIVE_DECIDE,
        table=Incentive,
        rows=_WITH_UNIT,
        title=col(Incentive.title),
        since=col(Incentive.decided_at),
        at=col(Incentive.unit_id),
        above=above_unit_of(Unit),
        waits=and_(_PUBLISHED, col(Incentive.closes_on) < TODAY, ~_OBJECTED),
        of=col(Incentive.teacher_id),
    ),
    Waiting(
        kind=TaskKind.INCENTIVE_APPEAL_TO_DECIDE,
        permission=Permission.INCENTIVE_DECIDE,
        table=Incentive,
        rows=Incentive.__table__.join(  # type: ignore[attr-defined]
            _APPEALED_TO, col(Incentive.appeal_unit_id) == _APPEALED_TO.c.id
        ),
        title=col(Incentive.title),
        since=col(Incentive.appealed_at),
        due=civil_day(col(Incentive.appealed_at)) + ANSWERED_WITHIN.days,
        at=col(Incentive.appeal_unit_id),
        waits=and_(
            is_among(col(Incentive.state), [IncentiveState.GIVEN]),
            col(Incentive.appealed_at).is_not(None),
            col(Incentive.appeal_decided_at).is_(None),
        ),
        by=col(Incentive.decided_by),
        of=col(Incentive.teacher_id),
    ),
)
"""A penalty waits first with the person; what is decided waits with the unit whose rule it is."""

# Inputs to pay.

_LINE_WAITS = and_(col(PayLine.objected_at).is_not(None), col(PayLine.answered_at).is_(None))
_SHEET_OPEN = is_among(col(PaySheet.state), [PaySheetState.OPEN])
_TEACHERS = Teacher.__table__  # type: ignore[attr-defined]
_LINES = beside(PayLine, PaySheet, col(PayLine.sheet_id) == col(PaySheet.id)).join(
    _TEACHERS, col(PayLine.teacher_id) == col(Teacher.id)
)

OF_PAY_SHEETS = (
    Waiting(
        kind=TaskKind.PAY_OBJECTION_TO_DECIDE,
        permission=Permission.INCENTIVE_DECIDE,
        table=PayLine,
        rows=_LINES,
        title=col(Teacher.name),
        since=col(PayLine.objected_at),
        due=col(PaySheet.closes_on),
        at=unit_of(PayLine),
        above=above_unit_of(PayLine),
        waits=and_(_SHEET_OPEN, _LINE_WAITS),
        of=col(PayLine.teacher_id),
    ),
    Waiting(
        kind=TaskKind.PAY_SHEET_TO_CONFIRM,
        permission=Permission.INCENTIVE_DECIDE,
        table=PaySheet,
        rows=beside(PaySheet, Unit, col(PaySheet.school_id) == col(Unit.id)),
        title=col(Unit.name),
        since=col(PaySheet.made_at),
        at=unit_of(PaySheet),
        above=above_unit_of(PaySheet),
        waits=and_(
            _SHEET_OPEN,
            col(PaySheet.closes_on) < TODAY,
            ~exists(
                select(col(PayLine.id)).where(
                    col(PayLine.sheet_id) == col(PaySheet.id), _LINE_WAITS
                )
            ),
        ),
        by=col(PaySheet.made_by),
    ),
)

# Follow-ups of assessments.

_WITH_TEACHER = beside(FollowUp, Teacher, col(FollowUp.teacher_id) == col(Teacher.id))
_UNREVIEWED = col(FollowUp.reviewed_at).is_(None)

OF_FOLLOW_UPS = (
    Waiting(
        kind=TaskKind.FOLLOW_UP_TO_GIVE,
        permission=Permission.ASSESSMENT_WRITE,
        table=Assessment,
        rows=beside(Assessment, Teacher, col(Assessment.teacher_id) == col(Teacher.id)),
        title=col(Teacher.name),
        since=col(Assessment.recorded_at),
        at=unit_of(Assessment),
        above=above_unit_of(Assessment),
        waits=and_(
            is_among(
                col(Assessment.judgement), [Judgement.BASICALLY_QUALIFIED, Judgement.UNQUALIFIED]
            ),
            col(Assessment.superseded_at).is_(None),
            ~exists(
                select(col(FollowUp.id)).where(col(FollowUp.assessment_id) == col(Assessment.id))
            ),
        ),
        of=col(Assessment.teacher_id),
    ),
    Waiting(
        kind=TaskKind.FOLLOW_UP_TO_ANSWER,
        permission=Permission.RECORD_OWN,
        table=FollowUp,
        title=col(FollowUp.to_work_on),
        since=col(FollowUp.given_at),
        due=col(FollowUp.follow_up_on),
        at=col(FollowUp.teacher_id),
        waits=and_(col(FollowUp.replied_at).is_(None), _UNREVIEWED),
    ),
    Waiting(
        kind=TaskKind.FOLLOW_UP_TO_REVIEW,
        permission=Permission.ASSESSMENT_WRITE,
        table=FollowUp,
        rows=_WITH_TEACHER,
        title=col(Teacher.name),
        since=col(FollowUp.given_at),
        due=col(FollowUp.follow_up_on),
        at=unit_of(FollowUp),
        above=above_unit_of(FollowUp),
        waits=and_(_UNREVIEWED, col(FollowUp.follow_up_on) <= TODAY),
        of=col(FollowUp.teacher_id),
    ),
)
