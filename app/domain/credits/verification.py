"""Verification (核验): the whole ledger is read again, and everything derived from it rebuilt.

It finds an entry that was changed, removed or added by other ways than ours, a standing that says
something else than its ledger, and a school whose sums are not those of its people's standings.
Verdicts are not compared: they were given on the day of the last entry, and depend on it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct, to_builtins
from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, func, or_, select
from sqlmodel import col

from app.domain.base import Finding
from app.domain.credits.entries.chain import HASHED, Head, hash_of
from app.domain.credits.entries.ledger import entry_of
from app.domain.credits.entries.table import CreditChain, CreditEntry
from app.domain.credits.rules import Entry, State
from app.domain.credits.rules.fold import in_force
from app.domain.credits.standings.counting import Key, folded, key_of
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.standings.table import SchoolCredit, Standing
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement


class Verification(Struct):
    """What was read, and the first thing found; nothing found means all is as it was written."""

    people: int = 0
    entries: int = 0
    standings: int = 0
    finding: Finding | None = None


class _Found(Exception):
    """Ends the reading at the first finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.en)


_AT_ONCE = 500
"""How many people's entries are held in memory."""

_LEDGER = Statement(
    select(
        *(col(getattr(CreditEntry, name)) for name in (*HASHED, "previous_hash", "hash")),
        col(CreditChain.sequence).label("head_sequence"),
        col(CreditChain.hash).label("head_hash"),
        col(Teacher.merged_into_id),
    )
    .outerjoin(Teacher, col(Teacher.id) == col(CreditEntry.teacher_id))
    .outerjoin(CreditChain, col(CreditChain.teacher_id) == col(CreditEntry.teacher_id))
    .order_by(col(CreditEntry.teacher_id), col(CreditEntry.sequence))
)
_EMPTIED = Statement(
    select(col(CreditChain.teacher_id), col(CreditChain.sequence))
    .where(
        col(CreditChain.sequence) > 0,
        ~select(CreditEntry.id)  # type: ignore[call-overload]
        .where(col(CreditEntry.teacher_id) == col(CreditChain.teacher_id))
        .exists(),
    )
    .limit(1)
)
_SUMS = (
    "entries", "earned_hours", "earned_credits", "counted_hours", "counted_credits",
)  # fmt: skip
_KEY = ("pack_id", "pack_version", "cycle_start")
_STANDINGS = Statement(
    select(
        *(col(getattr(Standing, name)) for name in ("teacher_id", *_KEY, *_SUMS)),
        col(Standing.state),
    ).where(col(Standing.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))))
)


def _schools() -> Statement:
    """The first school whose sums differ from what its people's standings say."""
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

    def differs(name: str) -> ColumnElement[bool]:
        held, right = col(getattr(SchoolCredit, name)), summed.c[name]
        return func.coalesce(held, 0) != func.coalesce(right, 0)

    same = [col(getattr(SchoolCredit, name)) == summed.c[name] for name in names]
    joined = SchoolCredit.__table__.join(  # type: ignore[attr-defined]
        summed, same[0] & same[1] & same[2] & same[3], full=True
    )
    keys = [
        func.coalesce(col(getattr(SchoolCredit, name)), summed.c[name]).label(name)
        for name in names
    ]
    different = or_(*(differs(name) for name in ("teachers", *_SUMS, "met")))
    return Statement(select(*keys).select_from(joined).where(different).order_by(*keys).limit(1))


_SCHOOLS = _schools()


async def verify_ledger(db: Connection) -> Verification:
    """Read every chain, rebuild every standing and every school's sums; stop at the first finding.

    Needs a transaction that sees one state of the database (`transaction(read_only=True)` of the
    pool). Memory is bounded: the ledger is streamed person by person.
    """
    done = Verification()
    packs: dict[UUID, CityPacks] = {}
    try:
        async for batch in _batches(db, done):
            await _check_standings(db, batch, packs, done)
        await _check_none(db, _EMPTIED, "credit_chain", "记录被删除。", "Its entries are gone.")
        await _check_none(
            db,
            _SCHOOLS,
            "school_credit",
            "与教师学分状况之和不符。",
            "Not the sum of its standings.",
        )
    except _Found as found:
        done.finding = found.finding
    return done


async def _check_none(db: Connection, statement: Statement, table: str, zh: str, en: str) -> None:
    """The statement finds no row; the first that it finds is what is wrong."""
    row = await db.one(statement)
    if row is not None:
        raise _Found(Finding(table, {name: str(value) for name, value in row.items()}, zh, en))


async def _batches(db: Connection, done: Verification) -> AsyncIterator[dict[UUID, list[Row]]]:
    """The entries of some hundred people at a time, their chains checked."""
    batch: dict[UUID, list[Row]] = {}
    async for row in db.stream(_LEDGER):
        rows = batch.get(row["teacher_id"])
        if rows is None:
            _check_end(batch)
            if len(batch) >= _AT_ONCE:
                yield batch
                batch = {}
            rows = batch[row["teacher_id"]] = []
            done.people += 1
        _check_link(rows[-1] if rows else None, row)
        rows.append(row)
        done.entries += 1
    _check_end(batch)
    if batch:
        yield batch


def _check_link(before: Row | None, row: Row) -> None:
    head = Head() if before is None else Head(before["sequence"], before["hash"])
    if row["sequence"] != head.sequence + 1:
        raise _Found(_wrong(row, "台账序号不连续。", "An entry before it is missing."))
    if row["previous_hash"] != head.hash:
        raise _Found(_wrong(row, "与前一条记录的链接断开。", "It does not follow the one before."))
    if row["hash"] != hash_of(head.hash, row):
        raise _Found(_wrong(row, "内容与其哈希值不符。", "Its content is not what was hashed."))


def _check_end(batch: dict[UUID, list[Row]]) -> None:
    """The last person's chain ends where its head says."""
    rows = batch[next(reversed(batch))] if batch else None
    last = rows[-1] if rows else None
    if last and (last["sequence"], last["hash"]) != (last["head_sequence"], last["head_hash"]):
        raise _Found(
            _wrong(last, "不是链头所指的末条记录。", "The chain's head names another end.")
        )


def _wrong(row: Row, zh: str, en: str) -> Finding:
    key = {name: str(row[name]) for name in ("id", "teacher_id", "sequence")}
    return Finding("credit_entry", key, zh, en)


async def _check_standings(
    db: Connection,
    batch: Mapping[UUID, Sequence[Row]],
    packs: dict[UUID, CityPacks],
    done: Verification,
) -> None:
    stored: dict[UUID, dict[Key, Row]] = {teacher_id: {} for teacher_id in batch}
    for row in await db.all(_STANDINGS, teacher_ids=list(batch)):
        stored[row["teacher_id"]][row["pack_id"], row["pack_version"], row["cycle_start"]] = row
        done.standings += 1
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
            _check_standing(teacher_id, key, stored[teacher_id].get(key), ledger, packs[city_id])


def _check_merged(last: Row, ledger: Sequence[Entry], stored: Mapping[Key, Row]) -> None:
    """Of a record that was merged into another nothing is in force, and it has no standing."""
    if in_force(ledger) or stored:
        raise _Found(
            _wrong(last, "该记录已合并，台账仍有效。", "It was merged, and still has credit.")
        )


def _wanted(ledger: Sequence[Entry], packs: CityPacks) -> set[Key]:
    days = {entry.earned_on for entry in ledger}
    return {key_of(pack, day) for day in days if (pack := packs.on(day)) is not None}


def _check_standing(
    teacher_id: UUID, key: Key, row: Row | None, ledger: Sequence[Entry], packs: CityPacks
) -> None:
    pack = packs.version(key[0], key[1])
    state = None if pack is None else folded(ledger, pack, key[2])
    if row is None or state is None or not _agrees(row, state):
        named = {"teacher_id": str(teacher_id)}
        named |= {name: str(value) for name, value in zip(_KEY, key, strict=True)}
        raise _Found(Finding("standing", named, "与台账不符。", "It is not what the ledger says."))


def _agrees(row: Row, state: State) -> bool:
    told: dict[str, Any] = to_builtins(state, str_keys=True)
    return row["state"] == told and all(row[name] == getattr(state, name) for name in _SUMS)
