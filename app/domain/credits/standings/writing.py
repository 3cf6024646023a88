"""Keeping the stored standings: one step for each new entry, or the whole cycle again.

Whoever calls these holds the heads of the persons' chains (`entries.ledger.lock_heads`), so that
nobody else writes their standings meanwhile. Whoever moves a person to another school holds them too,
and both schools (`lock_schools`): the standing then follows by its key, and a trigger takes it from the
sums of one school to the other's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, cast, func, select
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.rules import Entry, Pack, State, advance
from app.domain.credits.standings.counting import Key, decoded, folded, key_of, standing_row
from app.domain.credits.standings.facts import Person
from app.domain.credits.standings.governing import CityPacks
from app.domain.credits.standings.table import Standing
from app.domain.organisation.units import Unit
from app.sql import Connection, Row, Statement

Ledgers = Mapping[UUID, Sequence[Entry]]

_COLUMNS = Standing.__table__.c  # type: ignore[attr-defined]
_KEY = ("teacher_id", "pack_id", "pack_version", "cycle_start")

_STATES = Statement(
    select(*(_COLUMNS[name] for name in _KEY), _COLUMNS.state.cast(Text).label("state")).where(
        col(Standing.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid)))
    )
)


def _keep() -> Statement:
    names = tuple(column.name for column in _COLUMNS)
    # JSON is text on its way: it is made and read by the rules' own types.
    kinds = {name: Text() if name == "state" else _COLUMNS[name].type for name in names}
    arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in kinds.items()]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    values = {name: rows.c[name] for name in names} | {"state": cast(rows.c.state, JSONB)}
    target = bare_table(Standing.__tablename__, *(bare_column(name) for name in names))
    new = insert(target).from_select(names, select(*values.values()))
    changed = {name: new.excluded[name] for name in names if name not in _KEY}
    return Statement(new.on_conflict_do_update(index_elements=_KEY, set_=changed))


_KEEP = _keep()


async def count_added(
    db: Connection, *, people: Mapping[UUID, Person], packs: CityPacks, added: Ledgers, day: date
) -> None:
    """Carry entries that were just added into every standing they belong to, judged on `day`.

    A stored standing goes on from its state. One that is begun is folded from the ledger, which is
    read only for those who had entries before. Three statements, or four with that.
    """
    stored = await _states(db, added)
    begun = {
        teacher_id: _keys(entries, packs) - stored[teacher_id].keys()
        for teacher_id, entries in added.items()
    }
    older = [t for t, keys in begun.items() if keys and added[t][0].sequence > 1]
    ledgers = {**added, **(await read_ledgers(db, teacher_ids=older) if older else {})}
    rows: list[Row] = []
    for teacher_id, entries in added.items():
        for key, state in stored[teacher_id].items():
            pack = _pack(packs, key)
            inside = [entry for entry in entries if state.start <= entry.earned_on <= state.end]
            for entry in inside:
                advance(state, entry, pack)
            if inside:
                rows.append(standing_row(people[teacher_id], state, pack, day))
        for key in begun[teacher_id]:
            pack = _pack(packs, key)
            state = folded(ledgers[teacher_id], pack, key[2])
            rows.append(standing_row(people[teacher_id], state, pack, day))
    await _write(db, rows)


async def count_again(
    db: Connection, *, people: Mapping[UUID, Person], packs: CityPacks, day: date
) -> None:
    """Fold all standings of these persons anew from their ledgers, judged on `day`.

    After a reversal, which may free what a cap had cut from later entries; and for whatever makes
    a verdict fall due: a birthday, the end of a school year, a new rank, a new pack.
    """
    stored = await _states(db, people)
    ledgers = await read_ledgers(db, teacher_ids=list(people))
    rows = [
        standing_row(person, folded(ledgers[teacher_id], pack, key[2]), pack, day)
        for teacher_id, person in people.items()
        for key in stored[teacher_id].keys() | _keys(ledgers[teacher_id], packs)
        for pack in [_pack(packs, key)]
    ]
    await _write(db, rows)


async def _states(db: Connection, teacher_ids: Iterable[UUID]) -> dict[UUID, dict[Key, State]]:
    found: dict[UUID, dict[Key, State]] = {teacher_id: {} for teacher_id in teacher_ids}
    for row in await db.all(_STATES, teacher_ids=list(found)):
        key = row["pack_id"], row["pack_version"], row["cycle_start"]
        found[row["teacher_id"]][key] = decoded(row["state"])
    return found


def _keys(entries: Iterable[Entry], packs: CityPacks) -> set[Key]:
    """The standings that these entries ask for: of the packs in force when they were earned."""
    days = {entry.earned_on for entry in entries}
    return {key_of(pack, day) for day in days if (pack := packs.on(day)) is not None}


def _pack(packs: CityPacks, key: Key) -> Pack:
    pack = packs.version(key[0], key[1])
    assert pack is not None, key  # noqa: S101  a pack that was counted under is never withdrawn
    return pack


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


async def _write(db: Connection, rows: list[Row]) -> None:
    if rows:
        await lock_schools(db, school_ids=[row["school_id"] for row in rows])
        await db.run(
            _KEEP, **{column.name: [row[column.name] for row in rows] for column in _COLUMNS}
        )
