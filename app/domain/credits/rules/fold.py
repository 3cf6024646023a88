"""The fold: entries in ledger order against the pack's ordered caps.

The state of one person in one cycle is small and goes to JSON and back unchanged, so that one more
earned entry is one step from what was stored. A reversal is not a step: it frees room under a cap
that later entries may fill, so the cycle is folded again without the entry that it strikes.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from app.domain.credits.packs.parts import EntryKind, Window
from app.domain.credits.rules.calendar import DAY, Cycle, months_after
from app.domain.credits.rules.facts import ZERO, Entry
from app.domain.credits.rules.pack import Pack, years_of

_CENT, _ONE = Decimal("0.01"), Decimal(1)
# China has had one time zone without summer time since 1992.
_SHANGHAI = timezone(timedelta(hours=8))


class Cut(Struct, frozen=True, gc=False):
    """What a cap took from an entry, in the pack's unit."""

    cap_id: str
    amount: Decimal


class Counted(Struct, frozen=True, gc=False):
    """What an entry earned, what of it counts and which caps cut the rest, in the pack's unit."""

    entry_id: UUID
    sequence: int
    earned_on: date
    earned: Decimal
    counted: Decimal
    cuts: tuple[Cut, ...] = ()


class State(Struct, kw_only=True):
    """Where the fold stands after `sequence`: JSON by msgspec, amounts as text.

    `sums` holds, by the name of a sum and the year in which a window begins, what counts there. From
    JSON that is parsed already, `msgspec.convert(parsed, State, str_keys=True)` reads it. Since an event
    it is kept by the day's ordinal; and where a cycle asks for what the one before left, that stands
    under the earlier year or day.
    """

    pack_id: str
    pack_version: int
    start: date
    end: date
    sequence: int = 0
    entries: int = 0
    earned_hours: Decimal = ZERO
    earned_credits: Decimal = ZERO
    counted_hours: Decimal = ZERO
    counted_credits: Decimal = ZERO
    sums: dict[str, dict[int, Decimal]]
    refinement: str | UnsetType = UNSET


def begin(pack: Pack, cycle: Cycle, before: State | None = None) -> State:
    """The state before the first entry; `before` is that of the former cycle, if the pack looks back."""
    state = State(
        pack_id=pack.document.id,
        pack_version=pack.document.version,
        start=cycle.start,
        end=cycle.end,
        sums={each.name: {} for each in pack.sums},
        refinement=pack.refinement,
    )
    for each in pack.requirements if before else ():
        since, carried = each.rule.since, each.rule.carry_over
        if since and before:
            first = months_after(cycle.start, -since.months.value).toordinal()
            for name in filter(None, (each.sum, each.waivers)):
                held = before.sums[name].items()
                state.sums[name] |= {day: much for day, much in held if day >= first}
        elif carried and before and each.rule.window is Window.CYCLE:
            year = before.start.year
            state.sums[each.sum][year] = before.sums[each.sum].get(year, ZERO)
    return state


def begun(
    entries: Sequence[Entry], pack: Pack, cycle: Cycle, known_on: date | None = None
) -> State:
    """The state before the first entry of the cycle, with what the ledger says of those before."""
    if not pack.looks_back or cycle.start <= pack.document.calendar.cycle_start.value:
        return begin(pack, cycle)
    before, _ = fold(entries, pack, pack.cycle_of(cycle.start - DAY), known_on=known_on)
    return begin(pack, cycle, before)


def fits(state: State, pack: Pack) -> bool:
    """Whether a stored state can be judged and gone on from: it has the sums that the pack keeps now.

    If not, it was stored under other numbers of the county, or when the rules summed otherwise.
    """
    return state.refinement == pack.refinement and state.sums.keys() == pack.names


def goes_on(state: State, entries: Iterable[Entry], pack: Pack) -> bool:
    """Whether these entries are steps from a stored state; if not, its cycle is folded again.

    They are not where the state does not fit, or where the cycle asks for what an earlier one left and one
    of them belongs there. Nor are they where caps are for certain persons: what was known of the person
    may have changed since.
    """
    if pack.personal or not fits(state, pack):
        return False
    return not pack.looks_back or all(entry.earned_on >= state.start for entry in entries)


def advance(state: State, entry: Entry, pack: Pack) -> Counted:
    """One step: `state` is changed to include `entry`, which must be later and in its cycle.

    `ValueError` for a reversal, for an entry out of order or outside the cycle, and for a state of
    another pack.
    """
    check_pack(state, pack)
    on = entry.earned_on
    if entry.kind == EntryKind.REVERSE:
        raise ValueError("a reversal is no step: fold the cycle again")
    if entry.sequence <= state.sequence or not state.start <= on <= state.end:
        raise ValueError("the entry is not the next one of this cycle")
    hours, credited = own, other = signed(entry)
    if pack.in_credits:
        own, other = other, own
    caps, sums = pack.matching(entry)
    years = (state.start.year, *years_of(on, pack.school_year))
    counted = own
    cuts: tuple[Cut, ...] = ()
    for cap in caps:
        room = cap.maximum - state.sums[cap.sum].get(years[cap.window], ZERO)
        if counted > room:
            room = max(room, ZERO)
            cuts = (*cuts, Cut(cap.rule.id, counted - room))
            counted = room
    for each in sums:
        held, year = state.sums[each.name], years[each.window]
        if each.largest:
            held[year] = max(held.get(year, ZERO), counted)
        else:
            held[year] = held.get(year, ZERO) + (_ONE if each.by else counted)
    rest = share(other, counted, own) if cuts else other
    state.sequence = entry.sequence
    state.entries += 1
    state.earned_hours += hours
    state.earned_credits += credited
    state.counted_credits += counted if pack.in_credits else rest
    state.counted_hours += rest if pack.in_credits else counted
    return Counted(entry.id, entry.sequence, on, own, counted, cuts)


def signed(entry: Entry) -> tuple[Decimal, Decimal]:
    """Hours and credits as they go into the sums: what is repaid is taken away again."""
    if entry.kind == EntryKind.REPAY:
        return -entry.hours, -entry.credits
    return entry.hours, entry.credits


def check_pack(state: State, pack: Pack) -> None:
    """`ValueError` if the state was counted under another pack, version or county's numbers."""
    document = pack.document
    if (
        state.pack_version != document.version
        or state.pack_id != document.id
        or state.refinement != pack.refinement
    ):
        raise ValueError("the state was counted under another pack")


def fold(
    entries: Iterable[Entry],
    pack: Pack,
    cycle: Cycle,
    *,
    until: date | None = None,
    known_on: date | None = None,
) -> tuple[State, tuple[Counted, ...]]:
    """The cycle from nothing: its entries in force, earned `until` and recorded by `known_on`."""
    entries = tuple(entries)
    state = begun(entries, pack, cycle, known_on)
    end = cycle.end if until is None else min(until, cycle.end)
    return state, tuple(
        advance(state, entry, pack)
        for entry in in_force(entries, known_on)
        if cycle.start <= entry.earned_on <= end
    )


def in_force(entries: Iterable[Entry], known_on: date | None = None) -> list[Entry]:
    """The entries that stand, in ledger order: neither reversals nor what they strike.

    Only what was recorded by the end of `known_on` is known. A known reversal strikes its entry
    for every date, for what was wrong was never earned.
    """
    known = [entry for entry in entries if known_on is None or recorded_on(entry) <= known_on]
    struck = {entry.reverses_id for entry in known if entry.kind == EntryKind.REVERSE}
    known.sort(key=attrgetter("sequence"))
    return [entry for entry in known if entry.kind != EntryKind.REVERSE and entry.id not in struck]


def recorded_on(entry: Entry) -> date:
    """The day, in Asia/Shanghai, on which the entry came into the ledger."""
    return entry.recorded_at.astimezone(_SHANGHAI).date()


def share(other: Decimal, counted: Decimal, own: Decimal) -> Decimal:
    """What is left of an amount in the other unit where `counted` of `own` counts.

    A cut takes the same share of both: 3 of 4 credits leave 9 of 12 hours.
    """
    return (other * counted / own).quantize(_CENT, ROUND_HALF_UP)
