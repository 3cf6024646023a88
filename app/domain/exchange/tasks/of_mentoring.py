"""What waits in the library of trainers and in mentorships."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import holds_on
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.learning.mentoring_records import MentoringRecord
from app.domain.learning.mentorships import Mentor, Mentorship, MentorshipState
from app.domain.learning.trainers import Trainer, TrainerState
from app.domain.organisation.units import Unit
from app.domain.people.facts.engagement import GONE, TeacherState
from app.domain.people.teachers.strata import is_among

_MENTORS = beside(Mentor, Mentorship, col(Mentor.mentorship_id) == col(Mentorship.id))
_RECORDS = beside(
    MentoringRecord, Mentorship, col(MentoringRecord.mentorship_id) == col(Mentorship.id)
).join(
    Mentor.__table__,  # type: ignore[attr-defined]
    col(MentoringRecord.mentor_id) == col(Mentor.id),
)
_PROPOSED = is_among(col(Mentorship.state), [MentorshipState.PROPOSED])
_ACTIVE = is_among(col(Mentorship.state), [MentorshipState.ACTIVE])
_UNCONFIRMED = and_(col(MentoringRecord.confirmed_at).is_(None), _ACTIVE)


def _to_confirm(at: Any, *, by_mentor: bool) -> Waiting:
    return Waiting(
        kind=TaskKind.MENTORING_RECORD_TO_CONFIRM,
        permission=Permission.RECORD_OWN,
        table=MentoringRecord,
        rows=_RECORDS,
        title=col(MentoringRecord.content),
        since=col(MentoringRecord.written_at),
        at=at,
        waits=and_(_UNCONFIRMED, col(MentoringRecord.by_mentor).is_(by_mentor), at.is_not(None)),
    )


def _has_left(teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'this teacher has retired or left': nothing more comes of a mentorship of theirs."""
    return exists(
        select(col(TeacherState.id))
        .where(
            col(TeacherState.teacher_id) == teacher_id,
            is_among(col(TeacherState.state), GONE),
            holds_on(TeacherState, TODAY),
        )
        .correlate(Mentorship, Mentor)
    )


_NOBODY_MENTORS = ~exists(
    select(col(Mentor.id))
    .where(
        col(Mentor.mentorship_id) == col(Mentorship.id),
        or_(col(Mentor.teacher_id).is_(None), ~_has_left(col(Mentor.teacher_id))),
    )
    .correlate(Mentorship)
)
"""All who mentor are teachers that have left; an outside expert goes on."""

OF_MENTORING = (
    Waiting(
        kind=TaskKind.TRAINER_INVITATION_TO_ANSWER,
        permission=Permission.RECORD_OWN,
        table=Trainer,
        rows=beside(Trainer, Unit, col(Trainer.unit_id) == col(Unit.id)),
        title=col(Unit.name),
        since=col(Trainer.invited_at),
        at=col(Trainer.teacher_id),
        waits=is_among(col(Trainer.state), [TrainerState.INVITED])
        & col(Trainer.teacher_id).is_not(None),
    ),
    Waiting(
        kind=TaskKind.MENTORSHIP_TO_SIGN,
        permission=Permission.RECORD_OWN,
        table=Mentorship,
        title=col(Mentorship.aim),
        since=col(Mentorship.proposed_at),
        at=col(Mentorship.teacher_id),
        waits=and_(_PROPOSED, col(Mentorship.signed_at).is_(None)),
    ),
    Waiting(
        kind=TaskKind.MENTORSHIP_TO_SIGN,
        permission=Permission.RECORD_OWN,
        table=Mentorship,
        rows=_MENTORS,
        title=col(Mentorship.aim),
        since=col(Mentorship.proposed_at),
        at=col(Mentor.teacher_id),
        waits=and_(_PROPOSED, col(Mentor.signed_at).is_(None), col(Mentor.teacher_id).is_not(None)),
    ),
    _to_confirm(col(Mentorship.teacher_id), by_mentor=True),
    _to_confirm(col(Mentor.teacher_id), by_mentor=False),
    Waiting(
        kind=TaskKind.MENTORSHIP_TO_CONCLUDE,
        permission=Permission.PAIR_WRITE,
        table=Mentorship,
        title=col(Mentorship.aim),
        since=col(Mentorship.agreed_at),
        due=col(Mentorship.valid_to),
        at=unit_of(Mentorship),
        above=above_unit_of(Mentorship),
        waits=and_(
            _ACTIVE,
            or_(
                col(Mentorship.valid_to) <= TODAY,
                _has_left(col(Mentorship.teacher_id)),
                _NOBODY_MENTORS,
            ),
        ),
        of=col(Mentorship.teacher_id),
    ),
)
