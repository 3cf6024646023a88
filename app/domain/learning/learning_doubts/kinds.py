"""The statements that find doubts: one for each kind, over some people in some classes.

Each answers with rows of class, teacher, the records and figures. A record that somebody has decided
about stands in no doubt of that kind again. What is allowed without a question is a number here.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.learning.learning_doubts.doubt import (
    LearningDoubt,
    LearningDoubtKind,
    LearningDoubtState,
)
from app.domain.learning.learning_records import LearningRecord
from app.domain.learning.learning_records.naming import ENDING
from app.domain.training.activities import Activity, ActivityMode, ActivitySession, ActivityState
from app.domain.training.attendance import ATTENDED, Attendance
from app.domain.training.vocabulary import Delivery

BETWEEN_PLACES = 600
"""Seconds: who leaves one thing a little late for another is no case for anybody."""
SLIP = 300
"""Seconds by which what was told may exceed the time that went by: clocks differ, pages stay open."""
AHEAD: ColumnElement[timedelta] = literal_column("interval '5 minutes'")
"""By so much a player's clock may be ahead of ours."""
ENOUGH = 9
"""So many intervals nearly alike are no accident."""
ALIKE, ALIKE_SECONDS = 0.02, 1.0
"""Nearly alike: a standard deviation of a fiftieth of their mean, or of a second."""

_RECORD: Any = LearningRecord.__table__.alias("record")  # type: ignore[attr-defined]
_OTHER: Any = LearningRecord.__table__.alias("other_record")  # type: ignore[attr-defined]
_VOIDER: Any = LearningRecord.__table__.alias("voider")  # type: ignore[attr-defined]
_GIVEN = ("activity_id", "teacher_id")


def _pairs() -> Any:
    arrays = (bindparam(f"{name}s", type_=ARRAY(Uuid)) for name in _GIVEN)
    return func.unnest(*arrays).table_valued(*_GIVEN, name="pair").render_derived()


def _stands(record: Any) -> ColumnElement[bool]:
    """Neither void, nor what makes another void."""
    return and_(record.c.voids.is_(None), not_(exists().where(_VOIDER.c.voids == record.c.id)))


def _told(kind: LearningDoubtKind, *more: Any) -> Select[Any]:
    """The records of the pairs about which nobody has decided in this respect."""
    pairs, doubt = _pairs(), LearningDoubt
    decided = exists().where(
        col(doubt.activity_id) == _RECORD.c.activity_id,
        col(doubt.teacher_id) == _RECORD.c.teacher_id,
        col(doubt.kind) == kind,
        col(doubt.state) != LearningDoubtState.OPEN,
        _RECORD.c.id == any_(col(doubt.records)),
    )
    of_pair = and_(*(_RECORD.c[name] == pairs.c[name] for name in _GIVEN))
    return (
        select(_RECORD.c.id, _RECORD.c.activity_id, _RECORD.c.teacher_id, *more)
        .select_from(_RECORD.join(pairs, of_pair))
        .where(_stands(_RECORD), not_(decided))
    )


def _found(rows: Any, others: Any, **figures: Any) -> Select[Any]:
    """What is found of each pair; `others` are classes in which the same is to be looked for."""
    named = [each for name, value in figures.items() for each in (literal(name, String), value)]
    ids = func.array_agg(aggregate_order_by(func.distinct(rows.c.id), rows.c.id.asc()))
    count = func.count(func.distinct(rows.c.id))
    return select(
        rows.c.activity_id,
        rows.c.teacher_id,
        ids.label("records"),
        func.jsonb_build_object(literal("records", String), count, *named).label("figures"),
        others.label("others"),
    ).group_by(rows.c.activity_id, rows.c.teacher_id)


_NO_OTHERS = cast(null(), ARRAY(Uuid))


def _whole(number: Any) -> ColumnElement[int]:
    """A whole number; what a broken clock adds up to is no reason to count nobody."""
    return cast(func.round(number), BigInteger)


def outside_window() -> Select[Any]:
    """What happened before the class began, after it ended, or by a clock that is ahead of ours."""
    day = civil_day(_RECORD.c.happened_at)
    told = _told(LearningDoubtKind.OUTSIDE_WINDOW).join(
        Activity, col(Activity.id) == _RECORD.c.activity_id
    )
    outside = or_(
        not_(day.between(col(Activity.starts_on), col(Activity.ends_on))),
        _RECORD.c.happened_at > _RECORD.c.stored_at + AHEAD,
    )
    return _found(told.where(outside).subquery("outside"), _NO_OTHERS)


def too_fast() -> Select[Any]:
    """More time told of than went by since the record before, in sum beyond what clocks explain."""
    before = func.lag(_RECORD.c.happened_at).over(
        partition_by=(_RECORD.c.activity_id, _RECORD.c.teacher_id, _RECORD.c.player_id),
        order_by=(_RECORD.c.happened_at, _RECORD.c.id),
    )
    elapsed = func.extract("epoch", _RECORD.c.happened_at - before).label("elapsed")
    timed = (
        _told(LearningDoubtKind.TOO_FAST, _RECORD.c.seconds, elapsed)
        .where(_RECORD.c.seconds > 0)
        .subquery("timed")
    )
    fast = select(timed).where(timed.c.seconds > timed.c.elapsed).subquery("fast")
    seconds, gone = func.sum(fast.c.seconds), func.sum(fast.c.elapsed)
    found = _found(fast, _NO_OTHERS, seconds=seconds, elapsed=_whole(gone))
    return found.having(seconds - gone > SLIP)


def regular() -> Select[Any]:
    """What a person brings to an end, at intervals that are nearly constant all through a day."""
    verb, moment = _RECORD.c.verb, _RECORD.c.happened_at
    day = civil_day(moment)
    line = (_RECORD.c.activity_id, _RECORD.c.teacher_id, verb, day)
    before = func.lag(moment).over(partition_by=line, order_by=(moment, _RECORD.c.id))
    interval = func.extract("epoch", moment - before).label("interval")
    told = (
        _told(LearningDoubtKind.REGULAR, verb, day.label("day"), interval)
        .where(verb == any_(literal(list(ENDING), ARRAY(String))))
        .subquery("ended")
    )
    of_line = (told.c.activity_id, told.c.teacher_id, told.c.verb, told.c.day)
    mean = func.avg(told.c.interval).over(partition_by=of_line)
    spread = func.stddev_pop(told.c.interval).over(partition_by=of_line)
    number = func.count(told.c.interval).over(partition_by=of_line)
    rated = select(
        told.c.id, told.c.activity_id, told.c.teacher_id, mean.label("mean"),
        spread.label("spread"), number.label("number"),
    ).subquery("rated")  # fmt: skip
    alike = rated.c.spread <= func.greatest(ALIKE_SECONDS, rated.c.mean * ALIKE)
    constant = (
        select(rated).where(rated.c.number >= ENOUGH, rated.c.mean > 0, alike).subquery("constant")
    )
    return _found(
        constant,
        _NO_OTHERS,
        interval=func.round(func.min(constant.c.mean), 1),
        spread=func.round(func.max(constant.c.spread), 1),
    )


def _began(record: Any) -> Any:
    return record.c.happened_at - record.c.seconds * literal_column("interval '1 second'")


def _seconds_common(begins: list[Any], ends: list[Any]) -> Any:
    return func.extract("epoch", func.least(*ends) - func.greatest(*begins))


def _in_person() -> Select[Any]:
    """Records that were told of while the teacher attended a session of another activity in person."""
    begins = func.greatest(col(Attendance.checked_in_at), col(ActivitySession.starts_at))
    ends = func.least(col(Attendance.checked_out_at), col(ActivitySession.ends_at))
    there = and_(
        col(Attendance.teacher_id) == _RECORD.c.teacher_id,
        col(Attendance.activity_id) != _RECORD.c.activity_id,
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
    common = _seconds_common([_began(_RECORD), begins], [_RECORD.c.happened_at, ends])
    return (
        _told(
            LearningDoubtKind.TWO_PLACES,
            col(ActivitySession.id).label("place"),
            col(ActivitySession.id).label("session_id"),
            cast(null(), Uuid).label("other"),
            common.label("common"),
        )
        .join(Attendance, there)
        .join(ActivitySession, held)
        .join(Activity, in_a_room)
        .where(common > 0)
    )


def _elsewhere_online() -> Select[Any]:
    """Records that were told of while another class, or another player, told of the same person."""
    common = _seconds_common(
        [_began(_RECORD), _began(_OTHER)], [_RECORD.c.happened_at, _OTHER.c.happened_at]
    )
    at_once = and_(
        _OTHER.c.teacher_id == _RECORD.c.teacher_id,
        or_(
            _OTHER.c.activity_id != _RECORD.c.activity_id,
            _OTHER.c.player_id != _RECORD.c.player_id,
        ),
        _OTHER.c.seconds > 0,
        _OTHER.c.happened_at > _began(_RECORD),
        _began(_OTHER) < _RECORD.c.happened_at,
        _stands(_OTHER),
    )
    return _told(
        LearningDoubtKind.TWO_PLACES,
        _OTHER.c.activity_id.label("place"),
        cast(null(), Uuid),
        _OTHER.c.activity_id,
        common,
    ).join(_OTHER, at_once)


def two_places() -> Select[Any]:
    """One person at two places at once, for longer in sum than it takes to go from one to the other."""
    both = union_all(
        *(each.where(_RECORD.c.seconds > 0) for each in (_in_person(), _elsewhere_online()))
    ).subquery("both")
    line = (both.c.activity_id, both.c.teacher_id, both.c.place)
    in_all = func.sum(both.c.common).over(partition_by=line).label("in_all")
    rated = select(both, in_all).subquery("rated")
    long = select(rated).where(rated.c.in_all > BETWEEN_PLACES).subquery("long")
    sessions = func.array_agg(func.distinct(long.c.session_id)).filter(
        long.c.session_id.is_not(None)
    )
    others = func.array_agg(func.distinct(long.c.other)).filter(long.c.other.is_not(None))
    return _found(
        long,
        others,
        minutes=_whole(func.max(long.c.in_all) / 60),
        sessions=func.coalesce(func.to_jsonb(sessions), literal_column("'[]'::jsonb")),
    )


FINDERS: dict[LearningDoubtKind, Callable[[], Select[Any]]] = {
    LearningDoubtKind.TWO_PLACES: two_places,
    LearningDoubtKind.TOO_FAST: too_fast,
    LearningDoubtKind.REGULAR: regular,
    LearningDoubtKind.OUTSIDE_WINDOW: outside_window,
}
"""The statement of each kind."""
