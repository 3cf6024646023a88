"""What waits in the workflows of units and of people."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean, and_, case, literal_column, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.credits.person_mergers.merger import MERGED, SURVIVOR, MergerSide, MergerState
from app.domain.credits.person_mergers.merger import PersonMerger as Merger
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.places import (
    above_bureau_over,
    above_unit_of,
    bureau_over,
    city_over_bureau,
    unit_of,
)
from app.domain.exchange.tasks.waiting import AHEAD, TODAY, Waiting
from app.domain.organisation.assignments import Assignment
from app.domain.organisation.guidance_visits.visit import RIGHTS, GuidanceVisit
from app.domain.organisation.statistics.figure import Statistic
from app.domain.organisation.targets import AssignmentTarget
from app.domain.organisation.units import Unit
from app.domain.people.cohort_members import CohortMember, MembershipState
from app.domain.people.cohorts import Cohort
from app.domain.people.corrections import Correction, CorrectionState
from app.domain.people.goals import Goal
from app.domain.people.growth.stages import DUE_GROWTH
from app.domain.people.programmes import Programme
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.people.transfers.transfer import Transfer, TransferSide, TransferState


def beside(table: Any, other: Any, on: Any) -> Any:
    """A table joined with another, whose columns give the title or the place."""
    return table.__table__.join(other.__table__, on)


def _visits_to_close() -> Iterator[Waiting]:
    """Each kind of visit is closed by whoever has the right to it."""
    for kind, right in RIGHTS.items():
        yield Waiting(
            kind=TaskKind.GUIDANCE_TO_CLOSE,
            permission=right,
            table=GuidanceVisit,
            rows=beside(GuidanceVisit, Unit, col(GuidanceVisit.unit_id) == col(Unit.id)),
            title=col(Unit.name),
            since=col(GuidanceVisit.answered_at),
            at=col(GuidanceVisit.by_unit_id),
            above=city_over_bureau(GuidanceVisit),
            waits=and_(
                col(GuidanceVisit.answered_at).is_not(None),
                col(GuidanceVisit.closed_at).is_(None),
                is_among(col(GuidanceVisit.kind), [kind]),
            ),
        )  # fmt: skip


OF_UNITS = (
    Waiting(
        kind=TaskKind.GUIDANCE_TO_ANSWER,
        permission=Permission.GUIDANCE_ANSWER,
        table=GuidanceVisit,
        title=col(GuidanceVisit.requests),
        since=col(GuidanceVisit.recorded_at),
        due=col(GuidanceVisit.due_on),
        at=col(GuidanceVisit.unit_id),
        above=above_unit_of(GuidanceVisit),
        waits=and_(
            col(GuidanceVisit.requests).is_not(None),
            col(GuidanceVisit.answered_at).is_(None),
            col(GuidanceVisit.closed_at).is_(None),
        ),
    ),
    *_visits_to_close(),
    Waiting(
        kind=TaskKind.STATISTIC_TO_CONFIRM,
        permission=Permission.STATISTIC_CONFIRM,
        table=Statistic,
        rows=beside(Statistic, Unit, col(Statistic.unit_id) == col(Unit.id)),
        title=col(Unit.name),
        since=col(Statistic.recorded_at),
        at=bureau_over(Statistic),
        above=above_bureau_over(Statistic),
        waits=col(Statistic.confirmed_at).is_(None) & col(Statistic.superseded_at).is_(None),
        by=col(Statistic.stated_by),
    ),
    Waiting(
        kind=TaskKind.TARGET_TO_REVIEW,
        permission=Permission.ASSIGNMENT_REVIEW,
        table=AssignmentTarget,
        rows=beside(
            AssignmentTarget, Assignment, col(AssignmentTarget.assignment_id) == col(Assignment.id)
        ),
        title=col(AssignmentTarget.aim),
        since=col(AssignmentTarget.recorded_at),
        due=col(AssignmentTarget.due_on),
        at=unit_of(Assignment),
        above=above_unit_of(Assignment),
        waits=col(AssignmentTarget.reviewed_at).is_(None)
        & (col(AssignmentTarget.due_on) <= TODAY),
    ),
)  # fmt: skip

_MEMBERSHIPS = beside(CohortMember, Cohort, col(CohortMember.cohort_id) == col(Cohort.id)).join(
    Programme.__table__, col(Cohort.programme_id) == col(Programme.id)  # type: ignore[attr-defined]
)  # fmt: skip
_LEAVING = is_among(col(Transfer.proposer), [TransferSide.LEAVING])
_TRANSFERS = beside(Transfer, Teacher, col(Transfer.teacher_id) == col(Teacher.id))
_MERGERS = (
    select(
        col(Merger.id), col(Merger.proposed_at), col(Merger.proposed_by), SURVIVOR.c.name,
        SURVIVOR.c.city_id,
        *(
            case(
                (is_among(col(Merger.proposed_for), [MergerSide.MERGED]), SURVIVOR.c[name]),
                else_=MERGED.c[name],
            ).label(name)
            for name in ("county_id", "school_id")
        ),
    )
    .join(SURVIVOR, col(Merger.survivor_id) == SURVIVOR.c.id)
    .join(MERGED, col(Merger.merged_id) == MERGED.c.id)
    .where(is_among(col(Merger.state), [MergerState.PROPOSED]))
    .subquery("open_merger")
)  # fmt: skip
"""The mergers that wait, with the place of the record whose administrator has not spoken yet."""

OF_PEOPLE = (
    Waiting(
        kind=TaskKind.CORRECTION_TO_DECIDE,
        permission=Permission.CORRECTION_DECIDE,
        table=Correction,
        rows=beside(Correction, Teacher, col(Correction.teacher_id) == col(Teacher.id)),
        title=col(Teacher.name),
        since=col(Correction.asked_at),
        at=unit_of(Correction),
        above=above_unit_of(Correction),
        waits=is_among(col(Correction.state), [CorrectionState.ASKED]),
        of=col(Correction.teacher_id),
    ),
    Waiting(
        kind=TaskKind.TRANSFER_TO_ANSWER,
        permission=Permission.TRANSFER_WRITE,
        table=Transfer,
        rows=_TRANSFERS,
        title=col(Teacher.name),
        since=col(Transfer.proposed_at),
        at=case((_LEAVING, col(Transfer.to_unit_id)), else_=col(Transfer.from_unit_id)),
        above=case((_LEAVING, col(Transfer.to_county_id)), else_=col(Transfer.from_county_id)),
        waits=is_among(col(Transfer.state), [TransferState.PROPOSED]),
    ),
    Waiting(
        kind=TaskKind.TRANSFER_TO_COMPLETE,
        permission=Permission.TRANSFER_WRITE,
        table=Transfer,
        rows=_TRANSFERS,
        title=col(Teacher.name),
        since=col(Transfer.decided_at),
        at=col(Transfer.to_unit_id),
        above=col(Transfer.to_county_id),
        waits=is_among(col(Transfer.state), [TransferState.ACCEPTED]),
    ),
    Waiting(
        kind=TaskKind.GOAL_TO_REPORT,
        permission=Permission.GOAL_WRITE,
        table=Goal,
        title=col(Goal.title),
        since=col(Goal.set_at),
        due=col(Goal.due_on),
        at=col(Goal.teacher_id),
        waits=col(Goal.reported_at).is_(None) & (col(Goal.due_on) <= TODAY + AHEAD.days),
    ),
    Waiting(
        kind=TaskKind.GOAL_TO_APPRAISE,
        permission=Permission.GOAL_APPRAISE,
        table=Goal,
        title=col(Goal.title),
        since=col(Goal.reported_at),
        at=unit_of(Goal),
        waits=col(Goal.reported_at).is_not(None) & col(Goal.appraised_at).is_(None),
    ),
    Waiting(
        kind=TaskKind.GROWTH_TO_ASSESS,
        permission=Permission.TEACHER_WRITE,
        table=Teacher,
        rows=DUE_GROWTH.joined,
        title=col(Teacher.name),
        since=DUE_GROWTH.computed["due_on"],
        due=DUE_GROWTH.computed["due_on"],
        at=unit_of(Teacher),
        waits=DUE_GROWTH.computed["due_on"].between(TODAY - 365, TODAY + AHEAD.days)
        & col(Teacher.merged_into_id).is_(None)
        & DUE_GROWTH.filters["without_result"](literal_column("true", Boolean)),
    ),
    Waiting(
        kind=TaskKind.NOMINATION_TO_DECIDE,
        permission=Permission.PROGRAMME_WRITE,
        table=CohortMember,
        rows=_MEMBERSHIPS,
        title=col(Cohort.name),
        since=col(CohortMember.nominated_at),
        at=unit_of(Programme),
        above=above_unit_of(Programme),
        waits=is_among(col(CohortMember.state), [MembershipState.NOMINATED]),
    ),
    Waiting(
        kind=TaskKind.PERSON_MERGER_TO_ANSWER,
        permission=Permission.TEACHER_WRITE,
        table=Merger,
        rows=_MERGERS,
        subject=_MERGERS.c.id,
        title=_MERGERS.c.name,
        since=_MERGERS.c.proposed_at,
        at=_MERGERS.c.school_id,
        above=_MERGERS.c.county_id,
        waits=_MERGERS.c.id.is_not(None),
        by=_MERGERS.c.proposed_by,
    ),
)
