"""The three calendars: the cycle, the school year and the calendar year, cut into spans of days."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.parts import Window
from app.domain.credits.rules.facts import Period

DAY = timedelta(days=1)
FAR = date(2999, 12, 31)
"""The last day of a pack without an end, so that no cycle runs out of the calendar."""


class Cycle(Struct, frozen=True):
    """The days over which a standing is counted, both ends included."""

    start: date
    end: date


class Span(Struct, frozen=True):
    """One window of a cycle. `year` is the year in which it begins, and its key in a state.

    `whole` is false if the cycle cuts a part of the window off.
    """

    year: int
    start: date
    end: date
    whole: bool = True


def cycle_of(document: PackDocument, day: date) -> Cycle:
    """The cycle that `day` falls into, or the nearest one in which the pack is in force."""
    first, years = document.calendar.cycle_start.value, document.calendar.cycle_years.value
    last = min(document.effective_to.value, FAR) if document.effective_to else FAR
    asked = max(first, min(day, last))
    passed = asked.year - first.year - ((asked.month, asked.day) < (first.month, first.day))
    start = first.replace(year=first.year + passed // years * years)
    end = start.replace(year=start.year + years) - DAY
    return Cycle(start, min(end, last))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month if it has no such day."""
    passed = day.year * 12 + day.month - 1 + months
    year, month = passed // 12, passed % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def year_of(day: date, begins: tuple[int, int]) -> int:
    """The year in which the school year of `day` began, if school years begin on (month, day)."""
    return day.year if (day.month, day.day) >= begins else day.year - 1


@lru_cache(maxsize=256)
def spans_of(cycle: Cycle, window: Window, begins: tuple[int, int]) -> tuple[Span, ...]:
    """The windows of one kind that lie in the cycle, each cut to it; not those since an event."""
    if window is Window.CYCLE:
        return (Span(cycle.start.year, cycle.start, cycle.end),)
    opening = begins if window is Window.SCHOOL_YEAR else (1, 1)
    spans = []
    for year in range(year_of(cycle.start, opening), year_of(cycle.end, opening) + 1):
        start, end = date(year, *opening), date(year + 1, *opening) - DAY
        whole = cycle.start <= start and end <= cycle.end
        spans.append(Span(year, max(start, cycle.start), min(end, cycle.end), whole))
    return tuple(spans)


def service_in(cycle: Cycle, service: Iterable[Period] | None) -> tuple[Period, ...] | None:
    """The days of service that lie in the cycle; None where they are not known."""
    if service is None:
        return None
    first, last = cycle.start, cycle.end
    return tuple(
        [
            Period(max(each.valid_from, first), min(each.valid_to or last, last))
            for each in service
            if each.valid_from <= last and (each.valid_to is None or each.valid_to >= first)
        ]
    )


def served_in(span: Span, service: Iterable[Period] | None) -> bool:
    """Whether the person was in service on any day of the span; not known is taken as yes."""
    if service is None:
        return True
    return any(
        each.valid_from <= span.end and (each.valid_to is None or each.valid_to >= span.start)
        for each in service
    )


def served_throughout(span: Span, service: Iterable[Period] | None) -> bool:
    """Whether the person was in service on every day of the span; not known is taken as yes."""
    if service is None:
        return True
    reached = span.start
    for each in sorted(service, key=lambda period: period.valid_from):
        if each.valid_from > reached:
            return False
        if each.valid_to is None or each.valid_to >= span.end:
            return True
        reached = max(reached, each.valid_to + DAY)
    return False


def birthday(birth_date: date, age: int) -> date:
    """The day on which `age` years are completed: 1 March for 29 February in a common year."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def age_on(birth_date: date, day: date) -> int:
    """Completed years on `day`."""
    passed = day.year - birth_date.year
    return passed - ((day.month, day.day) < (birth_date.month, birth_date.day))
