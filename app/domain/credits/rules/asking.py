"""How much is asked of a person in a window, where that depends on the person's time.

A share by the days on which a rank or a post was held, less what a recognised leave excuses, in a
window that an event begins, with what the window before left over. All others ask for their amount.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.credits.packs.clauses import Requirement
from app.domain.credits.packs.parts import Event
from app.domain.credits.rules.applicability import Reason, applies, asks_of, changes_of
from app.domain.credits.rules.calendar import DAY, Cycle, Span, months_after, served_in
from app.domain.credits.rules.facts import ZERO, Dated, Facts, Period
from app.domain.credits.rules.pack import CompiledRequirement, Pack

_CENT = Decimal("0.01")


class Piece(Struct, frozen=True):
    """Some days of a window, both ends included, and the requirement that governed on them."""

    start: date
    end: date
    governing: CompiledRequirement | None


class Ask(Struct, frozen=True):
    """What one window needs; it is not `asked` for at all where no day of it remains."""

    span: Span
    needed: Decimal
    asked: bool
    notes: tuple[Reason, ...] = ()


def ask_in(
    span: Span, pieces: Sequence[Piece], requirement: CompiledRequirement, facts: Facts, pack: Pack
) -> Ask:
    """What the requirement needs in a window that falls into these pieces."""
    leave, whole = pack.document.leave, _days(span.start, span.end)
    away = leave_days(facts, pack, span.start, span.end)
    notes: list[Reason] = []
    named: dict[str, object] = {"start": span.start, "end": span.end, "days": away, "whole": whole}
    excused = leave is not None and away >= leave.from_days.value
    if leave and excused and leave.effect.value == "waives":
        return Ask(span, ZERO, asked=False, notes=(Reason("leave_waives", named, leave.effect),))
    shares = [
        (piece.governing.needed, _days(piece.start, piece.end) - gone)
        for piece in pieces
        if piece.governing
        for gone in [leave_days(facts, pack, piece.start, piece.end) if excused else 0]
    ]
    remaining = sum(days for _, days in shares)
    if requirement.rule.some:
        needed = requirement.needed
    else:
        weighed = sum((amount * days for amount, days in shares), ZERO)
        needed = (weighed / whole).quantize(_CENT, pack.rounding)
    if requirement.rule.pro_rata and len(pieces) > 1:
        share = " + ".join(f"{amount}×{days}/{whole}" for amount, days in shares)
        notes.append(
            Reason("pro_rata", {**named, "share": share, "needed": needed},
                   requirement.rule.on_change)
        )  # fmt: skip
    if leave and excused and not requirement.rule.some:
        notes.append(Reason("leave_shortens", {**named, "needed": needed}, leave.effect))
    return Ask(span, needed if remaining else ZERO, remaining > 0, tuple(notes))


def pieces_of(
    members: Iterable[CompiledRequirement], facts: Facts, span: Span
) -> tuple[Piece, ...] | None:
    """The window cut where the one that governs among the members changes; None if it is not known."""
    members = tuple(members)
    turns = set(changes_of(asks_of(each.rule.who for each in members), facts))
    starts = sorted({span.start, *(day for day in turns if span.start < day <= span.end)})
    ends = [*(start - DAY for start in starts[1:]), span.end]
    pieces: list[Piece] = []
    for start, end in zip(starts, ends, strict=True):
        answers = [(each, applies(each.rule.who, facts, start).yes) for each in members]
        if any(yes is None for _, yes in answers):
            return None
        meant = [each for each, yes in answers if yes]
        governing = max(meant, key=lambda each: each.needed) if meant else None
        if pieces and pieces[-1].governing is governing:
            pieces[-1] = Piece(pieces[-1].start, end, governing)
        else:
            pieces.append(Piece(start, end, governing))
    return tuple(pieces)


def leave_days(facts: Facts, pack: Pack, start: date, end: date) -> int:
    """How many of these days were leave that the pack recognises; none is counted twice."""
    leave = pack.document.leave
    if leave is None:
        return 0
    recognised = [each for each in facts.leaves if each.value in leave.states]
    days, reached = 0, start
    for each in sorted(recognised, key=lambda one: one.valid_from):
        first, last = max(each.valid_from, reached), min(each.valid_to or end, end)
        if first <= last:
            days += _days(first, last)
            reached = last + DAY
    return days


def since_event(rule: Requirement, facts: Facts) -> tuple[bool, Span | None]:
    """Whether it is known when the person's own window began, and the window, if there was one."""
    known: tuple[Dated | Period, ...] | None
    if rule.since is None:
        return True, None
    if rule.since.event is Event.RECRUITMENT:
        known = facts.service
    else:
        appointed = rule.since.event is Event.APPOINTMENT
        dated, meant = (facts.posts, rule.who.posts) if appointed else (facts.ranks, rule.who.ranks)
        known = None if dated is None else tuple(each for each in dated if each.value in meant)
    if known is None:
        return False, None
    begins = min((each.valid_from for each in known), default=None)
    if begins is None:
        return True, None
    end = months_after(begins, rule.since.months.value) - DAY
    return True, Span(begins.toordinal(), begins, end)


def falls_due(span: Span, cycle: Cycle, pack: Pack, as_of: date) -> bool:
    """Whether a window since an event is asked for in this cycle.

    One that goes on into the next cycle is asked for there once this one is over; one that began before
    the first cycle was never wholly under this pack.
    """
    if span.start < pack.document.calendar.cycle_start.value:
        return False
    inside = span.start <= cycle.end and span.end >= cycle.start
    return inside and not (span.end > cycle.end and as_of > cycle.end)


def exempted(
    each: CompiledRequirement, sums: Mapping[str, Mapping[int, Decimal]], span: Span, *keys: int
) -> tuple[Reason, ...]:
    """The note that an exemption was granted in a window, whose `keys` in the sums these are; or none."""
    granted = sums[each.waivers] if each.waivers else {}
    if granted and not granted.keys().isdisjoint(keys):
        return (Reason("exempted", {"start": span.start, "end": span.end}),)
    return ()


def left_over(
    requirement: CompiledRequirement, own: Decimal, before: Ask | None
) -> tuple[Decimal, tuple[Reason, ...]]:
    """What of the window before counts towards the next, of `own` that counted there, and the note."""
    most = requirement.rule.carry_over
    if most is None or before is None or not before.asked or own <= before.needed:
        return ZERO, ()
    amount = min(most.value, own - before.needed)
    named = {"amount": amount, "maximum": most.value,
             "start": before.span.start, "end": before.span.end}  # fmt: skip
    return amount, (Reason("carried_over", named, most),)


def asked_before(
    requirement: CompiledRequirement, cycle: Cycle, facts: Facts, pack: Pack
) -> Ask | None:
    """What the requirement needed in the cycle before, if there was one in which it was for the person."""
    if cycle.start <= pack.document.calendar.cycle_start.value:
        return None
    former = pack.cycle_of(cycle.start - DAY)
    span = Span(former.start.year, former.start, former.end)
    if not applies(requirement.rule.who, facts, span.end).yes or not served_in(span, facts.service):
        return None
    return ask_in(span, (Piece(span.start, span.end, requirement),), requirement, facts, pack)


def _days(first: date, last: date) -> int:
    return (last - first).days + 1
