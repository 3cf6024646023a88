"""Where a person's schools lay, day by day: the schools at which one worked, and where each lay. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from app.domain.credits.rules import Dated
from app.domain.credits.rules.calendar import DAY


class Place(Struct, frozen=True, array_like=True):
    """How the place of a school is classed, from one day to another; `valid_to` None means: still."""

    unit_id: UUID
    location: str
    valid_from: date
    valid_to: date | None = None


def located(
    school_id: UUID, employed: Sequence[Dated], places: Sequence[Place]
) -> tuple[Dated, ...]:
    """Where the school lay at which the person worked, for as long as that is known.

    `employed` are the schools of the personnel relation, by their keys as text; on days without one it is the
    present school, `school_id`. `places` are in order. A school lay where it was first said to lie before
    that day too: nothing else is known.
    """
    if not places:
        return ()
    of_schools: dict[str, list[Dated]] = {}
    for each in places:
        known = of_schools.setdefault(str(each.unit_id), [])
        first = each.valid_from if known else date.min
        known.append(Dated(each.location, first, each.valid_to))
    if all(each.value == str(school_id) for each in employed):
        return tuple(of_schools.get(str(school_id), ()))
    return tuple(
        Dated(each.value, max(each.valid_from, stay.valid_from), _earlier(each, stay))
        for stay in _stays(str(school_id), employed)
        for each in of_schools.get(stay.value, ())
        if each.valid_from <= (stay.valid_to or date.max)
        and stay.valid_from <= (each.valid_to or date.max)
    )


def _stays(school: str, employed: Sequence[Dated]) -> Iterator[Dated]:
    """The schools of all days, one after the other: no two personnel relations hold on one day."""
    free = date.min
    for each in sorted(employed, key=lambda one: one.valid_from):
        if free < each.valid_from:
            yield Dated(school, free, each.valid_from - DAY)
        yield each
        if each.valid_to is None:
            return
        free = each.valid_to + DAY
    yield Dated(school, free)


def _earlier(one: Dated, other: Dated) -> date | None:
    return min((each.valid_to for each in (one, other) if each.valid_to), default=None)
