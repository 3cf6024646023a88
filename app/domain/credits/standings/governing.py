"""Which pack governs: the published packs of a city, compiled once in each process."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, case, null, select, true, tuple_
from sqlmodel import col

from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.published import RulePack, in_force, last_day
from app.domain.credits.packs.refinements import Refinement, refined
from app.domain.credits.rules import Entry, Pack, compile_pack
from app.domain.credits.standings.counting import Key, key_of
from app.domain.errors import NotFound
from app.domain.people.careers import TODAY
from app.sql import Connection, Row, Statement

_MOST_COMPILED = 256
_compiled: dict[UUID, Pack] = {}
"""Every pack that this process has counted under, by its key: a published pack never changes."""


class NoRulePack(NotFound):
    """No pack is in force for the person on that day."""

    code = "no_rule_pack_in_force"
    zh = "{day}没有生效的学分规则包。"
    en = "No rule pack is in force on {day}."


class Refined(Struct, frozen=True):
    """The city's pack with the numbers of one county, and the days on which it has them."""

    base: UUID
    first: date
    last: date
    pack: Pack


@dataclass(frozen=True, slots=True)
class CityPacks:
    """The packs of one city by their keys, and what its counties have refined in them.

    A pack is in force from its first day until its last, or until another takes over; the cycles in
    which it counts are its own, so that what was counted under it stays as it is.
    """

    packs: dict[UUID, Pack]
    lasts: dict[UUID, date]
    refined: dict[UUID, tuple[Refined, ...]]
    """By the county."""
    _on: dict[date, Key | None] = field(default_factory=dict)
    """Of thousands of people most earned something on the same few days."""
    _all: dict[date, frozenset[Key]] = field(default_factory=dict)
    _counting: dict[tuple[Key, UUID, date], Pack] = field(default_factory=dict)

    def key_on(self, day: date) -> Key | None:
        """Under which standing of the pack in force an entry of that day counts, if one is."""
        if day not in self._on:
            pack = self.on(day)
            self._on[day] = None if pack is None else key_of(pack, day)
        return self._on[day]

    def on(self, day: date, county_id: UUID | None = None) -> Pack | None:
        """The pack in force on a day, no two being so, as the county has it."""
        for key, pack in self.packs.items():
            if pack.document.effective_from.value <= day <= self.lasts[key]:
                return self._as_refined(key, county_id, day)
        return None

    def governing(self, day: date, county_id: UUID | None = None) -> Pack:
        """The same, or `NoRulePack` where none is in force."""
        pack = self.on(day, county_id)
        if pack is None:
            raise NoRulePack(day=day.isoformat())
        return pack

    def version(
        self, pack_id: str, version: int, refinement: str | UnsetType = UNSET
    ) -> Pack | None:
        """One version of a pack by its own id, with the numbers of that refinement."""
        held = [self.packs] if refinement is UNSET else []
        every = [
            *(pack for packs in held for pack in packs.values()),
            *(each.pack for known in self.refined.values() for each in known),
        ]
        for pack in every:
            named = pack.document.id, pack.document.version, pack.refinement
            if named == (pack_id, version, refinement):
                return pack
        return None

    def counting(self, key: Key, county_id: UUID, day: date) -> Pack:
        """The pack under which a person of the county is counted: as refined on `day`, or on the
        nearest day of that cycle on which the pack is in force.
        """
        known = self._counting.get((key, county_id, day))
        if known is None:
            known = self._counting[key, county_id, day] = self._found(key, county_id, day)
        return known

    def _found(self, key: Key, county_id: UUID, day: date) -> Pack:
        for pack_key, pack in self.packs.items():
            if (pack.document.id, pack.document.version) == key[:2]:
                end = min(pack.cycle_of(key[2]).end, self.lasts[pack_key])
                first = max(key[2], pack.document.effective_from.value)
                return self._as_refined(pack_key, county_id, max(first, min(day, end)))
        # What was counted under is never withdrawn.
        raise LookupError(key)

    def of_county(self, county_id: UUID, day: date) -> tuple[Pack, ...]:
        """Every pack, as the county has it on `day` or on the nearest day on which it is in force."""
        return tuple(
            self._as_refined(
                key, county_id, max(pack.document.effective_from.value, min(day, self.lasts[key]))
            )
            for key, pack in self.packs.items()
        )

    def keys(self, entries: Iterable[Entry]) -> set[Key]:
        """The standings that entries belong to: of each pack in whose cycle they were earned."""
        found: set[Key] = set()
        for day in {entry.earned_on for entry in entries}:
            known = self._all.get(day)
            if known is None:
                cycles = [(pack, pack.cycle_of(day)) for pack in self.packs.values()]
                known = self._all[day] = frozenset(
                    (pack.document.id, pack.document.version, cycle.start)
                    for pack, cycle in cycles
                    if cycle.start <= day <= cycle.end
                )
            found |= known
        return found

    def _as_refined(self, key: UUID, county_id: UUID | None, day: date) -> Pack:
        for each in self.refined.get(county_id, ()) if county_id else ():
            if each.base == key and each.first <= day <= each.last:
                return each.pack
        return self.packs[key]


def counts_today(city_id: Any, sums: Any) -> ColumnElement[bool]:
    """The predicate 'of the pack in force today in that city, and of its present cycle'.

    `sums` are the columns of a table with pack_id, pack_version, cycle_start and cycle_end.
    """
    # Not correlated: the packs in force are read once for a statement, not looked for row by row.
    # As they would be if they were joined, which PostgreSQL does with what need only be true.
    packs = select(col(RulePack.city_id), col(RulePack.pack_id), col(RulePack.version)).where(
        col(RulePack.unit_id) == col(RulePack.city_id), in_force(TODAY, TODAY)
    )
    pack = tuple_(city_id, sums.pack_id, sums.pack_version).in_(packs.correlate(None))
    return pack.is_(true()) & TODAY.between(sums.cycle_start, sums.cycle_end)


_known = bindparam("known", type_=ARRAY(Uuid))
_PACKS = Statement(
    select(
        col(RulePack.id),
        col(RulePack.unit_id),
        col(RulePack.refines_id),
        col(RulePack.effective_from),
        last_day().label("last_day"),
        case((col(RulePack.id) == any_(_known), null()), else_=col(RulePack.document)).label(
            "document"
        ),
    )
    .where(col(RulePack.city_id) == bindparam("city_id", type_=Uuid))
    # The city's own first: what a county has refines one of them.
    .order_by(col(RulePack.refines_id).is_not(None), col(RulePack.effective_from), col(RulePack.id))
)


async def read_packs(db: Connection, *, city_id: UUID) -> CityPacks:
    """The packs of a city; one statement, which brings only the documents not yet compiled."""
    # A copy: others may begin the memory afresh while the answer is on its way.
    known = dict(_compiled)
    found = CityPacks({}, {}, {})
    for row in await db.all(_PACKS, city_id=city_id, known=list(known)):
        key, base, last = row["id"], row["refines_id"], row["last_day"] or date.max
        pack = known.get(key)
        if pack is None:
            document = found.packs[base].document if base else row["document"]
            pack = _remembered(key, _compile(row, document))
        if base is None:
            found.packs[key], found.lasts[key] = pack, last
        else:
            county = Refined(base, row["effective_from"], last, pack)
            found.refined[row["unit_id"]] = (*found.refined.get(row["unit_id"], ()), county)
    return found


def _compile(row: Row, document: Any) -> Pack:
    """A pack of the city from its own document, or one that a county refined from the city's."""
    if row["refines_id"] is None:
        return compile_pack(PackDocument.model_validate(document))
    refinement = Refinement.model_validate(row["document"])
    return compile_pack(refined(document, refinement), str(row["id"]))


def _remembered(pack_key: UUID, pack: Pack) -> Pack:
    if len(_compiled) >= _MOST_COMPILED:
        _compiled.clear()
    _compiled[pack_key] = pack
    return pack
