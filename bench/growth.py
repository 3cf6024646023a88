"""What must not grow with the ledger: compliance at ten times of it, and a what-if in bounded memory."""

import os
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.database.pool import Pool
from app.domain.credits.entries.table import CreditEntry, CreditEntryFields
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.what_ifs import (
    NewWhatIf,
    WhatIf,
    count_next_people,
    open_question,
    request_what_if,
)
from app.domain.progress import begin_work
from app.sql import Connection, Statement
from bench.city import Chosen, city_actor
from bench.direct import Timed, compliance_below, undone
from bench.meter import memory

TIMES = 10
MOST = 1_000_000
"""Entries that are added for a moment; the ledger of the whole city is not made ten times as long."""

_ENTRIES = Statement(select(func.count()).select_from(CreditEntry))
_COPIED = tuple(
    name for name in CreditEntryFields.model_fields if name not in {"sequence", "source_id"}
)
# As the application may: each entry nine times more, from sources of their own, at the end of no chain.
_GROW = f"""
    INSERT INTO credit_entry (id, city_id, previous_hash, hash, sequence, source_id, {", ".join(_COPIED)})
    SELECT gen_random_uuid(), city_id, previous_hash, hash, 100000 * again + sequence, gen_random_uuid(),
        {", ".join(_COPIED)}
    FROM credit_entry, generate_series(1, {TIMES - 1}) AS again WHERE reverses_id IS NULL
"""  # noqa: S608  names of ours


async def grown_compliance(pool: Pool, chosen: Chosen) -> list[Timed]:
    """Compliance by county beside ten times the ledger; nothing where the ledger is a whole city's."""
    async with pool.connection() as db:
        entries = await db.value(_ENTRIES)
        if entries * (TIMES - 1) > MOST:
            return []
        before = await compliance_below(db, chosen, chosen.city_id)
    async with undone(pool) as db:
        await db._driver.execute(_GROW)  # noqa: SLF001  no statement of ours does this
        after = await compliance_below(db, chosen, chosen.city_id)
        longer = await db.value(_ENTRIES)
    compared = f"{before:.2f} ms at {entries} entries, this at {longer}"
    return [Timed(f"g 达标 compliance, {TIMES} × the ledger", after, compared, "flat, ≤ 5 ms")]


async def what_if(pool: Pool, chosen: Chosen) -> Timed:
    """A draft that asks for more, counted for everybody of the city; by how much the process grew."""
    most = held = memory(os.getpid())
    async with undone(pool) as db:
        what_if_id, entries = await _ask(db, chosen), await db.value(_ENTRIES)
        began, ran, is_more = time.perf_counter(), time.process_time(), True
        question = await open_question(db, what_if_id=what_if_id)
        assert question is not None  # noqa: S101  it was just asked
        while is_more:
            is_more = await count_next_people(db, question=question)
            most = max(most, memory(os.getpid()))
        took, ran = time.perf_counter() - began, time.process_time() - ran
    counted = f"{question.done} people, {entries} entries"
    compared = f"{counted}, ours {ran:.0f} s of processor, {most - held:.0f} MB more"
    return Timed("试算 what-if over the city", 1000 * took, compared, "50,000, 2 M < 60 s")


async def _ask(db: Connection, chosen: Chosen) -> Any:
    """The pack in force as a draft whose requirements of an amount ask for one more each."""
    now = datetime.now(UTC)
    pack = (await read_packs(db, city_id=chosen.city_id)).governing(chosen.today)
    draft = pack.document.model_dump(mode="json", exclude_defaults=True)
    draft["version"] += 1000
    for each in draft["requirements"]:
        if "at_least" in each:
            each["at_least"]["value"] = str(Decimal(each["at_least"]["value"]) + 1)
    new = NewWhatIf(unit_id=chosen.city_id, document=draft)
    asked = await request_what_if(db, city_actor(chosen), new=new, now=now)
    await begin_work(db, WhatIf, row_id=asked["id"], now=now)
    return asked["id"]
