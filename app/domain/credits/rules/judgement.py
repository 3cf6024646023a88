"""How far the requirements of a pack are met by one person: the verdicts, before any words."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from app.domain.credits.packs.parts import Window
from app.domain.credits.rules.applicability import FOR_EVERYONE, Applies, applies, changes_of
from app.domain.credits.rules.calendar import (
    DAY,
    Cycle,
    Span,
    served_in,
    served_throughout,
    spans_of,
)
from app.domain.credits.rules.facts import ZERO, Facts, Period
from app.domain.credits.rules.fold import State, check_pack
from app.domain.credits.rules.pack import CompiledRequirement, Pack


class Verdict(StrEnum):
    """How a requirement, one of its windows, or a whole standing is judged."""

    MET = "met"  # 已达标: nothing more is needed
    OPEN = "open"  # 进行中: not yet met, and there is still time
    MISSED = "missed"  # 未达标: a window is over without what it needed
    UNDECIDED = "undecided"  # 待定: a fact that decides is not known
    WAIVED = "waived"  # 不要求: not asked of this person, or not in this window


# The worst one among the parts is the verdict of the whole.
_NOT_ASKED = {Verdict.WAIVED}
_WORST_FIRST = (Verdict.MISSED, Verdict.UNDECIDED, Verdict.OPEN, Verdict.MET)


class WindowStanding(Struct, frozen=True):
    """One window of a requirement; `missing` is zero where it is met or waived."""

    start: date
    end: date
    needed: Decimal
    counted: Decimal
    missing: Decimal
    verdict: Verdict


class Judgement(Struct, frozen=True):
    """One requirement judged for one person; `governing` asks for more and stands instead."""

    requirement: CompiledRequirement
    answer: Applies
    governing: CompiledRequirement | None
    windows: tuple[WindowStanding, ...]
    verdict: Verdict


def judge(state: State, facts: Facts, pack: Pack, as_of: date) -> tuple[Judgement, ...]:
    """Every requirement of the pack in its order, also those that are not for this person.

    Whom they are for is asked on `as_of`, or on the nearest day of the cycle. `ValueError` if the
    state was counted under another pack.
    """
    check_pack(state, pack)
    cycle = Cycle(state.start, state.end)
    day = max(cycle.start, min(as_of, cycle.end))
    answers = [
        FOR_EVERYONE if each.for_everyone else applies(each.rule.who, facts, day)
        for each in pack.requirements
    ]
    governing = _governing(zip(pack.requirements, answers, strict=True))
    asked = {window: _asked(window, cycle, facts, pack) for window in pack.windows}
    judgements = []
    for each, answer in zip(pack.requirements, answers, strict=True):
        other = governing.get(each.rule.group or "") if answer.yes else None
        other = None if other is each else other
        held = state.sums[each.sum]
        windows = tuple(
            [
                _window(span, each.needed, held.get(span.year, ZERO), as_of, waived=not is_asked)
                for span, is_asked in asked[each.rule.window]
            ]
        )
        judgements.append(Judgement(each, answer, other, windows, _verdict(answer, other, windows)))
    return tuple(judgements)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of the verdicts; met where nothing is asked."""
    given = set(verdicts)
    for each in _WORST_FIRST:
        if each in given:
            return each
    return Verdict.MET


def next_change(cycle: Cycle, facts: Facts, pack: Pack, as_of: date) -> date | None:
    """The first day after `as_of` on which a verdict may turn without a new entry.

    A window is over, an age is completed, a dated rank or post begins or ends, or the next cycle
    begins. None if nothing more can turn under this pack.
    """
    days = [*_turns(cycle, pack)]
    for each in pack.requirements:
        if not each.for_everyone:
            days += changes_of(each.rule.who, facts)
    last = cycle.end + DAY
    return min((day for day in days if as_of < day <= last), default=None)


@lru_cache(maxsize=256)
def _turns(cycle: Cycle, pack: Pack) -> frozenset[date]:
    ends = {
        span.end + DAY
        for each in pack.requirements
        for span in spans_of(cycle, each.rule.window, pack.school_year)
    }
    return frozenset({cycle.start, cycle.end + DAY, *ends})


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


def _asked(window: Window, cycle: Cycle, facts: Facts, pack: Pack) -> tuple[tuple[Span, bool], ...]:
    """The windows of one kind in the cycle, and whether each is asked of the person at all."""
    waives = window is not Window.CYCLE and pack.document.calendar.partial_years.value == "waived"
    return tuple(
        (span, _is_asked(span, facts.service, waives_parts=waives))
        for span in spans_of(cycle, window, pack.school_year)
    )


def _is_asked(span: Span, service: tuple[Period, ...] | None, *, waives_parts: bool) -> bool:
    if waives_parts:
        return span.whole and served_throughout(span, service)
    return served_in(span, service)


def _window(
    span: Span, needed: Decimal, counted: Decimal, as_of: date, *, waived: bool
) -> WindowStanding:
    missing = ZERO if waived or counted >= needed else needed - counted
    if waived:
        verdict = Verdict.WAIVED
    elif not missing:
        verdict = Verdict.MET
    else:
        verdict = Verdict.OPEN if as_of <= span.end else Verdict.MISSED
    return WindowStanding(span.start, span.end, needed, counted, missing, verdict)


def _verdict(
    answer: Applies, governing: CompiledRequirement | None, windows: Iterable[WindowStanding]
) -> Verdict:
    if answer.yes is False or governing:
        return Verdict.WAIVED
    given = {each.verdict for each in windows} - _NOT_ASKED
    if not given:
        return Verdict.WAIVED
    judged = overall(given)
    return judged if answer.yes or judged is Verdict.MET else Verdict.UNDECIDED
