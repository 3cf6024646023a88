"""What the requirements of a pack ask of a person, before anything is counted.

It depends on few facts, so that thousands are asked for the same: it is worked out once for all who
are alike, and remembered.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from app.domain.credits.packs.parts import Window
from app.domain.credits.rules.applicability import FOR_EVERYONE, Applies, applies, likeness
from app.domain.credits.rules.calendar import (
    Cycle,
    Span,
    served_in,
    served_throughout,
    service_in,
    spans_of,
)
from app.domain.credits.rules.facts import Facts, Period
from app.domain.credits.rules.pack import CompiledRequirement, Pack

Windows = tuple[tuple[Span, bool], ...]
"""The windows of a cycle, and whether each is asked of the person at all."""
# A pack under which there are more kinds of people than this starts its memory afresh.
_REMEMBERED = 5_000


class Asked(Struct, frozen=True):
    """A requirement as it is for one person; `governing` asks for more and stands instead.

    `spans` are the windows that are asked for: none where the requirement itself is waived.
    """

    requirement: CompiledRequirement
    answer: Applies
    governing: CompiledRequirement | None
    windows: Windows
    spans: tuple[Span, ...]


def asked_of(facts: Facts, pack: Pack, cycle: Cycle, day: date) -> tuple[Asked, ...]:
    """Every requirement of the pack in its order, for who the person is on a day of the cycle."""
    remembered = pack.remembered
    key = cycle, day, likeness(pack.asks, facts, day), service_in(cycle, facts.service)
    found: tuple[Asked, ...] | None = remembered.get(key)
    if found is None:
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        found = remembered[key] = _work_out(facts, pack, cycle, day)
    return found


def _work_out(facts: Facts, pack: Pack, cycle: Cycle, day: date) -> tuple[Asked, ...]:
    answers = [
        FOR_EVERYONE if each.for_everyone else applies(each.rule.who, facts, day)
        for each in pack.requirements
    ]
    governing = _governing(zip(pack.requirements, answers, strict=True))
    windows = {window: _windows(window, cycle, facts, pack) for window in pack.windows}
    asked = []
    for each, answer in zip(pack.requirements, answers, strict=True):
        other = governing.get(each.rule.group or "") if answer.yes else None
        other = None if other is each else other
        own = windows.get(each.rule.window, ())
        waived = answer.yes is False or other is not None
        spans = () if waived else tuple(span for span, is_asked in own if is_asked)
        asked.append(Asked(each, answer, other, own, spans))
    return tuple(asked)


def _governing(
    answers: Iterable[tuple[CompiledRequirement, Applies]],
) -> dict[str, CompiledRequirement]:
    governing: dict[str, CompiledRequirement] = {}
    for each, answer in answers:
        group = each.rule.group
        if group and answer.yes:
            known = governing.setdefault(group, each)
            governing[group] = each if each.needed > known.needed else known
    return governing


def _windows(window: Window, cycle: Cycle, facts: Facts, pack: Pack) -> Windows:
    waives = window is not Window.CYCLE and pack.document.calendar.partial_years.value == "waived"
    return tuple(
        (span, _is_asked(span, facts.service, waives_parts=waives))
        for span in spans_of(cycle, window, pack.school_year)
    )


def _is_asked(span: Span, service: tuple[Period, ...] | None, *, waives_parts: bool) -> bool:
    if waives_parts:
        return span.whole and served_throughout(span, service)
    return served_in(span, service)
