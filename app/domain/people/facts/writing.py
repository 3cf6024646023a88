"""How facts are written: one follows another, takes the place of a wrong one, ends, or is withdrawn.

Parts of the writes of careers, behind their door: the caller has locked the teacher, so that of two
writes of one career the second sees the first. What the database's constraints refuse is refused in
the words of the kind.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    String,
    Uuid,
    any_,
    bindparam,
    select,
    update,
)

from app.domain.base import MOMENT
from app.domain.people.facts.fact import (
    FactEndsBeforeItBegins,
    FactKind,
)
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id

_VERSION = frozenset({"id", "recorded_at", "superseded_at", "superseded_because"})
"""What belongs to a version of a fact, not to the fact."""


Written = tuple[UUID, Mapping[str, Any]]
"""A teacher, and what a fact says, its days among it."""


async def insert_fact(
    db: Connection, *, kind: FactKind, teacher_id: UUID, values: Mapping[str, Any], now: datetime
) -> UUID:
    """Insert a fact as it is given, its days among the values; the key of its row."""
    [fact_id] = await insert_facts(db, kind=kind, facts=[(teacher_id, values)], now=now)
    return fact_id


async def insert_facts(
    db: Connection, *, kind: FactKind, facts: Sequence[Written], now: datetime
) -> list[UUID]:
    """Insert many facts of one kind as they are given; the keys of their rows, in this order."""
    rows: list[Row] = []
    for teacher_id, values in facts:
        begins, ends = values["valid_from"], values.get("valid_to")
        if ends is not None and ends <= begins:
            raise FactEndsBeforeItBegins(begins=begins.isoformat())
        own = {"id": new_id(), "teacher_id": teacher_id, "recorded_at": now}
        rows.append({**values, "valid_to": ends, **own})
    try:
        await db.insert_all(kind.table, rows)
    except ExclusionViolationError:
        raise kind.overlaps from None
    return [row["id"] for row in rows]


async def succeed_fact(
    db: Connection, *, kind: FactKind, teacher_id: UUID, values: Mapping[str, Any], now: datetime
) -> UUID:
    """Insert a fact, and end on its first day the one that holds in its slot.

    Both are known from one moment on, so that no moment knows none or two.
    """
    await end_succeeded(db, kind=kind, facts=[(teacher_id, values)], now=now)
    return await insert_fact(db, kind=kind, teacher_id=teacher_id, values=values, now=now)


async def end_succeeded(
    db: Connection, *, kind: FactKind, facts: Sequence[Written], now: datetime
) -> None:
    """End what holds in the slots of these facts, each on the first day of the one that is to follow it.

    They are of one kind, and no two of one slot.
    """
    if not facts:
        return
    held = await db.all(_open(kind), teacher_ids=[teacher_id for teacher_id, _ in facts])
    there = {(fact["teacher_id"], *(fact[name] for name in kind.slot)): fact for fact in held}
    ended: list[Written] = []
    over: list[UUID] = []
    for teacher_id, values in facts:
        current = there.get((teacher_id, *(values[name] for name in kind.slot)))
        if current is None:
            continue
        if values["valid_from"] <= current["valid_from"]:
            raise kind.not_later(current=current["valid_from"].isoformat())
        ended.append((teacher_id, _said(current) | {"valid_to": values["valid_from"]}))
        over.append(current["id"])
    if over:
        await db.run(_supersede(kind), fact_ids=over, now=now, reason=None)
        await insert_facts(db, kind=kind, facts=ended, now=now)


async def restate_fact(
    db: Connection,
    *,
    kind: FactKind,
    fact: Row,
    valid_to: date | None,
    now: datetime,
    reason: str | None = None,
) -> UUID:
    """Supersede a fact by itself with another end; the key of the new row."""
    await supersede_fact(db, kind=kind, fact_id=fact["id"], now=now, reason=reason)
    values = _said(fact) | {"valid_to": valid_to}
    return await insert_fact(db, kind=kind, teacher_id=fact["teacher_id"], values=values, now=now)


def _said(fact: Row) -> Row:
    return {name: value for name, value in fact.items() if name not in _VERSION}


async def correct_fact(
    db: Connection,
    *,
    kind: FactKind,
    wrong: Row,
    values: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> UUID:
    """Let a fact take the place of one that was wrong; the key of the new row.

    Where facts of the kind succeed each other, the one before ended because this one began: if the
    first day moves, its end moves along.
    """
    await supersede_fact(db, kind=kind, fact_id=wrong["id"], now=now, reason=reason)
    begins, teacher_id = values["valid_from"], wrong["teacher_id"]
    if kind.succeeds and begins != wrong["valid_from"]:
        before = (await _before(db, kind, [wrong])).get(wrong["id"])
        if before is not None and before["valid_from"] < begins:
            await restate_fact(db, kind=kind, fact=before, valid_to=begins, now=now, reason=reason)
    return await insert_fact(db, kind=kind, teacher_id=teacher_id, values=values, now=now)


async def replace_facts(
    db: Connection,
    *,
    kind: FactKind,
    wrongs: Sequence[Row],
    values: Sequence[Mapping[str, Any]],
    reason: str,
    now: datetime,
) -> list[UUID]:
    """Let facts of one kind take the place of those that were wrong, from the same first days.

    The keys of the new rows, in this order.
    """
    if not wrongs:
        return []
    ids = [wrong["id"] for wrong in wrongs]
    await db.run(_supersede(kind), fact_ids=ids, now=now, reason=reason)
    facts = [(wrong["teacher_id"], said) for wrong, said in zip(wrongs, values, strict=True)]
    return await insert_facts(db, kind=kind, facts=facts, now=now)


async def retract_facts(
    db: Connection, *, kind: FactKind, wrongs: Sequence[Row], reason: str, now: datetime
) -> None:
    """Cease to believe facts of one kind that never were, no two of one slot.

    Where facts of the kind succeed each other, the one before ended because this one began: it goes
    on, as long as this one was said to hold.
    """
    ids = [wrong["id"] for wrong in wrongs]
    await db.run(_supersede(kind), fact_ids=ids, now=now, reason=reason)
    if not kind.succeeds:
        return
    before = await _before(db, kind, wrongs)
    going_on = [
        _said(before[wrong["id"]]) | {"valid_to": wrong["valid_to"]}
        for wrong in wrongs
        if wrong["id"] in before
    ]
    ended = list(before.values())
    await replace_facts(db, kind=kind, wrongs=ended, values=going_on, reason=reason, now=now)


async def _before(db: Connection, kind: FactKind, facts: Sequence[Row]) -> dict[UUID, Row]:
    """Of these facts, by their keys, the one of the same slot that ended on the first day."""
    teacher_ids = [fact["teacher_id"] for fact in facts]
    ended = {
        (each["teacher_id"], each["valid_to"], *(each[name] for name in kind.slot)): each
        for each in await db.all(_ended(kind), teacher_ids=teacher_ids)
    }
    found = {
        fact["id"]: ended.get(
            (fact["teacher_id"], fact["valid_from"], *(fact[name] for name in kind.slot))
        )
        for fact in facts
    }
    return {fact_id: fact for fact_id, fact in found.items() if fact is not None}


async def supersede_fact(
    db: Connection, *, kind: FactKind, fact_id: UUID, now: datetime, reason: str | None
) -> None:
    """Cease to believe a fact; `reason` says why it was wrong, None that it merely ended."""
    await db.run(_supersede(kind), fact_ids=[fact_id], now=now, reason=reason)


@lru_cache(maxsize=32)
def _open(kind: FactKind) -> Statement:
    """The facts of teachers that hold and have no end, of whatever slots."""
    return Statement(
        select(*kind.columns).where(
            kind.columns.teacher_id == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
            kind.columns.superseded_at.is_(None),
            kind.columns.valid_to.is_(None),
        )
    )


@lru_cache(maxsize=32)
def _ended(kind: FactKind) -> Statement:
    """The facts of teachers that are believed and have an end, of whatever slots."""
    return Statement(
        select(*kind.columns).where(
            kind.columns.teacher_id == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
            kind.columns.superseded_at.is_(None),
            kind.columns.valid_to.is_not(None),
        )
    )


@lru_cache(maxsize=32)
def _supersede(kind: FactKind) -> Statement:
    return Statement(
        update(kind.table)
        .where(kind.columns.id == any_(bindparam("fact_ids", type_=ARRAY(Uuid))))
        .values(
            superseded_at=bindparam("now", type_=MOMENT),
            superseded_because=bindparam("reason", type_=String),
        )
    )
