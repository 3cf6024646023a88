"""One person at two places at once: online while in a room, or online for two classes or at two players."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlmodel import col

from app.domain.learning.learning_doubts.doubt import LearningDoubtKind
from app.domain.learning.learning_doubts.told import (
    GIVEN,
    RECORD,
    asked_pairs,
    found_of,
    is_open,
    records_told,
    stands,
    whole,
)
from app.domain.learning.learning_records import LearningRecord
from app.domain.training.activities import Activity, ActivityMode, ActivitySession, ActivityState
from app.domain.training.attendance import ATTENDED, Attendance
from app.domain.training.vocabulary import Delivery

BETWEEN_PLACES = 600
"""Seconds: who leaves one thing a little late for another is no case for anybody."""

_OTHER: Any = LearningRecord.__table__.alias("other_record")  # type: ignore[attr-defined]
_ANY: Any = LearningRecord.__table__.alias("any_record")  # type: ignore[attr-defined]


def _began(record: Any) -> Any:
    return record.c.happened_at - record.c.seconds * literal_column("interval '1 second'")


def _seconds_common(begins: list[Any], ends: list[Any]) -> Any:
    return func.extract("epoch", func.least(*ends) - func.greatest(*begins))


def _in_person() -> Select[Any]:
    """Records that were told of while the teacher attended a session of another activity in person."""
    begins = func.greatest(col(Attendance.checked_in_at), col(ActivitySession.starts_at))
    ends = func.least(col(Attendance.checked_out_at), col(ActivitySession.ends_at))
    there = and_(
        col(Attendance.teacher_id) == RECORD.c.teacher_id,
        col(Attendance.activity_id) != RECORD.c.activity_id,
        or_(*(col(Attendance.status) == status for status in ATTENDED)),
    )
    held = and_(
        col(ActivitySession.id) == col(Attendance.session_id),
        col(ActivitySession.delivery) == Delivery.IN_PERSON,
    )
    in_a_room = and_(
        col(Activity.id) == col(Attendance.activity_id),
        col(Activity.mode) != ActivityMode.SELF_DIRECTED,
        col(Activity.state) != ActivityState.CANCELLED,
    )
    common = _seconds_common([_began(RECORD), begins], [RECORD.c.happened_at, ends])
    return (
        records_told(
            LearningDoubtKind.TWO_PLACES,
            col(ActivitySession.id).label("place"),
            col(ActivitySession.id).label("session_id"),
            cast(null(), Uuid).label("other"),
            common.label("common"),
        )
        .join(Attendance, there)
        .join(ActivitySession, held)
        .join(Activity, in_a_room)
        .where(common > 0, RECORD.c.seconds > 0)
    )


def _within(record: Any, since: Any, until: ColumnElement[bool], *more: Any) -> Any:
    """For each row before it the timed records that ended after this and until that, looked up by their time.

    Many thousands are told of one person, of which few are at one time: each compared with each would be
    their square. Nothing is drawn out of it, or into it, by which that might be come by again.
    """
    found = select(record).where(
        *more, record.c.seconds > 0, record.c.voids.is_(None), record.c.happened_at > since, until
    )
    return found.offset(literal_column("0")).correlate_except(record).lateral(record.name)


def _is_elsewhere(one: Any, other: Any) -> ColumnElement[bool]:
    return or_(one.c.activity_id != other.c.activity_id, one.c.player_id != other.c.player_id)


def _at_once(record: Any, other: Any) -> list[Any]:
    """What is told of two records that were told of at once."""
    begins, ends = [_began(record), _began(other)], [record.c.happened_at, other.c.happened_at]
    place = other.c.activity_id
    common = _seconds_common(begins, ends)
    return [place.label("place"), cast(null(), Uuid), place.label("other"), common]


def _while_others_ended() -> Select[Any]:
    """Records during which another one ended: of the same person in another class, or at another player."""
    classes = (
        select(_ANY.c.teacher_id, _ANY.c.activity_id)
        .where(_ANY.c.teacher_id == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))))
        .distinct()
        .subquery("of_person")
    )
    ended = _within(
        _OTHER,
        _began(RECORD),
        _OTHER.c.happened_at <= RECORD.c.happened_at,
        _OTHER.c.teacher_id == classes.c.teacher_id,
        _OTHER.c.activity_id == classes.c.activity_id,
        _is_elsewhere(_OTHER, RECORD),
    )
    told = records_told(LearningDoubtKind.TWO_PLACES, *_at_once(RECORD, ended))
    return (
        told.join(classes, classes.c.teacher_id == RECORD.c.teacher_id)
        .join(ended, true())
        .where(RECORD.c.seconds > 0, stands(ended))
    )


def _during_others() -> Select[Any]:
    """Records that ended while another one went on."""
    pairs = asked_pairs()
    ended = _within(
        RECORD,
        _began(_OTHER),
        RECORD.c.happened_at < _OTHER.c.happened_at,
        *(RECORD.c[name] == pairs.c[name] for name in GIVEN),
        _is_elsewhere(_OTHER, RECORD),
    )
    return (
        select(ended.c.id, ended.c.activity_id, ended.c.teacher_id, *_at_once(ended, _OTHER))
        .select_from(pairs.join(_OTHER, _OTHER.c.teacher_id == pairs.c.teacher_id))
        .join(ended, true())
        .where(_OTHER.c.seconds > 0, stands(_OTHER), is_open(LearningDoubtKind.TWO_PLACES, ended))
    )


def two_places() -> Select[Any]:
    """One person at two places at once, for longer in sum than it takes to go from one to the other."""
    both = union_all(_in_person(), _while_others_ended(), _during_others()).subquery("both")
    line = (both.c.activity_id, both.c.teacher_id, both.c.place)
    in_all = func.sum(both.c.common).over(partition_by=line).label("in_all")
    rated = select(both, in_all).subquery("rated")
    long = select(rated).where(rated.c.in_all > BETWEEN_PLACES).subquery("long")
    sessions = func.array_agg(func.distinct(long.c.session_id)).filter(
        long.c.session_id.is_not(None)
    )
    others = func.array_agg(func.distinct(long.c.other)).filter(long.c.other.is_not(None))
    return found_of(
        long,
        others,
        minutes=whole(func.max(long.c.in_all) / 60),
        sessions=func.coalesce(func.to_jsonb(sessions), literal_column("'[]'::jsonb")),
    )
