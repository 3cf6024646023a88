"""Over which days of a person a purpose looks, on the day of asking. Pure."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from app.domain.credits.packs.purposes import Frame, Purpose
from app.domain.credits.rules import Cycle, Dated, Facts, Pack, Said
from app.domain.credits.rules.calendar import DAY, birthday, year_of
from app.domain.credits.rules.wording import say


def frame_of(
    purpose: Purpose, pack: Pack, facts: Facts, registrations: Sequence[Dated], day: date
) -> Cycle | Said:
    """The frame of a purpose for a person on `day`, both ends included, or why there is none.

    `registrations` are those that were concluded as qualified.
    """
    frame = purpose.frame.value
    if frame is Frame.REGISTRATION:
        return _registered(purpose, registrations, day)
    if frame is Frame.SINCE_RANK:
        return _since_rank(purpose, facts, day)
    if frame is Frame.LAST_YEARS and purpose.years:
        return Cycle(_back(day, purpose.years.value), day)
    if frame is Frame.LAST_SCHOOL_YEAR:
        return _last_year(day, pack.school_year)
    if frame is Frame.LAST_CALENDAR_YEAR:
        return _last_year(day, (1, 1))
    return pack.cycle_of(day)


def _registered(purpose: Purpose, registrations: Sequence[Dated], day: date) -> Cycle | Said:
    """The validity of the last registration, also where it is over: the next one asks for it."""
    begun = [each for each in registrations if each.valid_from <= day]
    if not begun:
        return say("not_registered")
    last = max(begun, key=lambda each: each.valid_from)
    if last.valid_to is not None:
        return Cycle(last.valid_from, last.valid_to)
    if purpose.years is None:
        return say("registration_without_end", day=last.valid_from)
    return Cycle(last.valid_from, birthday(last.valid_from, purpose.years.value) - DAY)


def _since_rank(purpose: Purpose, facts: Facts, day: date) -> Cycle | Said:
    known = sorted(facts.ranks or (), key=lambda each: each.valid_from, reverse=True)
    held = [each for each in known if each.valid_from <= day]
    if not held or (held[0].valid_to is not None and held[0].valid_to < day):
        return say("rank_unknown", day=day)
    since = held[0].valid_from
    # The same rank recorded twice without a gap, as after a transfer, is held all the time.
    for later, earlier in pairwise(held):
        if later.value != earlier.value or earlier.valid_to != later.valid_from - DAY:
            break
        since = earlier.valid_from
    if purpose.years:
        since = max(since, _back(day, purpose.years.value))
    return Cycle(since, day)


def _back(day: date, years: int) -> date:
    return birthday(day + DAY, -years)


def _last_year(day: date, begins: tuple[int, int]) -> Cycle:
    start = date(year_of(day, begins), *begins)
    return Cycle(birthday(start, -1), start - DAY)
