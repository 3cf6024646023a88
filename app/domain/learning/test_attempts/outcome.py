"""What an attempt comes to: whether it is over, what it scores, whether that is shown. Predicates of SQL.

An attempt is over when it was handed in, or by itself: when its time is up, and when its activity was closed or
cancelled. Nothing has to happen for it.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.learning.course_tests import CountedAttempt, CourseTest, Disclosure, is_of_activity
from app.domain.learning.test_attempts.table import CourseTestAnswer, CourseTestAttempt
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityState

ENDED = (ActivityState.CLOSED, ActivityState.CANCELLED)
"""States of an activity in which nobody takes a test any more."""
NOW: ColumnElement[Any] = func.now()
"""The moment of asking, as the database reads its clock."""


_held: Any = aliased(Activity)


def is_over(attempt: Any = CourseTestAttempt, moment: Any = NOW) -> ColumnElement[bool]:
    """The predicate 'nothing can be said in this attempt any more'."""
    held = select(_held.id).where(
        _held.id == col(attempt.activity_id), is_among(_held.state, ENDED)
    )
    return or_(
        col(attempt.handed_in_at).is_not(None),
        func.coalesce(col(attempt.due_at) <= moment, false()),
        exists(held.correlate_except(_held)),
    )


def over_since(attempt: Any = CourseTestAttempt) -> ColumnElement[Any]:
    """From when an attempt that `is_over` is so; where its activity was cancelled, when it began."""
    closed = select(_held.closed_at).where(_held.id == col(attempt.activity_id))
    return func.coalesce(
        col(attempt.handed_in_at),
        func.least(col(attempt.due_at), closed.correlate_except(_held).scalar_subquery()),
        col(attempt.started_at),
    )


_answer: Any = aliased(CourseTestAnswer)


def is_unmarked(attempt: Any = CourseTestAttempt) -> ColumnElement[bool]:
    """The predicate 'a person has still to say what an answer of this attempt is worth'."""
    waiting = select(_answer.id).where(
        _answer.attempt_id == col(attempt.id), _answer.awarded.is_(None)
    )
    return exists(waiting.correlate_except(_answer))


def score_of(attempt: Any = CourseTestAttempt) -> ColumnElement[Any]:
    """The points that an attempt has."""
    awarded = select(func.sum(_answer.awarded)).where(_answer.attempt_id == col(attempt.id))
    return awarded.correlate_except(_answer).scalar_subquery()


def is_enough(attempt: Any = CourseTestAttempt, test: Any = CourseTest) -> ColumnElement[bool]:
    """The predicate 'the points of this attempt reach the test's share'."""
    reached: ColumnElement[bool] = score_of(attempt) * 100 >= col(test.pass_percent) * col(
        attempt.points
    )
    return reached


IS_CLOSED: ColumnElement[bool] = func.coalesce(
    col(CourseTest.closes_at) <= NOW, false(), type_=Boolean
)
IS_MARKED: ColumnElement[bool] = is_over() & ~is_unmarked()
"""The predicate 'the result of this attempt is known'."""
RESULT_IS_SHOWN: ColumnElement[bool] = IS_MARKED & or_(
    col(CourseTest.result_shown) == Disclosure.AT_ONCE,
    and_(col(CourseTest.result_shown) == Disclosure.AFTER_CLOSE, IS_CLOSED),
)
"""The predicate 'the one who made this attempt is shown its result'."""

_other: Any = aliased(CourseTestAttempt)
_ENDED = (
    select(func.count())
    .where(
        _other.test_id == col(CourseTestAttempt.test_id),
        _other.activity_id == col(CourseTestAttempt.activity_id),
        _other.teacher_id == col(CourseTestAttempt.teacher_id),
        is_over(_other),
    )
    .correlate_except(_other)
    .scalar_subquery()
)
SOLUTIONS_ARE_SHOWN: ColumnElement[bool] = is_over() & or_(
    and_(col(CourseTest.solutions_shown) == Disclosure.AFTER_CLOSE, IS_CLOSED),
    and_(
        col(CourseTest.solutions_shown) == Disclosure.AT_ONCE,
        or_(IS_CLOSED, col(CourseTest.attempts_allowed) <= _ENDED),
    ),
)
"""The predicate 'the one who made this attempt is shown what is right': not while one may try again."""

_test: Any = aliased(CourseTest)
_attempt: Any = aliased(CourseTestAttempt)
_later: Any = aliased(CourseTestAttempt)
_activity: Any = aliased(Activity)


def _is_asked(activity_id: Any) -> ColumnElement[bool]:
    """The predicate 'this test could be taken in that activity': it was published before that was closed."""
    closed_before = select(_activity.id).where(
        _activity.id == activity_id, _activity.closed_at <= _test.published_at
    )
    return and_(
        _test.published_at.is_not(None),
        is_of_activity(activity_id, _test),
        ~exists(closed_before.correlate_except(_activity)),
    )


def has_test(activity_id: Any) -> ColumnElement[bool]:
    """The predicate 'a test is asked for in that activity: its own, or of the course that it is a class of'."""
    asked = select(_test.id).where(_is_asked(activity_id))
    return exists(asked.correlate_except(_test))


def waits_for_mark(activity_id: Any, teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'a person has still to mark what that teacher answered in that activity'."""
    waiting = select(_attempt.id).where(
        _attempt.activity_id == activity_id,
        _attempt.teacher_id == teacher_id,
        is_over(_attempt),
        is_unmarked(_attempt),
    )
    return exists(waiting.correlate_except(_attempt))


def passed(activity_id: Any, teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'that teacher has passed every test that is asked for in that activity'; there is one.

    By the best attempt in the activity, or by the last, as the test says. What is published once the activity
    is closed nobody can take, and is not asked for. Both arguments are columns of the statement around it, or
    bound.
    """
    later = select(_later.id).where(
        _later.test_id == _attempt.test_id,
        _later.activity_id == _attempt.activity_id,
        _later.teacher_id == _attempt.teacher_id,
        _later.number > _attempt.number,
        is_over(_later),
    )
    counts = or_(_test.counted == CountedAttempt.BEST, ~exists(later.correlate_except(_later)))
    enough = select(_attempt.id).where(
        _attempt.test_id == _test.id,
        _attempt.activity_id == activity_id,
        _attempt.teacher_id == teacher_id,
        is_over(_attempt),
        ~is_unmarked(_attempt),
        is_enough(_attempt, _test),
        counts,
    )
    owed = select(_test.id).where(
        _is_asked(activity_id), ~exists(enough.correlate_except(_attempt))
    )
    return has_test(activity_id) & ~exists(owed.correlate_except(_test))
