"""`yanxun recount`: judge anew at once what a day, a fact or a pack has made stale, or count all again."""

import asyncio
from datetime import UTC, datetime

from app.cli.database import available, check_migrated
from app.cli.output import console
from app.database.pool import Pool
from app.domain.base import civil_date
from app.domain.credits.standings.due import FIRST, rebuild_standings, recount_due
from app.domain.credits.standings.takeover import take_over
from app.settings import Settings, get_settings

_AT_ONCE = 500
"""People of one transaction: short, so that recognitions do not wait long."""


def recount(*, everything: bool = False) -> None:
    """Judge anew what fell due by today and count what a new pack took over, or rebuild all."""
    work = rebuild_all if everything else recount_all_due
    with available(get_settings()) as settings:
        asyncio.run(check_migrated(str(settings.database_url)))
        people = asyncio.run(work(settings))
    console.print(f"已重新判定 / judged anew: {people}")


async def _open(settings: Settings) -> Pool:
    return await Pool.open(
        str(settings.database_url), size=1, patience=settings.pool_patience, statement_timeout=300
    )


async def recount_all_due(settings: Settings) -> int:
    """How many people's standings fell due and were judged anew."""
    day, people, pool = civil_date(datetime.now(UTC)), 0, await _open(settings)
    try:
        for recount in (recount_due, take_over):
            done = 1
            while done:
                async with pool.transaction() as db:
                    done = await recount(db, day=day, at_most=_AT_ONCE)
                people += done
        return people
    finally:
        await pool.close()


async def rebuild_all(settings: Settings) -> int:
    """How many people there are with a ledger; all their standings were counted from it anew."""
    day, people, pool = civil_date(datetime.now(UTC)), 0, await _open(settings)
    after = FIRST
    try:
        while True:
            async with pool.transaction() as db:
                last, done = await rebuild_standings(db, after=after, day=day, at_most=_AT_ONCE)
            if last is None:
                return people
            after, people = last, people + done
    finally:
        await pool.close()
