"""How far the requirements of a pack are met by one person: the verdicts, before any words."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from app.domain.credits.packs.parts import Window
from app.domain.credits.rules.applicability import MATCHES, Applies, Reason
from app.domain.credits.rules.asked import Asked, Windows, asked_of
from app.domain.credits.rules.asking import (
    Piece,
    ask_in,
    asked_before,
    exempted,
    falls_due,
    left_over,
    pieces_of,
    since_event,
)
from app.domain.credits.rules.calendar import (
    Cycle,
    Span,
    served_in,
)
from app.domain.credits.rules.facts import ZERO, Facts
from app.domain.credits.rules.fold import State, check_pack
from app.domain.credits.rules.pack import CompiledRequirement, Pack
from app.domain.credits.rules.wording import EVENTS


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
    """One window of a requirement; `missing` is zero where it is met or waived.

    `carried` is what the window before left over for it.
    """

    start: date
    end: date
    needed: Decimal
    counted: Decimal
    missing: Decimal
    verdict: Verdict
    carried: Decimal = ZERO


class Judgement(Struct, frozen=True):
    """One requirement judged for one person; `governing` asks for more and stands instead.

    `notes` are why a window needs another amount than the requirement names.
    """

    requirement: CompiledRequirement
    answer: Applies
    governing: CompiledRequirement | None
    windows: tuple[WindowStanding, ...]
    verdict: Verdict
    notes: tuple[Reason, ...] = ()


def judge(state: State, facts: Facts, pack: Pack, as_of: date) -> tuple[Judgement, ...]:
    """Every requirement of the pack in its order, also those that are not for this person.

    Whom they are for is asked on `as_of`, or on the nearest day of the cycle. `ValueError` if the
    state was counted under another pack.
    """
    question = state, facts, pack, as_of
    return tuple([_judged(each, question) for each in _asked(question)])


def judge_in_short(state: State, facts: Facts, pack: Pack, as_of: date) -> tuple[Verdict, Decimal]:
    """What `judge` comes to: the worst verdict, and the largest amount that a requirement misses.

    For thousands of persons: where the amounts are those of the pack, nothing is made on the way.
    """
    verdicts, most, sums = set(), ZERO, state.sums
    for asked in _asked(question := (state, facts, pack, as_of)):
        if not asked.requirement.plain:
            verdict, lacking = _timed_in_short(asked, question)
        elif not asked.spans:
            continue
        else:
            verdict, lacking = _plain_in_short(asked, sums[asked.requirement.sum], as_of)
        verdicts.add(verdict)
        most = max(most, lacking)
    return overall(verdicts), most


def _plain_in_short(
    asked: Asked, held: Mapping[int, Decimal], as_of: date
) -> tuple[Verdict, Decimal]:
    """The worst verdict on the windows that are asked for, and what is missing in them together."""
    each, lacking, verdict = asked.requirement, ZERO, Verdict.MET
    needed, unbroken = each.needed, each.rule.unbroken
    for span in asked.spans:
        has = held.get(span.year, ZERO)
        if has < needed:
            lacking += needed if unbroken else needed - has
            if as_of > span.end:
                verdict = Verdict.MISSED
            elif verdict is Verdict.MET:
                verdict = Verdict.OPEN
    if verdict is Verdict.MET or asked.answer.yes:
        return verdict, lacking
    return Verdict.UNDECIDED, lacking


Question = tuple[State, Facts, Pack, date]


def _asked(question: Question) -> tuple[Asked, ...]:
    state, facts, pack, as_of = question
    check_pack(state, pack)
    cycle = Cycle(state.start, state.end)
    return asked_of(facts, pack, cycle, max(cycle.start, min(as_of, cycle.end)))


def _judged(asked: Asked, question: Question) -> Judgement:
    each, answer, other = asked.requirement, asked.answer, asked.governing
    if not each.plain:
        return _timed(asked, question)
    state, _, _, as_of = question
    held = state.sums[each.sum]
    windows = tuple(
        [
            _window(span, each, held.get(span.year, ZERO), as_of, waived=not is_asked)
            for span, is_asked in asked.windows
        ]
    )
    return Judgement(each, answer, other, windows, _verdict(answer, other, windows))


def _timed_in_short(asked: Asked, question: Question) -> tuple[Verdict, Decimal]:
    judged = _timed(asked, question)
    windows = () if judged.verdict is Verdict.WAIVED else judged.windows
    return judged.verdict, sum((window.missing for window in windows), ZERO)


NEVER_GOVERNED = Applies(yes=False, reasons=(Reason("never_governed"),))


def _timed(asked: Asked, question: Question) -> Judgement:
    """The judgement where how much is asked depends on the person's time."""
    each, answer, other, spans = asked.requirement, asked.answer, asked.governing, asked.windows
    if each.rule.since:
        return _since(each, answer, question)
    state, facts, pack, as_of = question
    cycle, shares = Cycle(state.start, state.end), None
    if each.rule.pro_rata:
        shares = _shares(each, spans, facts, pack)
    if shares is not None:
        governed = [piece.governing for pieces in shares for piece in pieces if piece.governing]
        other = max(governed, key=lambda one: one.needed, default=None)
        mine = any(one is each for one in governed)
        answer = MATCHES if mine else NEVER_GOVERNED
        other = None if other is each or not mine else other
    held, windows, notes = state.sums[each.sum], [], []
    before, own = asked_before(each, cycle, facts, pack) if each.rule.carry_over else None, ZERO
    if before is not None:
        own = held.get(before.span.year, ZERO) if each.rule.window is Window.CYCLE else ZERO
    for index, (span, is_asked) in enumerate(spans):
        pieces = (Piece(span.start, span.end, each),) if shares is None else shares[index]
        ask = ask_in(span, pieces, each, facts, pack)
        carried, said = left_over(each, own, before)
        exempt = exempted(each, state.sums, span, span.year) if is_asked else ()
        counted, waived = held.get(span.year, ZERO), not (is_asked and ask.asked) or bool(exempt)
        more = {"needed": ask.needed, "carried": carried}
        windows.append(_window(span, each, counted, as_of, waived=waived, **more))
        notes += [*exempt, *ask.notes, *said] if is_asked else []
        before, own = (None if waived else ask), counted
    verdict = _verdict(answer, other, windows)
    return Judgement(each, answer, other, tuple(windows), verdict, tuple(notes))


def _shares(
    each: CompiledRequirement, spans: Windows, facts: Facts, pack: Pack
) -> list[tuple[Piece, ...]] | None:
    """Each window cut by who governed when; None where a fact is not known, and the day decides."""
    group = each.rule.group
    members = [
        one for one in pack.requirements if one is each or (group == one.rule.group and group)
    ]
    shares = [pieces_of(members, facts, span) for span, _ in spans]
    known = [pieces for pieces in shares if pieces is not None]
    return known if len(known) == len(shares) else None


def _since(each: CompiledRequirement, answer: Applies, question: Question) -> Judgement:
    """The judgement of what is asked once, in the window that an event begins."""
    state, facts, pack, as_of = question
    cycle = Cycle(state.start, state.end)
    known, span = since_event(each.rule, facts)
    if not known:
        if answer.yes:
            answer = Applies(yes=None, reasons=(Reason("fact_unknown", {"fact": "service"}),))
        verdict = Verdict.WAIVED if answer.yes is False else Verdict.UNDECIDED
        return Judgement(each, answer, None, (), verdict)
    if span is None or not falls_due(span, cycle, pack, as_of):
        return Judgement(each, answer, None, (), Verdict.WAIVED)
    ask = ask_in(span, (Piece(span.start, span.end, each),), each, facts, pack)
    days = range(span.start.toordinal(), span.end.toordinal() + 1)
    held = state.sums[each.sum]
    amounts = [amount for day, amount in held.items() if day in days]
    counted = max(amounts, default=ZERO) if each.rule.unbroken else sum(amounts, ZERO)
    exempt = exempted(each, state.sums, span, *days)
    waived = not (ask.asked and served_in(span, facts.service)) or bool(exempt)
    windows = (_window(span, each, counted, as_of, needed=ask.needed, waived=waived),)
    since = each.rule.since
    assert since is not None  # noqa: S101  asked for where this was called
    said = {"event": EVENTS[since.event], "day": span.start, "end": span.end,
            "months": since.months.value}  # fmt: skip
    notes = (Reason("since_event", said, since.months), *exempt, *ask.notes)
    return Judgement(each, answer, None, windows, _verdict(answer, None, windows), notes)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of the verdicts; met where nothing is asked."""
    given = set(verdicts)
    for each in _WORST_FIRST:
        if each in given:
            return each
    return Verdict.MET


def _window(
    span: Span,
    each: CompiledRequirement,
    counted: Decimal,
    as_of: date,
    *,
    waived: bool,
    needed: Decimal | None = None,
    carried: Decimal = ZERO,
) -> WindowStanding:
    needed = each.needed if needed is None else needed
    has = counted + carried if carried else counted
    missing = ZERO if waived else _missing(each, needed, has)
    verdict = Verdict.WAIVED if waived else _verdict_in(span, missing, as_of)
    return WindowStanding(span.start, span.end, needed, counted, missing, verdict, carried)


def _missing(each: CompiledRequirement, needed: Decimal, has: Decimal) -> Decimal:
    if has >= needed:
        return ZERO
    # What there is does not count towards the one piece that is asked for.
    return needed if each.rule.unbroken else needed - has


def _verdict_in(span: Span, missing: Decimal, as_of: date) -> Verdict:
    """The verdict on a window that is asked for."""
    if not missing:
        return Verdict.MET
    return Verdict.OPEN if as_of <= span.end else Verdict.MISSED


def _verdict(
    answer: Applies, governing: CompiledRequirement | None, windows: Iterable[WindowStanding]
) -> Verdict:
    if answer.yes is False or governing:
        return Verdict.WAIVED
    return _verdict_of(answer, [each.verdict for each in windows])


def _verdict_of(answer: Applies, windows: Iterable[Verdict]) -> Verdict:
    """The verdict on a requirement that is not waived, from those on its windows."""
    given = set(windows) - _NOT_ASKED
    if not given:
        return Verdict.WAIVED
    judged = overall(given)
    return judged if answer.yes or judged is Verdict.MET else Verdict.UNDECIDED
