"""What a teacher holds on a day, as columns beside a teacher's row."""

from typing import Any

from sqlalchemy import Date, bindparam, func, literal_column, select
from sqlmodel import col

from app.domain.base import MOMENT, TODAY, holds_on, in_force, known_on
from app.domain.people.facts.posts import TeacherPost
from app.domain.people.facts.ranks import TeacherRank

_DAY = func.coalesce(bindparam("as_of", type_=Date), TODAY)
_MOMENT = bindparam("known_at", type_=MOMENT)


def _rank(teacher_id: Any, *held: Any) -> Any:
    return (
        select(col(TeacherRank.rank))
        .where(col(TeacherRank.teacher_id) == teacher_id, *held)
        .limit(literal_column("1"))
        .scalar_subquery()
    )


def _posts(teacher_id: Any, *held: Any) -> Any:
    return func.array(
        select(col(TeacherPost.post))
        .where(col(TeacherPost.teacher_id) == teacher_id, *held)
        .order_by(col(TeacherPost.post))
        .distinct()
        .scalar_subquery()
    )


def rank_today(teacher_id: Any) -> Any:
    """The rank that a teacher holds today, as a scalar subquery over a column of teachers' keys."""
    return _rank(teacher_id, holds_on(TeacherRank, TODAY))


def posts_today(teacher_id: Any) -> Any:
    """The posts that a teacher holds today, as an array."""
    return _posts(teacher_id, holds_on(TeacherPost, TODAY))


def rank_then(teacher_id: Any) -> Any:
    """The rank held on the day `as_of` (today where null), as believed at `known_at`."""
    return _rank(teacher_id, in_force(TeacherRank, _DAY), known_on(TeacherRank, _MOMENT))


def posts_then(teacher_id: Any) -> Any:
    """The posts held on the day `as_of` (today where null), as believed at `known_at`."""
    return _posts(teacher_id, in_force(TeacherPost, _DAY), known_on(TeacherPost, _MOMENT))
