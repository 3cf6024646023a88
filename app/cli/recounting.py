"""`yanxun recount`: judge anew at once what a day, a fact or a pack has made stale, or count all again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from app.cli.database import migrated, pool_of_one
from app.cli.output import console, errors
from app.database.pool import Pool
from app.domain.base import SHANGHAI
from app.domain.credits.standings.due import FIRST, Part, rebuild_standings, recount_due
from app.domain.credits.standings.failures import list_recount_failures
from app.domain.credits.standings.takeover import BEGINNING, take_over
from app.settings import Settings, get_settings
from app.sql import Row

_AT_ONCE = 500
"""People of one transaction: short, so that recognitions do not wait long."""
_MOMENT = "%Y-%m-%d %H:%M"


def recount(*, everything: bool = False) -> None:
    """Judge anew what fell due by today and count what a new pack took over, or rebuild all."""
    work = rebuild_all if everything else recount_all_due
    with migrated(get_settings()) as settings:
        people = asyncio.run(work(settings))
        failures = asyncio.run(set_aside(settings))
    console.print(f"已重新判定 / judged anew: {people}")
    if failures:
        errors.print(
            f"未能计算 / could not be counted: {len(failures)}"
            "（yanxun recount --failures 列出 / lists them）"
        )


def list_failures() -> None:
    """Whose standings could not be counted, by this command or by a server, and when it is tried again."""
    with migrated(get_settings()) as settings:
        rows = asyncio.run(set_aside(settings))
    if not rows:
        console.print("没有未能计算的学分状况 / none")
        return
    for row in rows:
        since, due = (row[name].astimezone(SHANGHAI) for name in ("failed_at", "due_at"))
        console.print(
            f"{row['teacher_id']}  {row['school']}  {row['problem']}  自 / since {since:{_MOMENT}}，"
            f"已试{row['tries']}次 / tries，下次 / next {due:{_MOMENT}}",
            markup=False,
        )


async def set_aside(settings: Settings) -> list[Row]:
    """Whose standings could not be counted."""
    async with (
        pool_of_one(settings, statement_timeout=300) as pool,
        pool.transaction(read_only=True) as db,
    ):
        return await list_recount_failures(db)


async def recount_all_due(settings: Settings) -> int:
    """How many people's standings fell due and were judged anew."""
    async with pool_of_one(settings, statement_timeout=300) as pool:
        judged = await _all_of(pool, recount_due, FIRST)
        return judged + await _all_of(pool, take_over, BEGINNING)


async def rebuild_all(settings: Settings) -> int:
    """How many people there are with a ledger; all their standings were counted from it anew."""
    async with pool_of_one(settings, statement_timeout=300) as pool:
        return await _all_of(pool, rebuild_standings, FIRST)


async def _all_of(pool: Pool, work: Callable[..., Awaitable[Part[Any]]], first: object) -> int:
    """One round from the beginning, a transaction for each part; how many people were counted."""
    people, after, now = 0, first, datetime.now(UTC)
    while after is not None:
        async with pool.transaction() as db:
            part = await work(db, after=after, now=now, at_most=_AT_ONCE)
        people, after = people + part.counted, part.last
    return people
