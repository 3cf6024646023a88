"""What is derived from the ledger: standings, and the sums of schools."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET, to_builtins
from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select
from sqlmodel import col

from app.domain.credits.entries.ledger import entry_of
from app.domain.credits.rules import Entry, Pack, State
from app.domain.credits.rules.fold import in_force
from app.domain.credits.standings.counting import Key, folded
from app.domain.credits.standings.facts import Person, read_people
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.standings.table import SchoolCredit, Standing
from app.domain.credits.verification.chains import wrong_entry
from app.domain.credits.verification.found import Verification, found
from app.sql import Connection, Row, Statement

_SUMS = (
    "entries", "earned_hours", "earned_credits", "counted_hours", "counted_credits",
)  # fmt: skip
_SUMMED = ("teachers", *_SUMS, "met")
_KEY = ("pack_id", "pack_version", "cycle_start")
_STANDINGS = Statement(
    select(
        *(col(getattr(Standing, name)) for name in ("teacher_id", *_KEY, *_SUMS)),
        col(Standing.state),
        col(Standing.facts_version),
    ).where(col(Standing.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))))
)


def _schools() -> Statement:
    """The first school whose sums differ from what its people's standings say, with both."""
    names = ("school_id", *_KEY)
    summed = (
        select(
            *(col(getattr(Standing, name)) for name in names),
            func.count().label("teachers"),
            *(func.sum(col(getattr(Standing, name))).label(name) for name in _SUMS),
            func.count().filter(col(Standing.verdict) == "met").label("met"),
        )
        .group_by(*(col(getattr(Standing, name)) for name in names))
        .subquery()
    )
    same = [col(getattr(SchoolCredit, name)) == summed.c[name] for name in names]
    joined = SchoolCredit.__table__.join(  # type: ignore[attr-defined]
        summed, same[0] & same[1] & same[2] & same[3], full=True
    )
    keys = [
        func.coalesce(col(getattr(SchoolCredit, name)), summed.c[name]).label(name)
        for name in names
    ]
    held = {name: func.coalesce(col(getattr(SchoolCredit, name)), 0) for name in _SUMMED}
    right = {name: func.coalesce(summed.c[name], 0) for name in _SUMMED}
    both = [
        column.label(f"{which}_{name}")
        for which, columns in (("held", held), ("right", right))
        for name, column in columns.items()
    ]
    different = or_(*(held[name] != right[name] for name in _SUMMED))
    return Statement(
        select(*keys, *both).select_from(joined).where(different).order_by(*keys).limit(1)
    )


_SCHOOLS = _schools()


async def check_schools(db: Connection) -> None:
    """The sums of each school are those of its people's standings."""
    row = await db.one(_SCHOOLS)
    if row is not None:
        key = {name: row[name] for name in ("school_id", *_KEY)}
        pairs = {name: (row[f"held_{name}"], row[f"right_{name}"]) for name in _SUMMED}
        zh, en = "与教师学分状况之和不符。", "Not the sum of its standings."
        raise found("school_credit", key | _differs(pairs), zh, en)


def _differs(pairs: Mapping[str, tuple[Any, Any]]) -> dict[str, str]:
    """What differs, with what is held and what it should be."""
    said = [f"{name} {held} ≠ {right}" for name, (held, right) in pairs.items() if held != right]
    return {"differs": ", ".join(said)}


async def check_standings(
    db: Connection,
    *,
    batch: Mapping[UUID, Sequence[Row]],
    packs: dict[UUID, CityPacks],
    done: Verification,
) -> None:
    """What is stored of these people's standings is what their ledgers say."""
    stored: dict[UUID, dict[Key, Row]] = {teacher_id: {} for teacher_id in batch}
    for row in await db.all(_STANDINGS, teacher_ids=list(batch)):
        stored[row["teacher_id"]][row["pack_id"], row["pack_version"], row["cycle_start"]] = row
        done.standings += 1
    people = await read_people(db, teacher_ids=list(batch))
    for teacher_id, rows in batch.items():
        city_id = rows[0]["city_id"]
        if city_id not in packs:
            packs[city_id] = await read_packs(db, city_id=city_id)
        ledger = [entry_of(row) for row in rows]
        if rows[0]["merged_into_id"] is not None:
            _check_merged(rows[-1], ledger, stored[teacher_id])
            continue
        wanted = stored[teacher_id].keys() | _wanted(ledger, packs[city_id])
        for key in sorted(wanted):
            held = stored[teacher_id].get(key)
            _check_standing(people[teacher_id], key, held, ledger, packs[city_id])


def _check_merged(last: Row, ledger: Sequence[Entry], stored: Mapping[Key, Row]) -> None:
    """Of a record that was merged into another nothing is in force, and it has no standing."""
    if in_force(ledger) or stored:
        raise wrong_entry(
            last, "该记录已合并，台账仍有效。", "It was merged, and still has credit."
        )


def _wanted(ledger: Sequence[Entry], packs: CityPacks) -> set[Key]:
    return {key for day in {entry.earned_on for entry in ledger} if (key := packs.key_on(day))}


def _check_standing(
    person: Person, key: Key, row: Row | None, ledger: Sequence[Entry], packs: CityPacks
) -> None:
    refinement = UNSET if row is None else row["state"].get("refinement", UNSET)
    pack = packs.version(key[0], key[1], refinement)
    if pack is not None and row and _is_due(person, row, pack):
        return
    state = None if pack is None else folded(ledger, pack.for_person(person.facts), key[2])
    if row is not None and state is not None and _agrees(row, state):
        return
    named = {"teacher_id": person.teacher_id} | dict(zip(_KEY, key, strict=True))
    pairs = {
        name: (None if row is None else row[name], getattr(state, name, None)) for name in _SUMS
    }
    zh, en = "与台账不符。", "It is not what the ledger says."
    raise found("standing", named | _differs(pairs), zh, en)


def _is_due(person: Person, row: Row, pack: Pack) -> bool:
    """Whether it is to be counted again: by facts that have changed, or with the sums of this release."""
    is_stale: bool = row["facts_version"] != person.version
    return is_stale and (pack.personal or row["state"]["sums"].keys() != pack.names)


def _agrees(row: Row, state: State) -> bool:
    told: dict[str, Any] = to_builtins(state, str_keys=True)
    return row["state"] == told and all(row[name] == getattr(state, name) for name in _SUMS)
