"""A pack in the plain form that counting uses: selections as sets, sums with a name each."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from msgspec import UNSET, UnsetType

from app.domain.credits.packs.clauses import Cap, EarningRule, Requirement
from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.parts import EntryKind, Selection, Unit, Who, Window
from app.domain.credits.rules.calendar import Cycle, cycle_of, year_of
from app.domain.credits.rules.facts import Entry, Source
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
    asked depends on the person's time: a share, a leave, an event, or what another window left.
    """

    rule: Requirement
    sum: str
    needed: Decimal
    for_everyone: bool
    plain: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """What counts of a selection in each of its windows; caps and requirements share them.

    For a window since an event it is kept day by day: when the event was, only the facts say.
    """

    name: str
    of: Selection
    window: int


Matching = tuple[tuple[CompiledCap, ...], tuple[Sum, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """One version of a pack, ready to count. Made by `compile_pack`; never changed.

    `refinement` names the county's numbers in it, where there are any. A pack that `looks_back` asks
    in a cycle for what was earned in the ones before.
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
    windows: frozenset[Window]
    """The kinds of window in which something is required."""
    earning: dict[str, tuple[EarningRule, ...]]
    assumptions: tuple[Assumption, ...]
    dimensions: Callable[[Entry], Hashable]
    _known: dict[Hashable, Matching] = field(default_factory=dict)

    def matching(self, entry: Entry) -> Matching:
        """The caps and the sums that the entry falls under, caps in the pack's order."""
        key = self.dimensions(entry)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            caps = tuple(cap for cap in self.caps if selects(cap.rule.of, entry))
            found = caps, tuple(each for each in self.sums if selects(each.of, entry))
            self._known[key] = found
        return found

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


@lru_cache(maxsize=64)
def compile_pack(document: PackDocument, refinement: str | UnsetType = UNSET) -> Pack:
    """The pack of a document. The same document gives the same pack: keep it, do not compare it.

    `refinement` is the name under which a county has its own numbers in the document.
    """
    sums: dict[tuple[Selection, Window], Sum] = {}

    def sum_of(rule: Cap | Requirement) -> str:
        fresh = Sum(rule.id, rule.of, _WINDOWS.index(rule.window))
        return sums.setdefault((rule.of, rule.window), fresh).name

    caps = tuple(
        CompiledCap(cap, sum_of(cap), _WINDOWS.index(cap.window), cap.maximum.value)
        for cap in document.caps
    )
    requirements = tuple(
        CompiledRequirement(
            rule, sum_of(rule), _needed(rule), rule.who == Who(), _is_plain(rule, document)
        )
        for rule in document.requirements
    )
    month, day = document.calendar.school_year_start.value.split("-")
    return Pack(
        document=document,
        refinement=refinement,
        looks_back=any(_looks_back(each.rule) for each in requirements),
        in_credits=document.unit is Unit.CREDITS,
        rounding=ROUND_HALF_UP if document.rounding.value == "half_up" else ROUND_DOWN,
        school_year=(int(month), int(day)),
        caps=caps,
        requirements=requirements,
        sums=tuple(sums.values()),
        windows=_windows_of(requirements),
        earning={
            EntryKind.EARN: document.earning,
            EntryKind.CONVERT: document.conversions,
            EntryKind.OFFSET: document.offsets,
            EntryKind.EXEMPT: document.exemptions,
        },
        assumptions=assumptions_of(document),
        dimensions=_asked([each.of for each in sums.values()]),
    )


def asking(pack: Pack, requirements: tuple[CompiledRequirement, ...]) -> Pack:
    """The pack asking for some of its requirements alone; states of the one are states of the other."""
    looks_back = any(_looks_back(each.rule) for each in requirements)
    windows = _windows_of(requirements)
    return replace(pack, requirements=requirements, windows=windows, looks_back=looks_back)


@lru_cache(maxsize=4096)
def years_of(day: date, school_year: tuple[int, int]) -> tuple[int, int, int]:
    """The school year and the calendar year of a day, each by the year in which it began; the day."""
    return year_of(day, school_year), day.year, day.toordinal()


def _windows_of(requirements: Iterable[CompiledRequirement]) -> frozenset[Window]:
    return frozenset(each.rule.window for each in requirements) - {Window.EVENT}


def _needed(rule: Requirement) -> Decimal:
    return rule.at_least.value if rule.at_least else Decimal("0.01")


def _is_plain(rule: Requirement, document: PackDocument) -> bool:
    timed = rule.since or rule.pro_rata or rule.carry_over or document.leave
    return not timed


def _looks_back(rule: Requirement) -> bool:
    carries = rule.carry_over is not None and rule.window is Window.CYCLE
    return carries or rule.window is Window.EVENT


def _asked(selections: list[Selection]) -> Callable[[Any], Hashable]:
    # Two names at least, so that the getter always answers with a tuple.
    named = {name for each in selections for name, accepted in each if accepted}
    if "year" in named:
        named = named - {"year"} | {"earned_on.year"}
    return attrgetter(*sorted(named | {"kind", "level"}))
