"""Who waits and is given no place: by the round in which they chose they have enough, or are elsewhere.

The nouns above this one describe choices and their rounds; here it is only asked what they allow.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Uuid,
    column,
    exists,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.training.enrolments.clashing import is_engaged
from app.domain.training.enrolments.enrolment import Enrolment

_CHOICES = table(
    "choice",
    *(column(name, Uuid()) for name in ("round_id", "activity_id", "teacher_id")),
    *(column(name, DateTime()) for name in ("accepted_at", "withdrawn_at")),
)
_ROUNDS = table("choice_round", column("id", Uuid()), column("most_places", Integer()))
_chosen, _given, _placed = _CHOICES.alias("chosen"), _CHOICES.alias("given"), aliased(Enrolment)


def _stands(choice: Any) -> ColumnElement[bool]:
    stands: ColumnElement[bool] = choice.accepted_at.is_not(None) & choice.withdrawn_at.is_(None)
    return stands


_places_given = (
    select(func.count())
    .select_from(_given)
    .join(
        _placed,
        (col(_placed.activity_id) == _given.c.activity_id)
        & (col(_placed.teacher_id) == _given.c.teacher_id),
    )
    .where(
        _given.c.round_id == _chosen.c.round_id,
        _given.c.teacher_id == _chosen.c.teacher_id,
        _stands(_given.c),
        col(_placed.withdrawn_at).is_(None),
        col(_placed.waiting_turn).is_(None),
    )
    .correlate(_chosen)
    .scalar_subquery()
)
IS_BEYOND_ITS_ROUND = exists(
    select(_chosen.c.round_id)
    .join_from(_chosen, _ROUNDS, _ROUNDS.c.id == _chosen.c.round_id)
    .where(
        _chosen.c.activity_id == col(Enrolment.activity_id),
        _chosen.c.teacher_id == col(Enrolment.teacher_id),
        _stands(_chosen.c),
        or_(
            _places_given >= _ROUNDS.c.most_places,
            is_engaged(_chosen.c.teacher_id, _chosen.c.activity_id),
        ),
    )
    .correlate(Enrolment)
)
"""The predicate 'who waits chose it in a round by which they have enough, or are elsewhere at that time'."""
