"""Keeping the stored standings: one step for each new entry, or the whole cycle again.

Whoever calls these holds the heads of the persons' chains (`entries.ledger.lock_heads`), so that
nobody else writes their standings meanwhile. Whoever moves a person to another school holds them too,
and both schools (`lock_schools`): the standing then follows by its key, and a trigger takes it from the
sums of one school to the other's.
"""

import asyncio
from collections.abc import AsyncIterator, Container, Coroutine, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, cast, func, select, update
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.credits.entries.chain import chained
from app.domain.credits.entries.ledger import Heads, entry_of, read_ledgers, write_entries
from app.domain.credits.rules import Entry, advance, goes_on
from app.domain.credits.standings.counting import Key, decoded, folded, standing_row
from app.domain.credits.standings.facts import Person
from app.domain.credits.standings.governing import CityPacks
from app.domain.credits.standings.table import Standing
from app.domain.organisation.units import Unit
from app.sql import Connection, Row, Statement

T = TypeVar("T")

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
    entries: Iterable[Row],
    heads: Heads,
    people: Mapping[UUID, Person],
    packs: CityPacks,
    day: date,
) -> None:
    """Add entries to the ledgers whose heads are held, and carry them into every standing they belong to.

    Those of one person follow one another, and may be made while they are taken: the database reads and
    writes what is ready while what is next is made and counted. The standings are judged on `day`. A stored
    one goes on from its state. One that is begun, or whose county has other numbers now, is folded from the
    ledger, which is read only for those who had entries before. Two statements beforehand, three for each
    `_AT_ONCE` persons, and one more where some go on while others begin; at the end two with a ledger.
    """
    older: dict[UUID, set[Key]] = {}
    async with _InTurn() as in_turn:
        reading = in_turn.hand_over(_stored(db, people))
        in_turn.hand_over(lock_schools(db, school_ids=[each.school_id for each in people.values()]))
        async for some in _parts(entries):
            rows = chained(some, heads)
            in_turn.hand_over(write_entries(db, rows=rows, heads=heads))
            stored, carried = await reading, _Carried(packs, day)
            async for teacher_id, steps in _by_turns(_by_teacher(rows).items()):
                carried.carry(people[teacher_id], steps, stored[teacher_id])
            in_turn.hand_over(carried.write(db))
            older |= carried.older
    if older:
        ledgers, stored = await read_ledgers(db, teacher_ids=list(older)), await reading
        carried = _Carried(packs, day)
        for teacher_id, keys in older.items():
            carried.fold(people[teacher_id], ledgers[teacher_id], keys, stored[teacher_id])
        await carried.write(db)


_AT_ONCE = 500
"""Persons whose entries and standings are written by one statement each."""
_A_TURN = 16
"""Persons who are gone through before what else is to be done gets its turn, the database above all."""


async def _parts(entries: Iterable[Row]) -> AsyncIterator[list[Row]]:
    """The entries of `_AT_ONCE` persons, of the next ones, and of those who are left."""
    part: list[Row] = []
    met: set[UUID] = set()
    async for teacher_id, theirs in _by_turns(groupby(entries, itemgetter("teacher_id"))):
        if teacher_id in met:
            raise ValueError(f"The entries of {teacher_id} do not follow one another.")
        met.add(teacher_id)
        part += theirs
        if len(met) % _AT_ONCE == 0:
            yield part
            part = []
    if part:
        yield part


async def _by_turns(things: Iterable[T]) -> AsyncIterator[T]:
    for index, thing in enumerate(things):
        if index % _A_TURN == 0:
            await asyncio.sleep(0)
        yield thing


def _by_teacher(rows: Iterable[Row]) -> dict[UUID, list[Entry]]:
    found: dict[UUID, list[Entry]] = {}
    for row in rows:
        found.setdefault(row["teacher_id"], []).append(entry_of(row))
    return found


class _InTurn:
    """What is handed over is done in that order, as often as the body gives way, and is over when it is left.

    What comes after something that failed is not begun.
    """

    def __init__(self) -> None:
        self._last: asyncio.Task[Any] | None = None

    def hand_over(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """The task that does it when all before it is done."""
        task = asyncio.create_task(_after(self._last, work))
        self._last = task
        return task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._last is not None:
            await self._last


async def _after(before: asyncio.Task[Any] | None, work: Coroutine[Any, Any, T]) -> T:
    try:
        if before is not None:
            await before
    except BaseException:
        work.close()
        raise
    return await work


class _Carried:
    """What becomes of standings: rows of those that go on and of those that begin, judged on a day."""

    def __init__(self, packs: CityPacks, day: date) -> None:
        self._packs, self._day = packs, day
        self._going_on: list[Row] = []
        self._new: list[Row] = []
        self.older: dict[UUID, set[Key]] = {}
        """Whose standings are to be folded from a ledger that was not at hand, and which."""

    def carry(self, person: Person, entries: Sequence[Entry], stored: Mapping[Key, str]) -> None:
        """The new entries of a person, carried on from the states that are stored where they are steps."""
        begun = self._packs.keys(entries) | stored.keys()
        for key, text in stored.items():
            state, pack = decoded(text), self._packs.counting(key, person.county_id, self._day)
            if not goes_on(state, entries, pack):
                continue
            begun.discard(key)
            inside = [each for each in entries if state.start <= each.earned_on <= state.end]
            for entry in inside:
                advance(state, entry, pack)
            if inside:
                self._going_on.append(standing_row(person, state, pack, self._day))
        if begun and entries[0].sequence > 1:
            self.older[person.teacher_id] = begun
        else:
            self.fold(person, entries, begun, stored)

    def fold(
        self, person: Person, ledger: Sequence[Entry], keys: Iterable[Key], stored: Container[Key]
    ) -> None:
        """These standings of a person, from the whole ledger; of which some are `stored` already."""
        for key in keys:
            pack = self._packs.counting(key, person.county_id, self._day)
            state = folded(ledger, pack.for_person(person.facts), key[2])
            row = standing_row(person, state, pack, self._day)
            (self._going_on if key in stored else self._new).append(row)

    async def write(self, db: Connection) -> None:
        """Store them; the sums of their schools are held.

        The heads are held too, so that none begins meanwhile: an update alone costs half of trying to insert.
        """
        names = tuple(column.name for column in _COLUMNS)
        for statement, rows, wanted in (
            (_BEGIN, self._new, names),
            (_GO_ON, self._going_on, (*_KEY, *_CHANGING)),
        ):
            if rows:
                await db.run(
                    statement, **{f"new_{name}": [row[name] for row in rows] for name in wanted}
                )


async def count_again(
    db: Connection, *, people: Mapping[UUID, Person], packs: CityPacks, day: date
) -> None:
    """Fold all standings of these persons anew from their ledgers, judged on `day`.

    After a reversal, which may free what a cap had cut from later entries; and for whatever makes
    a verdict fall due: a birthday, the end of a school year, a new rank, a new pack.
    """
    stored = await _stored(db, people)
    ledgers = await read_ledgers(db, teacher_ids=list(people))
    carried = _Carried(packs, day)
    for teacher_id, person in people.items():
        ledger, there = ledgers[teacher_id], stored[teacher_id]
        carried.fold(person, ledger, there.keys() | packs.keys(ledger), there)
    await lock_schools(db, school_ids=[person.school_id for person in people.values()])
    await carried.write(db)


async def _stored(db: Connection, teacher_ids: Iterable[UUID]) -> dict[UUID, dict[Key, str]]:
    """The states of the standings that there are, as JSON: of each person by which standing it is."""
    found: dict[UUID, dict[Key, str]] = {teacher_id: {} for teacher_id in teacher_ids}
    for row in await db.records(_STATES, teacher_ids=list(found)):
        key = row["pack_id"], row["pack_version"], row["cycle_start"]
        found[row["teacher_id"]][key] = row["state"]
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
