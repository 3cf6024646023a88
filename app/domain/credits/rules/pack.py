"""A pack in the plain form that counting uses: selections as sets, sums with a name each."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from msgspec import UNSET, UnsetType

from app.domain.credits.packs.clauses import Cap, EarningRule, Requirement
from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.parts import LOANS, EntryKind, Selection, Unit, Who, Window
from app.domain.credits.rules.applicability import Asks, applies, asks_of
from app.domain.credits.rules.calendar import Cycle, cycle_of, year_of
from app.domain.credits.rules.facts import Entry, Facts, Source
from app.domain.credits.rules.wording import Assumption, assumptions_of

# Entries of one kind of activity have the same dimensions: their rules are looked up once. A pack
# that asks more combinations than this starts its memory afresh.
_REMEMBERED = 10_000
_WINDOWS = tuple(Window)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledCap:
    """A cap, the sum that it limits, and which of an entry's three years is its window."""

    rule: Cap
    sum: str
    window: int
    maximum: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRequirement:
    """A requirement and the sum that it reads. `needed` is the least amount that meets it.

    With two places, an amount above zero is one of at least 0.01. `plain` is false where how much is
    asked depends on the person's time: a share, a leave, an event, what another window left, or an
    exemption. `waivers` is the sum that counts the exemptions from it, if the pack has any.
    """

    rule: Requirement
    sum: str
    needed: Decimal
    waivers: str | None
    for_everyone: bool
    plain: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """What counts of a selection in each of its windows; rules that ask for the same share it.

    Loans count for requirements, `with_loans`: what is lent takes no room under a cap, and what is repaid
    gives none back. For a window since an event it is kept day by day: when the event was, only the facts
    say. Of an unbroken amount it is the `largest` of one entry. The exemptions `by` some rules are counted,
    each as one.
    """

    name: str
    of: Selection
    window: int
    with_loans: bool = True
    largest: bool = False
    by: frozenset[str] = frozenset()


Matching = tuple[tuple[CompiledCap, ...], tuple[Sum, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """One version of a pack, ready to count. Made by `compile_pack`; never changed.

    `refinement` names the county's numbers in it, where there are any. A pack that `looks_back` asks
    in a cycle for what was earned in the ones before. One that is `personal` has caps for certain
    persons, and counts `for_person` only.
    """

    document: PackDocument
    refinement: str | UnsetType
    looks_back: bool
    in_credits: bool
    rounding: str
    school_year: tuple[int, int]
    caps: tuple[CompiledCap, ...]
    requirements: tuple[CompiledRequirement, ...]
    sums: tuple[Sum, ...]
    names: frozenset[str]
    """Of the sums: a stored state that has others was counted otherwise."""
    windows: frozenset[Window]
    """The kinds of window in which something is required."""
    since: tuple[CompiledRequirement, ...]
    """The requirements whose window an event of the person begins."""
    earning: dict[str, tuple[EarningRule, ...]]
    asks: Asks
    """The facts that the requirements ask for."""
    assumptions: tuple[Assumption, ...]
    dimensions: Callable[[Entry], Hashable]
    personal: bool
    person: Facts | None = None
    remembered: dict[Hashable, Any] = field(default_factory=dict)
    """What `asked` has worked out of the requirements, for whoever is alike."""
    _known: dict[Hashable, Matching] = field(default_factory=dict)

    def matching(self, entry: Entry) -> Matching:
        """The caps and the sums that the entry falls under, caps in the pack's order.

        `ValueError` where some of the caps are for certain persons, and no person is known.
        """
        key = self.dimensions(entry)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            # A cap limits training: what is lent counts in full, and is taken away in full.
            caps = () if entry.kind in LOANS else self.caps
            caps = tuple(cap for cap in caps if selects(cap.rule.of, entry))
            found = caps, tuple(each for each in self.sums if _sums(each, entry))
            self._known[key] = found
        return self._meant(entry, *found) if self.personal else found

    def for_person(self, facts: Facts) -> "Pack":
        """The pack as it counts for one person: itself, unless it has caps for certain persons."""
        return replace(self, person=facts) if self.personal else self

    def _meant(
        self, entry: Entry, caps: tuple[CompiledCap, ...], sums: tuple[Sum, ...]
    ) -> Matching:
        if self.person is None:
            raise ValueError("the pack has caps for certain persons: count for one")
        person, day = self.person, entry.earned_on
        return tuple(cap for cap in caps if applies(cap.rule.who, person, day).yes), sums

    def cycle_of(self, day: date) -> Cycle:
        """The cycle that `day` falls into, or the nearest one in which the pack is in force."""
        return cycle_of(self.document, day)


def selects(selection: Selection, record: Entry | Source) -> bool:
    """Whether the record matches every dimension that the selection names."""
    for name, accepted in selection:
        if accepted:
            value = record.earned_on.year if name == "year" else getattr(record, name)
            own = value if isinstance(value, tuple) else (value,)
            if value == EntryKind.TRANSFER_IN:
                own = value, EntryKind.EARN
            if not any(each in accepted for each in own):
                return False
    return True


class _Sums:
    """The sums of a pack, each made once for all the caps and requirements that share it."""

    def __init__(self, document: PackDocument) -> None:
        self._exemptions = document.exemptions
        self._made: dict[Hashable, Sum] = {}

    @property
    def all(self) -> tuple[Sum, ...]:
        return tuple(self._made.values())

    def of(self, rule: Cap | Requirement) -> str:
        """The name of what a cap limits, or a requirement reads."""
        largest = isinstance(rule, Requirement) and rule.unbroken is not None
        # Neither is a piece of training, nor does it use up a cap.
        with_loans = isinstance(rule, Requirement) and not largest
        # No id of a rule has a full stop in it. What caps summed with loans had no such name.
        name = rule.id if isinstance(rule, Requirement) else f"{rule.id}.cap"
        fresh = Sum(name, rule.of, _WINDOWS.index(rule.window), with_loans, largest)
        return self._made.setdefault((rule.of, rule.window, with_loans, largest), fresh).name

    def of_waivers(self, rule: Requirement) -> str | None:
        """The name of what counts the exemptions from a requirement, if the pack has any."""
        by = frozenset(each.id for each in self._exemptions if _waives(each, rule))
        if not by:
            return None
        name, of = f"{rule.id}.waived", Selection(kind=(EntryKind.EXEMPT,))
        fresh = Sum(name, of, _WINDOWS.index(rule.window), by=by)
        return self._made.setdefault(name, fresh).name


@lru_cache(maxsize=64)
def compile_pack(document: PackDocument, refinement: str | UnsetType = UNSET) -> Pack:
    """The pack of a document. The same document gives the same pack: keep it, do not compare it.

    `refinement` is the name under which a county has its own numbers in the document.
    """
    sums = _Sums(document)
    caps = tuple(
        CompiledCap(cap, sums.of(cap), _WINDOWS.index(cap.window), cap.maximum.value)
        for cap in document.caps
    )
    requirements = tuple(
        CompiledRequirement(
            rule,
            sums.of(rule),
            _needed(rule),
            sums.of_waivers(rule),
            for_everyone=rule.who == Who(),
            plain=_is_plain(rule, document),
        )
        for rule in document.requirements
    )
    month, day = document.calendar.school_year_start.value.split("-")
    return Pack(
        document=document,
        refinement=refinement,
        in_credits=document.unit is Unit.CREDITS,
        rounding=ROUND_HALF_UP if document.rounding.value == "half_up" else ROUND_DOWN,
        school_year=(int(month), int(day)),
        caps=caps,
        sums=sums.all,
        names=frozenset(each.name for each in sums.all),
        earning={
            EntryKind.EARN: document.earning,
            EntryKind.CONVERT: document.conversions,
            EntryKind.OFFSET: document.offsets,
            EntryKind.EXEMPT: document.exemptions,
        },
        assumptions=assumptions_of(document),
        dimensions=_asked(sums.all),
        personal=any(cap.who != Who() for cap in document.caps),
        **_asking(requirements),
    )


def asking(pack: Pack, requirements: tuple[CompiledRequirement, ...]) -> Pack:
    """The pack asking for some of its requirements alone; states of the one are states of the other."""
    return replace(pack, remembered={}, **_asking(requirements))


def _asking(requirements: tuple[CompiledRequirement, ...]) -> dict[str, Any]:
    """The requirements of a pack, and what follows from them alone."""
    return {
        "requirements": requirements,
        "windows": frozenset(each.rule.window for each in requirements) - {Window.EVENT},
        "since": tuple(each for each in requirements if each.rule.since),
        "asks": asks_of(each.rule.who for each in requirements),
        "looks_back": any(_looks_back(each.rule) for each in requirements),
    }


@lru_cache(maxsize=4096)
def years_of(day: date, school_year: tuple[int, int]) -> tuple[int, int, int]:
    """The school year and the calendar year of a day, each by the year in which it began; the day."""
    return year_of(day, school_year), day.year, day.toordinal()


def _needed(rule: Requirement) -> Decimal:
    return rule.at_least.value if rule.at_least else Decimal("0.01")


def _is_plain(rule: Requirement, document: PackDocument) -> bool:
    timed = rule.since or rule.pro_rata or rule.carry_over or document.leave
    return not timed and not any(_waives(each, rule) for each in document.exemptions)


def _waives(exemption: EarningRule, rule: Requirement) -> bool:
    return exemption.waives is not None and rule.id in exemption.waives.value


def _sums(each: Sum, entry: Entry) -> bool:
    if entry.kind in LOANS and not each.with_loans:
        return False
    return selects(each.of, entry) and (not each.by or entry.rule_id in each.by)


def _looks_back(rule: Requirement) -> bool:
    carries = rule.carry_over is not None and rule.window is Window.CYCLE
    return carries or rule.window is Window.EVENT


def _asked(sums: Sequence[Sum]) -> Callable[[Any], Hashable]:
    # Two names at least, so that the getter always answers with a tuple.
    named = {name for each in sums for name, accepted in each.of if accepted}
    if any(each.by for each in sums):
        named |= {"rule_id"}
    if "year" in named:
        named = named - {"year"} | {"earned_on.year"}
    return attrgetter(*sorted(named | {"kind", "level"}))
