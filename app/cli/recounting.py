"""`yanxun recount`: judge anew what a day or a changed fact has made stale; for every night."""

import asyncio
from datetime import UTC, datetime

from app.cli.database import available, check_migrated
from app.cli.output import console
from app.database.pool import Pool
from app.domain.base import civil_date
from app.domain.credits.standings.due import recount_due
from app.settings import Settings, get_settings

_AT_ONCE = 500
"""People of one transaction: short, so that recognitions do not wait long."""


def recount() -> None:
    """Judge anew the stored standings that fell due by today."""
    with available(get_settings()) as settings:
        asyncio.run(check_migrated(str(settings.database_url)))
        people = asyncio.run(_recount(settings))
    console.print(f"已重新判定 / judged anew: {people}")


async def _recount(settings: Settings) -> int:
    day, people = civil_date(datetime.now(UTC)), 0
    pool = await Pool.open(
        str(settings.database_url), size=1, patience=settings.pool_patience, statement_timeout=300
    )
    try:
        while True:
            async with pool.transaction() as db:
                done = await recount_due(db, day=day, at_most=_AT_ONCE)
            if not done:
                return people
            people += done
    finally:
        await pool.close()
