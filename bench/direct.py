"""What is measured without HTTP: compliance over the city, and recognition of an activity of 2,000."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, bindparam, func, select, update
from sqlmodel import col

from app.database.pool import Pool
from app.domain.base import MOMENT
from app.domain.credits.entries.ledger import append_entries, lock_heads
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.standings import get_standing
from app.domain.credits.standings.due import FIRST, rebuild_standings
from app.domain.credits.summaries import list_compliance
from app.domain.exchange.exports import Wanted
from app.domain.paging import PageRequest
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.attendance import Attendance
from app.graphql.face import engine
from app.main import tidy_memory
from app.sql import Connection, Statement, new_id
from app.tabular import TabularFormat
from bench.city import Chosen, city_actor, hold_sitting
from bench.meter import memory
from bench.workloads import ENTRIES

ATTENDEES = 2_000


@dataclass(frozen=True)
class Timed:
    """A figure in milliseconds, and what it is compared with."""

    name: str
    milliseconds: float
    compared: str
    promised: str


_CLOSE = Statement(
    update(Activity)
    .where(col(Activity.id) == bindparam("activity_id", type_=Uuid))
    .values(state=ActivityState.CLOSED, closed_at=bindparam("now", type_=MOMENT))
)


class _Undone(Exception):
    """Ends a transaction that was only measured."""


@asynccontextmanager
async def undone(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction that leaves nothing behind."""
    with suppress(_Undone):
        async with pool.transaction() as db:
            yield db
            raise _Undone


async def compliance(pool: Pool, chosen: Chosen) -> list[Timed]:
    """How far the counties of the city, and the schools of one county, have met what is asked."""
    return [
        await _compliance_below(pool, chosen, chosen.city_id, "g 达标 compliance by county"),
        await _compliance_below(pool, chosen, chosen.county_ids[0], "g 达标 compliance by school"),
    ]


async def _compliance_below(pool: Pool, chosen: Chosen, unit_id: UUID, name: str) -> Timed:
    async with pool.connection() as db:
        return Timed(name, await compliance_below(db, chosen, unit_id), "", "≤ 5 ms")


async def compliance_below(db: Connection, chosen: Chosen, unit_id: UUID) -> float:
    """The median of asking for the units below one, in milliseconds."""
    actor, times = city_actor(chosen), []
    for _ in range(30):
        began = time.perf_counter()
        await list_compliance(db, actor, unit_id=unit_id, page=PageRequest(limit=100))
        times.append(1000 * (time.perf_counter() - began))
    return median(times)


async def recognition(pool: Pool, owner_url: str, chosen: Chosen) -> Timed:
    """Recognise an activity of 2,000, beside inserting the same ledger rows alone."""
    actor, moment = city_actor(chosen), datetime.now(UTC)
    tidy_memory()  # as whoever serves does
    async with pool.transaction() as db:
        sitting = await hold_sitting(db, chosen)
        await attend(db, owner_url, chosen, sitting)
    whole, alone = [], []
    # Two medians are compared, and the first times find cold statements: of few they say little.
    for _ in range(9):
        async with undone(pool) as db:
            began = time.perf_counter()
            done = await recognise_activity(db, actor, activity_id=sitting.activity_id, now=moment)
            whole.append(1000 * (time.perf_counter() - began))
            assert done["entered"] == ATTENDEES, done  # noqa: S101  or nothing was measured
        alone.append(await _insert_alone(pool, chosen, moment))
    share = median(alone) / median(whole)
    compared = f"rows alone {median(alone):.0f} ms, {share:.0%}"
    return Timed("h 认定两千人 recognition of 2,000", median(whole), compared, "≥ 40 %, < 1500 ms")


async def standing(pool: Pool, chosen: Chosen) -> Timed:
    """One teacher's standing in full, counted from the ledger."""
    actor, times = city_actor(chosen), []
    async with pool.connection() as db:
        for teacher_id in chosen.teacher_ids[:200]:
            began = time.perf_counter()
            await get_standing(db, actor, teacher_id=teacher_id, now=datetime.now(UTC))
            times.append(1000 * (time.perf_counter() - began))
    return Timed("学分状况 one standing", median(times), "", "< 5 ms")


async def rebuilding(pool: Pool, _: Chosen) -> Timed:
    """All standings from the ledger, as two thousand people's take in one process."""
    spent, people, entries, after = 0.0, 0, 0, FIRST
    async with undone(pool) as db:
        for _part in range(4):
            began = time.perf_counter()
            part = await rebuild_standings(db, after=after, now=datetime.now(UTC), at_most=500)
            spent, people = spent + time.perf_counter() - began, people + part.counted
            if part.last is None:
                break
            after = part.last
        entries = await db.value(_ENTRIES_UNTIL, teacher_id=after)
    compared = f"{people} people, {entries} entries: 2 M in {2e6 * spent / max(entries, 1):.0f} s"
    return Timed("全部重算 standings rebuilt", 1000 * spent, compared, "2 M < 90 s")


_ENTRIES_UNTIL = Statement(
    select(func.count())
    .select_from(CreditEntry)
    .where(col(CreditEntry.teacher_id) <= bindparam("teacher_id", type_=Uuid))
)


async def attend(db: Connection, owner_url: str, chosen: Chosen, sitting: Any) -> None:
    """The first 2,000 teachers were there, and the activity is closed (as the owner, by hand)."""
    owner = await asyncpg.connect(owner_url)
    try:
        rows = await owner.fetch(
            "SELECT id, city_id, county_id, school_id FROM teacher WHERE id = ANY ($1)",
            chosen.teacher_ids[:ATTENDEES],
        )
    finally:
        await owner.close()
    await db.insert_all(
        Attendance,
        [
            {
                "id": new_id(),
                "session_id": sitting.session_id,
                "activity_id": sitting.activity_id,
                "teacher_id": row["id"],
                "city_id": row["city_id"],
                "county_id": row["county_id"],
                "school_id": row["school_id"],
                "status": "present",
                "method": "organiser",
                "role": "participant",
                "recorded_by": chosen.account_id,
            }
            for row in rows
        ],
    )
    await db.run(_CLOSE, activity_id=sitting.activity_id, now=datetime.now(UTC))


async def _insert_alone(pool: Pool, chosen: Chosen, moment: datetime) -> float:
    """The ledger rows alone, already chained; with the heads' rows, which they refer to."""
    people = chosen.teacher_ids[:ATTENDEES]
    rows = [_row(teacher_id, chosen, moment) for teacher_id in people]
    async with undone(pool) as db:
        heads = await lock_heads(db, teacher_ids=people)
        began = time.perf_counter()
        await append_entries(db, entries=rows, heads=heads)
        return 1000 * (time.perf_counter() - began)


def _row(teacher_id: Any, chosen: Chosen, moment: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "city_id": chosen.city_id,
        "teacher_id": teacher_id,
        "kind": "earn",
        "source_kind": "activity",
        "source_id": new_id(),
        "attempt": 1,
        "reverses_id": None,
        "earned_on": chosen.today,
        "recorded_at": moment,
        "recorded_by": chosen.account_id,
        "hours": Decimal("2.00"),
        "credits": Decimal("2.00"),
        "level": "city",
        "activity_kind": "lecture",
        "mode": "concentrated",
        "role": "participant",
        "channel": "school_based",
        "content": ["ethics"],
        "awarded_rank": "first_grade",
        "awarded_posts": ["teacher"],
        "awarded_school_id": None,
        "awarded_county_id": None,
        "pack_id": "yueyang-demo-2026",
        "pack_version": 1,
        "rule_id": None,
        "reason": None,
    }


async def exporting(pool: Pool, chosen: Chosen) -> Timed:
    """The whole ledger as CSV, to nobody: rows a second, and by how much the process grew."""
    wanted = Wanted.of("list_credit_entries", [], columns=None, sort=None, format=TabularFormat.CSV)
    actor, rows, held = city_actor(chosen), 0, memory(os.getpid())
    most, began = held, time.perf_counter()
    async with pool.transaction(read_only=True) as db:
        async for _, ended in wanted.pieces(db, actor, now=datetime.now(UTC)):
            rows, most = rows + ended, max(most, memory(os.getpid()))
    took = time.perf_counter() - began
    compared = f"{rows} rows, {rows / took:.0f} a second, {most - held:.0f} MB more"
    return Timed("导出台账 ledger exported", 1000 * took, compared, "≥ 100,000 a second, < 100 MB")


def planning(chosen: Chosen) -> Timed:
    """From the text of a document that was seen before to its plan, its cost measured."""
    documents, times = engine._documents, []  # noqa: SLF001  there is no other way to it alone
    values = engine._variables(documents.operation(ENTRIES, None), {"id": str(chosen.city_id)})  # noqa: SLF001
    for _ in range(30):
        began = time.perf_counter()
        for _ in range(100):
            operation = documents.operation(documents.text(ENTRIES, None), None)
            documents.cost(operation, values)
            documents.plan(operation, values)
        times.append(10 * (time.perf_counter() - began))
    return Timed("a kept document planned", median(times), "", "< 0.02 ms")
