"""Why an entry counts as much as it does: entry, rule, article, what each cap left of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.domain.credits.packs.clauses import EarningRule
from app.domain.credits.packs.parts import LOANS, EntryKind, Text
from app.domain.credits.rules.award import amounts, rule_for, stated_by
from app.domain.credits.rules.calendar import Cycle
from app.domain.credits.rules.facts import ZERO, Entry, Facts
from app.domain.credits.rules.fold import State, advance, begun, in_force, recorded_on, signed
from app.domain.credits.rules.judgement import Verdict, judge
from app.domain.credits.rules.pack import CompiledRequirement, Pack, years_of
from app.domain.credits.rules.wording import (
    UNITS,
    WINDOWS,
    Assumption,
    Said,
    say,
)


class Explanation(Struct, frozen=True, kw_only=True):
    """The steps from an entry to what of it counts on a day; amounts are in `unit`.

    The assumptions are all those of the pack: whoever reads the number sees what it rests on.
    """

    entry_id: UUID
    pack_id: str
    pack_version: int
    cycle: Cycle
    as_of: date
    unit: str
    earned: Decimal
    counted: Decimal
    steps: tuple[Said, ...]
    assumptions: tuple[Assumption, ...]


def explain(
    facts: Facts,
    entries: Iterable[Entry],
    pack: Pack,
    entry_id: UUID,
    *,
    as_of: date,
    known_on: date | None = None,
) -> Explanation:
    """The explanation of one of the person's entries; `LookupError` if it is not among them.

    `counted` is what `evaluate` gives for the same arguments, or zero where the entry is not in it.
    """
    entries, pack = tuple(entries), pack.for_person(facts)
    entry = next((each for each in entries if each.id == entry_id), None)
    if entry is None:
        raise LookupError(entry_id)
    cycle = pack.cycle_of(as_of)
    end = min(as_of, cycle.end)
    absence = _absence(entry, entries, known_on, cycle, end)
    counted, found = ZERO, [absence] if absence else []
    if not absence:
        state = begun(entries, pack, cycle, known_on)
        counted, found = _counted(facts, in_force(entries, known_on), state, pack, entry, end)
    hours, credited = signed(entry)
    first, last = _entered(entry), say("counted", amount=counted, unit=_unit(pack))
    return Explanation(
        entry_id=entry_id,
        pack_id=pack.document.id,
        pack_version=pack.document.version,
        cycle=cycle,
        as_of=as_of,
        unit=pack.document.unit,
        earned=credited if pack.in_credits else hours,
        counted=counted,
        steps=(first, _earned(facts, entry, pack), *found, last),
        assumptions=pack.assumptions,
    )


def _entered(entry: Entry) -> Said:
    return say("entered", day=entry.earned_on, hours=entry.hours, credits=entry.credits)


def _earned(facts: Facts, entry: Entry, pack: Pack) -> Said:
    document = pack.document
    amount = entry.credits if pack.in_credits else entry.hours
    if entry.kind == EntryKind.REVERSE:
        return say("reverses", entry=entry.reverses_id)
    if entry.kind in LOANS:
        return say(f"{entry.kind}s", amount=amount, unit=_unit(pack))
    worth: dict[str, Any] = {"amount": amount, "unit": _unit(pack)}
    if entry.pack_id and (entry.pack_id, entry.pack_version) != (document.id, document.version):
        worth |= {"pack": entry.pack_id, "version": entry.pack_version}
        return say("recognised_elsewhere", **worth)
    rule = rule_for(facts, entry, pack)
    if rule is None or not _agrees(rule, entry, pack):
        return say("earned_as_entered", **worth)
    stated = stated_by(rule)
    worth |= {"rule": rule.title, "factor": stated.value, "ratio": document.hours_per_credit.value}
    code = "earned_by_factor" if rule.factor else "earned_fixed"
    return say(code if rule.factor or rule.fixed else "only_waives", stated, **worth)


def _agrees(rule: EarningRule, entry: Entry, pack: Pack) -> bool:
    # The hours of an entry are recognised hours: the factor is in them already.
    attended = entry.hours / rule.factor.value if rule.factor else ZERO
    return amounts(rule, attended, pack) == (entry.hours, entry.credits)


def _absence(
    entry: Entry, entries: Iterable[Entry], known_on: date | None, cycle: Cycle, end: date
) -> Said | None:
    """Why the entry is not counted at all, if it is not."""
    if known_on and recorded_on(entry) > known_on:
        return say("unknown_then", day=known_on)
    if entry.kind == EntryKind.REVERSE:
        return say("never_counts")
    if all(each.id != entry.id for each in in_force(entries, known_on)):
        return say("struck")
    if not cycle.start <= entry.earned_on <= end:
        return say("outside", start=cycle.start, end=end)
    return None


def _counted(
    facts: Facts, standing: Iterable[Entry], state: State, pack: Pack, entry: Entry, end: date
) -> tuple[Decimal, list[Said]]:
    """What of the entry counts, and a step for each cap and each requirement that it meets."""
    for each in standing:
        if each.sequence < entry.sequence and state.start <= each.earned_on <= end:
            advance(state, each, pack)
    steps = _caps(state, entry, pack)
    counted = advance(state, entry, pack).counted
    if counted:
        steps += [
            say(
                "serves_unbroken" if each.rule.unbroken else "serves",
                each.rule.ground,
                rule=each.rule.title,
                amount=counted,
            )
            for each in _served(state, entry, facts, pack, end)
        ]
    return counted, steps + _waived(entry, pack)


def _waived(entry: Entry, pack: Pack) -> list[Said]:
    """A step for each requirement that the entry, an exemption, waives."""
    names = {each.name for each in pack.matching(entry)[1] if each.by}
    return [
        say("waives", each.rule.ground, rule=each.rule.title, window=WINDOWS[each.rule.window])
        for each in pack.requirements
        if each.waivers in names
    ]


def _caps(state: State, entry: Entry, pack: Pack) -> list[Said]:
    years = (state.start.year, *years_of(entry.earned_on, pack.school_year))
    left = entry.credits if pack.in_credits else entry.hours
    steps = []
    for cap in pack.matching(entry)[0]:
        used = state.sums[cap.sum].get(years[cap.window], ZERO)
        after = min(left, max(cap.maximum - used, ZERO))
        steps.append(
            say(
                "cut_by_cap" if after < left else "within_cap",
                cap.rule.maximum,
                rule=cap.rule.title,
                window=WINDOWS[cap.rule.window],
                maximum=cap.maximum,
                used=used,
                cut=left - after,
                amount=after,
            )
        )
        left = after
    return steps


def _served(
    state: State, entry: Entry, facts: Facts, pack: Pack, as_of: date
) -> list[CompiledRequirement]:
    """The requirements asked of the person that the entry counts towards."""
    names = {each.name for each in pack.matching(entry)[1]}
    return [
        judged.requirement
        for judged in judge(state, facts, pack, as_of)
        if judged.verdict is not Verdict.WAIVED
        and judged.requirement.sum in names
        and any(each.start <= entry.earned_on <= each.end for each in judged.windows)
    ]


def _unit(pack: Pack) -> Text:
    return UNITS[pack.document.unit]
