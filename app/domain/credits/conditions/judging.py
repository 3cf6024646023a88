"""Whether what counts within a frame meets what a purpose asks. Pure; counted by `rules` alone.

Where the frame is the cycle, the standing is judged with the purpose's requirements alone. Any other
frame cuts across cycles. What counts of an entry is what its own cycle lets count, under the pack in force
when it was earned; the sums of that are then judged, without caps, by a pack whose one cycle is the frame.
So nothing that a cap cut comes back through a purpose, and nothing is cut twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from app.domain.credits.packs.document import Calendar
from app.domain.credits.packs.parts import Stated
from app.domain.credits.packs.purposes import Frame, Purpose
from app.domain.credits.rules import Counted, Cycle, Entry, Facts, Pack, Standing, evaluate
from app.domain.credits.rules.calendar import DAY
from app.domain.credits.rules.fold import share
from app.domain.credits.rules.pack import asking

_LONG = 400
"""Years, after which every day comes again: a cycle that the end of the pack cuts to the frame."""


class Question(Struct, frozen=True):
    """Of whom, for what, over which days and on which day it is asked, under which packs."""

    facts: Facts
    purpose: Purpose
    pack: Pack
    """The pack in force on the day, which has the purpose."""
    packs: tuple[Pack, ...]
    """Every pack of the city."""
    frame: Cycle
    as_of: date


class Answer(Struct, frozen=True):
    """The standing within the frame, under the pack that it was judged by, and what counted before."""

    standing: Standing
    pack: Pack
    counted: dict[UUID, Counted]


def judge_condition(question: Question, entries: Sequence[Entry]) -> Answer:
    """What a purpose asks, judged from a person's ledger."""
    if question.purpose.frame.value is Frame.CYCLE:
        pack = of_purpose(question.pack, question.purpose).for_person(question.facts)
        standing = evaluate(question.facts, entries, pack, question.as_of)
        return Answer(standing, pack, {each.entry_id: each for each in standing.entries})
    counted = _counted(question, entries)
    left = [_left(each, *counted[each.id]) for each in entries if each.id in counted]
    pack = framed(question.pack, question.purpose, question.frame).for_person(question.facts)
    standing = evaluate(question.facts, left, pack, question.as_of)
    return Answer(standing, pack, {key: told for key, (told, _) in counted.items()})


@lru_cache(maxsize=256)
def of_purpose(pack: Pack, purpose: Purpose) -> Pack:
    """The pack with the requirements of the purpose alone; states of the one are states of the other."""
    asked = set(purpose.requirements)
    return asking(
        pack, tuple(each for each in pack.requirements if not asked or each.rule.id in asked)
    )


@lru_cache(maxsize=256)
def _uncapped(pack: Pack, purpose: Purpose) -> Pack:
    return replace(of_purpose(pack, purpose), caps=(), _known={})


def framed(pack: Pack, purpose: Purpose, frame: Cycle) -> Pack:
    """The pack of a purpose, without caps, whose one cycle is the frame."""
    bare = _uncapped(pack, purpose)
    document = bare.document
    calendar: Calendar = document.calendar.model_copy(
        update={
            "cycle_start": _at(document.calendar.cycle_start, frame.start),
            "cycle_years": _at(document.calendar.cycle_years, _LONG),
        }
    )
    ends = _at(document.effective_from, frame.end)
    update = {"calendar": calendar, "effective_to": ends}
    return replace(bare, document=document.model_copy(update=update))


def _at(stated: Stated[Any], value: Any) -> Stated[Any]:
    return stated.model_copy(update={"value": value})


def without_cap(question: Question, cap_id: str) -> Question:
    """The same question, had no pack this cap."""
    return structs.replace(
        question,
        pack=_less(question.pack, cap_id),
        packs=tuple(_less(each, cap_id) for each in question.packs),
    )


def _less(pack: Pack, cap_id: str) -> Pack:
    caps = tuple(cap for cap in pack.caps if cap.rule.id != cap_id)
    return pack if len(caps) == len(pack.caps) else replace(pack, caps=caps, _known={})


def _counted(question: Question, entries: Iterable[Entry]) -> dict[UUID, tuple[Counted, Pack]]:
    """What each entry earned in the frame counts in its own cycle, and under which pack."""
    entries = tuple(entries)
    end = min(question.frame.end, question.as_of)
    found: dict[UUID, tuple[Counted, Pack]] = {}
    for pack in question.packs:
        document = pack.document
        day = max(question.frame.start, document.effective_from.value)
        last = min(end, document.effective_to.value if document.effective_to else end)
        while day <= last:
            cycle = pack.cycle_of(day)
            if cycle.end < day:
                break
            until = min(cycle.end, question.as_of)
            for each in evaluate(question.facts, entries, pack, until).entries:
                if day <= each.earned_on <= last:
                    found[each.entry_id] = each, pack
            day = cycle.end + DAY
    return found


def _left(entry: Entry, counted: Counted, pack: Pack) -> Entry:
    """The entry with what counts of it in place of what it earned."""
    if not counted.cuts:
        return entry
    own, other = counted.counted, entry.hours if pack.in_credits else entry.credits
    rest = share(other, own, counted.earned)
    hours, credited = (rest, own) if pack.in_credits else (own, rest)
    return structs.replace(entry, hours=hours, credits=credited)
