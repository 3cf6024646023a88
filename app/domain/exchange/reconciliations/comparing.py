"""Comparing both sides, a stretch of keys in each transaction: memory stays the same however many."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, Text, Uuid, bindparam, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from app.domain.base import MOMENT
from app.domain.exchange.reconciliations.reconciliation import (
    DisagreementKind,
    Reconciliation,
    ReconciliationDifference,
    ReconciliationState,
)
from app.domain.exchange.submissions import (
    LEASE,
    Held,
    HeldPage,
    PlatformDown,
    ProvinceRecord,
    RecordState,
)
from app.sql import Connection, Row, Statement, new_id

STRETCH = 500
"""How many records of either side are compared in one transaction."""
_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True)
class Stretch:
    """Where a reconciliation goes on."""

    reconciliation_id: UUID
    city_id: UUID
    after: str
    agreeing: int
    differing: int


# What may be asked.

_NEXT = Statement(
    select(
        *(
            col(getattr(Reconciliation, name))
            for name in ("id", "city_id", "reached", "agreeing", "differing")
        )
    )
    .where(col(Reconciliation.next_at) <= bindparam("now", type_=MOMENT))
    .order_by(col(Reconciliation.next_at))
    .limit(1)
    .with_for_update(skip_locked=True)
)
_key = col(ProvinceRecord.key).collate("C")
_OURS = Statement(
    select(
        col(ProvinceRecord.key), col(ProvinceRecord.digest), col(ProvinceRecord.state)
    )
    .ext(distinct_on(_key))
    .where(
        col(ProvinceRecord.city_id) == bindparam("city_id", type_=Uuid),
        _key > bindparam("after", type_=Text),
        or_(bindparam("to_end", type_=Boolean), _key <= bindparam("until", type_=Text)),
    )
    # Of several attempts at one thing the last is what we count.
    .order_by(_key, col(ProvinceRecord.attempt).desc())
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip


# What may be done.


async def take_stretch(db: Connection, *, now: datetime) -> Stretch | None:
    """Take up the reconciliation that is due first, and hold it for a while."""
    row = await db.one(_NEXT, now=now)
    if row is None:
        return None
    await db.change(Reconciliation, row["id"], {"next_at": now + LEASE})
    return Stretch(row["id"], row["city_id"], row["reached"], row["agreeing"], row["differing"])


async def compare_stretch(
    db: Connection, *, stretch: Stretch, page: HeldPage, now: datetime
) -> bool:
    """Compare what the province holds in a stretch of keys with ours; whether more is left.

    Of two processes at the same stretch one compares it: the other finds that it has moved on.
    """
    theirs, to_end = page.records, not page.more
    until = theirs[-1].key if theirs else ""
    held = await db.one(_HOLD, reconciliation_id=stretch.reconciliation_id)
    if held is None or held["reached"] != stretch.after or held["state"] != "running":
        return False
    bounds = {"after": stretch.after, "until": until, "to_end": to_end, "most": STRETCH + 1}
    ours = await db.all(_OURS, city_id=stretch.city_id, **bounds)
    if len(ours) > STRETCH:  # the stretch ends with ours: theirs behind it is asked for again
        ours = ours[:STRETCH]
        until, to_end = ours[-1]["key"], False
        theirs = [each for each in theirs if each.key <= until]
    agreeing, found = _compare(ours, theirs)
    place = {"city_id": stretch.city_id, "county_id": stretch.city_id, "school_id": None}
    about = {"reconciliation_id": stretch.reconciliation_id, **place}
    await db.insert_all(
        ReconciliationDifference, [{"id": new_id(), **about, **each} for each in found]
    )
    values: dict[str, Any] = {
        "agreeing": stretch.agreeing + agreeing,
        "differing": stretch.differing + len(found),
        "failure": None,
    }
    if to_end:
        values |= {"state": ReconciliationState.DONE, "done_at": now, "next_at": None}
    else:
        values |= {"reached": until, "next_at": now}
    await db.change(Reconciliation, stretch.reconciliation_id, values)
    return not to_end


_HOLD = Statement(
    select(col(Reconciliation.reached), col(Reconciliation.state))
    .where(col(Reconciliation.id) == bindparam("reconciliation_id", type_=Uuid))
    .with_for_update()
)


def _compare(ours: list[Row], theirs: list[Held]) -> tuple[int, list[Row]]:
    """How many agree, and what does not."""
    here = {row["key"]: row for row in ours}
    there = {each.key: each for each in theirs}
    differences = [
        found
        for name in sorted(here.keys() | there.keys())
        for found in _difference(name, here.get(name), there.get(name))
    ]
    said = {found["key"] for found in differences}
    return len((here.keys() & there.keys()) - said), differences


def _difference(name: str, ours: Row | None, theirs: Held | None) -> Iterator[Row]:
    """At most one difference: a record under way is none, nor one that neither side counts."""
    state = None if ours is None else RecordState(ours["state"])
    if state is RecordState.WAITING:
        return
    if ours is None:
        kind = DisagreementKind.MISSING_HERE
    elif theirs is None:
        kind = DisagreementKind.MISSING_THERE
    else:
        kind = DisagreementKind.DIFFERENT
    uncounted = {None, RecordState.REJECTED}
    if state in uncounted and (theirs is None or theirs.state in uncounted):
        return
    if ours and theirs and (theirs.state, theirs.digest) == (state, ours["digest"]):
        return
    yield {
        "kind": kind,
        "key": name,
        "our_state": None if state is None else state.value,
        "their_state": None if theirs is None else theirs.state.value,
        "our_digest": None if ours is None else ours["digest"],
        "their_digest": None if theirs is None else theirs.digest,
    }


async def put_off(db: Connection, *, stretch: Stretch, down: PlatformDown, now: datetime) -> None:
    """Go on later: the province did not answer."""
    later = {"next_at": now + _PAUSE, "failure": down.code[:60]}
    await db.change(Reconciliation, stretch.reconciliation_id, later)
