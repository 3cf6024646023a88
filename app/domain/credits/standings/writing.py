"""Keeping the stored standings: one step for each new entry, or the whole cycle again.

Whoever calls these holds the heads of the persons' chains (`entries.ledger.lock_heads`), so that
nobody else writes their standings meanwhile. Whoever moves a person to another school holds them too,
and both schools (`lock_schools`): the standing then follows by its key, and a trigger takes it from the
sums of one school to the other's.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, cast, func, select, update
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.credits.entries.chain import chained
from app.domain.credits.entries.ledger import Heads, entry_of, read_ledgers, write_entries
from app.domain.credits.rules import Entry, State, advance, goes_on
from app.domain.credits.standings.counting import Key, decoded, folded, standing_row
from app.domain.credits.standings.facts import Person
from app.domain.credits.standings.governing import CityPacks
from app.domain.credits.standings.table import Standing
from app.domain.organisation.units import Unit
from app.sql import Connection, Row, Statement

_COLUMNS = Standing.__table__.c  # type: ignore[attr-defined]
_KEY = ("teacher_id", "pack_id", "pack_version", "cycle_start")

_STATES = Statement(
    select(*(_COLUMNS[name] for name in _KEY), _COLUMNS.state.cast(Text).label("state")).where(
        col(Standing.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid)))
    )
)


_PLACE = ("city_id", "county_id", "school_id")
_CHANGING = tuple(c.name for c in _COLUMNS if c.name not in {*_KEY, *_PLACE, "cycle_end"})


def _rows_of(names: tuple[str, ...]) -> Any:
    # JSON is text on its way: it is made and read by the rules' own types.
    kinds = {name: Text() if name == "state" else _COLUMNS[name].type for name in names}
    arrays = [bindparam(f"new_{name}", type_=ARRAY(kind)) for name, kind in kinds.items()]
    return func.unnest(*arrays).table_valued(*names).render_derived()


def _begin() -> Statement:
    names = tuple(column.name for column in _COLUMNS)
    rows = _rows_of(names)
    values = {name: rows.c[name] for name in names} | {"state": cast(rows.c.state, JSONB)}
    target = bare_table(Standing.__tablename__, *(bare_column(name) for name in names))
    return Statement(insert(target).from_select(names, select(*values.values())))


def _go_on() -> Statement:
    """What a standing that is there becomes; its place follows the teacher's by itself."""
    rows = _rows_of((*_KEY, *_CHANGING))
    target = bare_table(
        Standing.__tablename__,
        *(bare_column(name, _COLUMNS[name].type) for name in (*_KEY, *_CHANGING)),
    )
    same = [target.c[name] == rows.c[name] for name in _KEY]
    values = {name: rows.c[name] for name in _CHANGING} | {"state": cast(rows.c.state, JSONB)}
    return Statement(update(target).where(*same).values(values))


_BEGIN, _GO_ON = _begin(), _go_on()


async def enter_entries(
    db: Connection,
    *,
    entries: Sequence[Row],
    heads: Heads,
    people: Mapping[UUID, Person],
    packs: CityPacks,
    day: date,
) -> None:
    """Add entries to the ledgers whose heads are held, and carry them into every standing they belong to.

    The standings are judged on `day`. A stored one goes on from its state. One that is begun, or whose
    county has other numbers now, is folded from the ledger, which is read only for those who had entries
    before. Five statements, one more with that, and one more where some go on while others begin. The
    database writes the entries while we count them.
    """
    rows = chained(entries, heads)
    added: dict[UUID, list[Entry]] = {}
    for row in rows:
        added.setdefault(row["teacher_id"], []).append(entry_of(row))
    stored = await _states(db, added)
    parts = [
        _Added(people[teacher_id], more, stored[teacher_id], packs, day)
        for teacher_id, more in added.items()
    ]
    older = [
        each.person.teacher_id for each in parts if each.begun and each.entries[0].sequence > 1
    ]
    ledgers = await read_ledgers(db, teacher_ids=older) if older else {}
    going_on: list[Row] = []
    new: list[Row] = []
    async with _meanwhile(write_entries(db, rows=rows, heads=heads)):
        for index, each in enumerate(parts):
            if index % _AT_ONCE == 0:
                await asyncio.sleep(0)
            each.carry(ledgers.get(each.person.teacher_id, ()), going_on, new)
    await _write(db, new, going_on)


_AT_ONCE = 50
"""People who are counted before what else is to be done gets its turn, sending the entries above all."""


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Work that goes on as often as the body gives way, and is over when it is left, however it is left."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        await task


class _Added:
    """What somebody's new entries are to be carried into: the states that go on, and what is begun."""

    def __init__(
        self,
        person: Person,
        entries: Sequence[Entry],
        stored: Mapping[Key, State],
        packs: CityPacks,
        day: date,
    ) -> None:
        self.person, self.entries, self._day = person, entries, day
        self._there = stored.keys()
        self._on = [
            (state, pack)
            for key, state in stored.items()
            if goes_on(state, entries, pack := packs.counting(key, person.county_id, day))
        ]
        self.begun = packs.keys(entries) | self._there
        for state, _ in self._on:
            self.begun.discard((state.pack_id, state.pack_version, state.start))
        self._packs = packs

    def carry(self, before: Sequence[Entry], going_on: list[Row], new: list[Row]) -> None:
        """The rows of the standings as they become; `before` is the ledger without the new entries."""
        person, day = self.person, self._day
        for state, pack in self._on:
            inside = [each for each in self.entries if state.start <= each.earned_on <= state.end]
            for entry in inside:
                advance(state, entry, pack)
            if inside:
                going_on.append(standing_row(person, state, pack, day))
        for key in self.begun:
            pack = self._packs.counting(key, person.county_id, day)
            ledger = (*before, *self.entries)
            state = folded(ledger, pack.for_person(person.facts), key[2])
            row = standing_row(person, state, pack, day)
            (going_on if key in self._there else new).append(row)


async def count_again(
    db: Connection, *, people: Mapping[UUID, Person], packs: CityPacks, day: date
) -> None:
    """Fold all standings of these persons anew from their ledgers, judged on `day`.

    After a reversal, which may free what a cap had cut from later entries; and for whatever makes
    a verdict fall due: a birthday, the end of a school year, a new rank, a new pack.
    """
    stored = await _states(db, people)
    ledgers = await read_ledgers(db, teacher_ids=list(people))
    new: list[Row] = []
    going_on: list[Row] = []
    for teacher_id, person in people.items():
        for key in stored[teacher_id].keys() | packs.keys(ledgers[teacher_id]):
            pack = packs.counting(key, person.county_id, day)
            state = folded(ledgers[teacher_id], pack.for_person(person.facts), key[2])
            row = standing_row(person, state, pack, day)
            (going_on if key in stored[teacher_id] else new).append(row)
    await _write(db, new, going_on)


async def _states(db: Connection, teacher_ids: Iterable[UUID]) -> dict[UUID, dict[Key, State]]:
    found: dict[UUID, dict[Key, State]] = {teacher_id: {} for teacher_id in teacher_ids}
    for row in await db.all(_STATES, teacher_ids=list(found)):
        key = row["pack_id"], row["pack_version"], row["cycle_start"]
        found[row["teacher_id"]][key] = decoded(row["state"])
    return found


_LOCK_SCHOOLS = Statement(
    select(col(Unit.id))
    .where(col(Unit.id) == any_(bindparam("school_ids", type_=ARRAY(Uuid))))
    .order_by(col(Unit.id))
    .with_for_update(key_share=True)
)


async def lock_schools(db: Connection, *, school_ids: Iterable[UUID]) -> None:
    """Hold the sums of these schools until the transaction ends.

    The sums of standings that go on and of those that begin are written one after the other: each
    in order, but not both together. Held beforehand, no two writers wait in a circle.
    """
    await db.all(_LOCK_SCHOOLS, school_ids=sorted(set(school_ids)))


async def _write(db: Connection, begun: list[Row], going_on: list[Row]) -> None:
    """Store standings that begin, and those that are there already and go on.

    The heads are held, so that none begins meanwhile: an update alone costs half of trying to insert.
    """
    if begun or going_on:
        await lock_schools(db, school_ids=[row["school_id"] for row in (*begun, *going_on)])
    names = tuple(column.name for column in _COLUMNS)
    for statement, rows, wanted in (
        (_BEGIN, begun, names),
        (_GO_ON, going_on, (*_KEY, *_CHANGING)),
    ):
        if rows:
            await db.run(
                statement, **{f"new_{name}": [row[name] for row in rows] for name in wanted}
            )
