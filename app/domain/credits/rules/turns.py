"""When a verdict may turn by itself: without an entry, because a day has come."""

from datetime import date
from functools import lru_cache

from app.domain.credits.rules.applicability import changes_of
from app.domain.credits.rules.asking import since_event
from app.domain.credits.rules.calendar import DAY, Cycle, spans_of
from app.domain.credits.rules.facts import Facts
from app.domain.credits.rules.pack import Pack


def next_change(cycle: Cycle, facts: Facts, pack: Pack, as_of: date) -> date | None:
    """The first day after `as_of` on which a verdict may turn without a new entry.

    A window is over, an age is completed, a dated rank or post begins or ends, or the next cycle
    begins. None if nothing more can turn under this pack.
    """
    days = [*changes_of(pack.asks, facts)]
    if turn := _next_turn(cycle, pack, as_of):
        days.append(turn)
    for each in pack.since:
        if span := since_event(each.rule, facts)[1]:
            days += (span.start, span.end + DAY)
    last = cycle.end + DAY
    return min((day for day in days if as_of < day <= last), default=None)


@lru_cache(maxsize=1024)
def _next_turn(cycle: Cycle, pack: Pack, as_of: date) -> date | None:
    """The first day after `as_of` on which the cycle begins, or it or a window of it is over."""
    ends = {
        span.end + DAY
        for window in pack.windows
        for span in spans_of(cycle, window, pack.school_year)
    }
    turns = {cycle.start, cycle.end + DAY, *ends}
    return min((day for day in turns if day > as_of), default=None)
