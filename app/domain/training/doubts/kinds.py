"""The statements that find doubts: one for each kind, over an activity or over a city.

Each looks at whole sessions: those that have a record which lies in the scope (an activity; or the
teachers of a city, recorded since a moment), and answers with rows of activity, session, `about`,
people and figures. What is allowed without a question is written here as a number with its reason.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col

from app.domain.base import MOMENT, civil_day
from app.domain.training.activities import Activity, ActivityMode, ActivitySession, ActivityState
from app.domain.training.attendance import (
    ATTENDED,
    LATEST,
    Attendance,
    AttendanceMethod,
    AttendanceRule,
)
from app.domain.training.doubts.doubt import DoubtKind

BETWEEN_ROOMS: ColumnElement[timedelta] = literal_column("interval '10 minutes'")
"""Who leaves one session a little early for the next is no case for anybody."""
DAYS_TO_ENTER: ColumnElement[timedelta] = literal_column("interval '3 days'")
"""A register that is entered later than this after the session is a question."""
BULK_AFTER: ColumnElement[timedelta] = literal_column("interval '1 day'")
BULK = 30
"""So many at once from the day after on are a question, too: nobody remembers thirty faces."""
AT_ONCE = 5
"""A school shares an address and phones are alike, so that fewer in one second say nothing."""

_RECORD: Any = Attendance.__table__.alias("record")  # type: ignore[attr-defined]
_SESSION: Any = ActivitySession.__table__.alias("session")  # type: ignore[attr-defined]
_ACTIVITY: Any = Activity.__table__.alias("of")  # type: ignore[attr-defined]

OF_ACTIVITY = col(Attendance.activity_id) == bindparam("activity_id", type_=Uuid)
OF_CITY = (col(Attendance.city_id) == bindparam("city_id", type_=Uuid)) & (
    col(Attendance.recorded_at) >= bindparam("since", type_=MOMENT)
)


def _attended(record: Any) -> ColumnElement[bool]:
    return or_(*(record.c.status == status for status in ATTENDED))


def _of_sessions(scope: ColumnElement[bool]) -> Any:
    """The records of the sessions that the scope touches, with their session and activity."""
    touched = select(col(Attendance.session_id)).where(scope).distinct().cte("touched")
    return (
        _RECORD.join(touched, _RECORD.c.session_id == touched.c.session_id)
        .join(_SESSION, _RECORD.c.session_id == _SESSION.c.id)
        .join(_ACTIVITY, _RECORD.c.activity_id == _ACTIVITY.c.id)
    )


def _whole(duration: Any, seconds: int) -> ColumnElement[int]:
    """How many times so many seconds go into a duration."""
    return cast(func.floor(func.extract("epoch", duration) / seconds), Integer)


def _found(about: list[Any], people: Any, **figures: Any) -> list[Any]:
    """The columns of what is found."""
    named = [each for name, value in figures.items() for each in (literal(name, String), value)]
    return [
        _RECORD.c.activity_id,
        _RECORD.c.session_id,
        func.concat_ws("/", *about).label("about"),
        people.label("people"),
        func.jsonb_build_object(*named).label("figures"),
    ]


_people = func.array_agg(func.distinct(_RECORD.c.teacher_id), type_=ARRAY(Uuid))
_teachers = func.count(func.distinct(_RECORD.c.teacher_id))
_BY_SESSION = (_RECORD.c.activity_id, _RECORD.c.session_id)


_OTHER: Any = Attendance.__table__.alias("other_record")  # type: ignore[attr-defined]
_THEIR_SESSION: Any = ActivitySession.__table__.alias("other_session")  # type: ignore[attr-defined]
_THEIR_ACTIVITY: Any = Activity.__table__.alias("other_of")  # type: ignore[attr-defined]


def _earlier_elsewhere(scope: ColumnElement[bool]) -> Any:
    """Each record with what was recorded before of the same person, of a session at the same time."""
    before = tuple_(_OTHER.c.recorded_at, _OTHER.c.id) < tuple_(_RECORD.c.recorded_at, _RECORD.c.id)
    same_person = (_OTHER.c.teacher_id == _RECORD.c.teacher_id) & (
        _OTHER.c.session_id != _RECORD.c.session_id
    )
    at_once = (_THEIR_SESSION.c.starts_at < _SESSION.c.ends_at) & (
        _THEIR_SESSION.c.ends_at > _SESSION.c.starts_at
    )
    return (
        _of_sessions(scope)
        .join(_OTHER, same_person & before)
        .join(_THEIR_SESSION, (_OTHER.c.session_id == _THEIR_SESSION.c.id) & at_once)
        .join(_THEIR_ACTIVITY, _OTHER.c.activity_id == _THEIR_ACTIVITY.c.id)
    )


def overlaps(scope: ColumnElement[bool]) -> Select[Any]:
    """One person at two sessions at once, told at the record that came later.

    Whoever studies alone in a session of self-directed study (自主研修) is in no room.
    """
    both = ((_RECORD, _SESSION), (_OTHER, _THEIR_SESSION))
    begins = [func.greatest(r.c.checked_in_at, s.c.starts_at) for r, s in both]
    ends = [func.least(r.c.checked_out_at, s.c.ends_at) for r, s in both]
    overlap = func.least(*ends) - func.greatest(*begins)
    in_a_room = [
        (each.c.mode != ActivityMode.SELF_DIRECTED) & (each.c.state != ActivityState.CANCELLED)
        for each in (_ACTIVITY, _THEIR_ACTIVITY)
    ]
    return (
        select(
            *_found(
                [_RECORD.c.teacher_id, _THEIR_SESSION.c.id],
                array([_RECORD.c.teacher_id]),
                minutes=_whole(overlap, 60),
                other_session_id=_THEIR_SESSION.c.id,
                other_activity_id=_THEIR_ACTIVITY.c.id,
            )
        )
        .select_from(_earlier_elsewhere(scope))
        .where(_attended(_RECORD), _attended(_OTHER), overlap > BETWEEN_ROOMS, *in_a_room)
    )


def back_filled(scope: ColumnElement[bool]) -> Select[Any]:
    """What somebody entered on one day long after the session, or much of it on a later day."""
    day = civil_day(_RECORD.c.recorded_at)
    after = func.min(_RECORD.c.recorded_at) - _SESSION.c.ends_at
    count = func.count()
    entered = or_(
        *(
            _RECORD.c.method == method
            for method in (AttendanceMethod.ORGANISER, AttendanceMethod.IMPORT)
        )
    )
    return (
        select(
            *_found(
                [_RECORD.c.session_id, _RECORD.c.recorded_by, day],
                _people,
                records=count,
                hours_after=_whole(after, 3600),
                recorded_by=_RECORD.c.recorded_by,
            )
        )
        .select_from(_of_sessions(scope))
        .where(_attended(_RECORD), entered)
        .group_by(*_BY_SESSION, _RECORD.c.recorded_by, day, _SESSION.c.ends_at)
        .having(or_(after > DAYS_TO_ENTER, and_(after > BULK_AFTER, count >= BULK)))
    )


def shared_devices(scope: ColumnElement[bool]) -> Any:
    """Several who checked in from one device, or within a second from one program at one address."""
    rows = _of_sessions(scope)
    second = cast(func.floor(func.extract("epoch", _RECORD.c.checked_in_at)), BigInteger)
    span = func.max(_RECORD.c.checked_in_at) - func.min(_RECORD.c.checked_in_at)

    def shared(by: str, mark: Any, least: int, *within: Any) -> Select[Any]:
        return (
            select(
                *_found(
                    [_RECORD.c.session_id, func.encode(mark, literal_column("'hex'")), *within],
                    _people,
                    teachers=_teachers,
                    by=literal(by, String),
                    seconds=_whole(span, 1),
                )
            )
            .select_from(rows)
            .where(mark.is_not(None), _RECORD.c.method == AttendanceMethod.CODE)
            .group_by(*_BY_SESSION, mark, *within)
            .having(_teachers >= least)
        )

    return union_all(
        shared("device", _RECORD.c.device_hash, 2),
        shared("origin", _RECORD.c.origin_hash, AT_ONCE, second),
    )


def two_devices(scope: ColumnElement[bool]) -> Select[Any]:
    """Who came with one device and left with another."""
    between = _RECORD.c.checked_out_at - _RECORD.c.checked_in_at
    return (
        select(
            *_found(
                [_RECORD.c.teacher_id, _RECORD.c.session_id],
                array([_RECORD.c.teacher_id]),
                minutes=_whole(between, 60),
            )
        )
        .select_from(_of_sessions(scope))
        .where(_RECORD.c.device_hash != _RECORD.c.left_device_hash)
    )


def offline_batches(scope: ColumnElement[bool]) -> Any:
    """Codes that were handed in later for several teachers from one device, or from one address."""
    rows, device = _of_sessions(scope), _RECORD.c.device_hash
    span = func.max(_RECORD.c.recorded_at) - func.min(_RECORD.c.recorded_at)
    # A name of a device costs nothing: with several of them the address tells.
    several = func.count(func.distinct(device)) + func.count().filter(device.is_(None)) > 1

    def handed_in(mark: Any, *more: Any) -> Select[Any]:
        return (
            select(
                *_found(
                    [_RECORD.c.session_id, func.encode(mark, literal_column("'hex'"))],
                    _people,
                    teachers=_teachers,
                    minutes=_whole(span, 60),
                )
            )
            .select_from(rows)
            .where(_RECORD.c.method == AttendanceMethod.OFFLINE, mark.is_not(None))
            .group_by(*_BY_SESSION, mark)
            .having(and_(_teachers >= 2, *more))
        )

    return union_all(handed_in(device), handed_in(_RECORD.c.origin_hash, several))


def without_check_out(scope: ColumnElement[bool]) -> Select[Any]:
    """Who checked in at a session that is over and never out, where the activity asks for it."""
    rule: Any = AttendanceRule.__table__  # type: ignore[attr-defined]
    over = _SESSION.c.ends_at + literal(LATEST) < bindparam("now", type_=MOMENT)
    return (
        select(*_found([_RECORD.c.session_id], _people, teachers=_teachers))
        .select_from(_of_sessions(scope).join(rule, rule.c.activity_id == _RECORD.c.activity_id))
        .where(
            rule.c.records_leaving,
            over,
            _RECORD.c.checked_in_at.is_not(None),
            _RECORD.c.checked_out_at.is_(None),
            _attended(_RECORD),
        )
        .group_by(*_BY_SESSION)
    )


FINDERS: dict[DoubtKind, Callable[[ColumnElement[bool]], Any]] = {
    DoubtKind.OVERLAP: overlaps,
    DoubtKind.BACK_FILLED: back_filled,
    DoubtKind.SHARED_DEVICE: shared_devices,
    DoubtKind.TWO_DEVICES: two_devices,
    DoubtKind.OFFLINE_BATCH: offline_batches,
    DoubtKind.NO_CHECK_OUT: without_check_out,
}
"""What finds each kind."""
