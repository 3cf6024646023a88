"""The statements that find doubts: one for each kind, over some people in some classes.

Each answers with rows of class, teacher, the records and figures. A record that somebody has decided
about stands in no doubt of that kind again. What is allowed without a question is a number here.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    any_,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
)
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.learning.learning_doubts.doubt import LearningDoubtKind
from app.domain.learning.learning_doubts.told import (
    NO_OTHERS,
    RECORD,
    found_of,
    records_told,
    whole,
)
from app.domain.learning.learning_doubts.two_places import two_places
from app.domain.learning.learning_records.naming import ENDING
from app.domain.training.activities import Activity

SLIP = 300
"""Seconds by which what was told may exceed the time that went by: clocks differ, pages stay open."""
AHEAD: ColumnElement[timedelta] = literal_column("interval '5 minutes'")
"""By so much a player's clock may be ahead of ours."""
ENOUGH = 9
"""So many intervals nearly alike are no accident."""
ALIKE, ALIKE_SECONDS = 0.02, 1.0
"""Nearly alike: a standard deviation of a fiftieth of their mean, or of a second."""


def outside_window() -> Select[Any]:
    """What happened before the class began, after it ended, or by a clock that is ahead of ours."""
    day = civil_day(RECORD.c.happened_at)
    told = records_told(LearningDoubtKind.OUTSIDE_WINDOW).join(
        Activity, col(Activity.id) == RECORD.c.activity_id
    )
    outside = or_(
        not_(day.between(col(Activity.starts_on), col(Activity.ends_on))),
        RECORD.c.happened_at > RECORD.c.stored_at + AHEAD,
    )
    return found_of(told.where(outside).subquery("outside"), NO_OTHERS)


def too_fast() -> Select[Any]:
    """More time told of than went by since the record before, in sum beyond what clocks explain."""
    before = func.lag(RECORD.c.happened_at).over(
        partition_by=(RECORD.c.activity_id, RECORD.c.teacher_id, RECORD.c.player_id),
        order_by=(RECORD.c.happened_at, RECORD.c.id),
    )
    elapsed = func.extract("epoch", RECORD.c.happened_at - before).label("elapsed")
    timed = (
        records_told(LearningDoubtKind.TOO_FAST, RECORD.c.seconds, elapsed)
        .where(RECORD.c.seconds > 0)
        .subquery("timed")
    )
    fast = select(timed).where(timed.c.seconds > timed.c.elapsed).subquery("fast")
    seconds, gone = func.sum(fast.c.seconds), func.sum(fast.c.elapsed)
    found = found_of(fast, NO_OTHERS, seconds=seconds, elapsed=whole(gone))
    return found.having(seconds - gone > SLIP)


def regular() -> Select[Any]:
    """What a person brings to an end, at intervals that are nearly constant all through a day."""
    verb, moment = RECORD.c.verb, RECORD.c.happened_at
    day = civil_day(moment)
    line = (RECORD.c.activity_id, RECORD.c.teacher_id, verb, day)
    before = func.lag(moment).over(partition_by=line, order_by=(moment, RECORD.c.id))
    interval = func.extract("epoch", moment - before).label("interval")
    told = (
        records_told(LearningDoubtKind.REGULAR, verb, day.label("day"), interval)
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
    return found_of(
        constant,
        NO_OTHERS,
        interval=func.round(func.min(constant.c.mean), 1),
        spread=func.round(func.max(constant.c.spread), 1),
    )


FINDERS: dict[LearningDoubtKind, Callable[[], Select[Any]]] = {
    LearningDoubtKind.TWO_PLACES: two_places,
    LearningDoubtKind.TOO_FAST: too_fast,
    LearningDoubtKind.REGULAR: regular,
    LearningDoubtKind.OUTSIDE_WINDOW: outside_window,
}
"""The statement of each kind."""
