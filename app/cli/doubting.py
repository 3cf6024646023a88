"""`yanxun doubts`: look for what should be looked at in attendance and learning; for every night."""

import asyncio
from datetime import UTC, datetime, timedelta

from app.cli.database import migrated, pool_of_one
from app.cli.output import console
from app.domain.learning.learning_doubts import have_open_doubts_found_again
from app.domain.training.doubts import find_doubts_of_city, list_cities
from app.settings import Settings, get_settings


def find_doubts(days: int) -> None:
    """Put up the doubts about whatever was recorded in these last days, city by city."""
    with migrated(get_settings()) as settings:
        found = asyncio.run(find_in_cities(settings, datetime.now(UTC), timedelta(days=days)))
    console.print(f"新增或更新考勤疑点 / doubts put up or grown: {found}")


async def find_in_cities(settings: Settings, now: datetime, period: timedelta) -> int:
    """How many doubts are new, or newly more, in all cities; a transaction for each city.

    Open doubts about learning fall due to be looked for again, which the upkeep does.
    """
    found = 0
    async with pool_of_one(settings, statement_timeout=300) as pool:
        async with pool.connection() as db:
            cities = await list_cities(db)
        for city_id in cities:
            async with pool.transaction() as db:
                found += await find_doubts_of_city(db, city_id=city_id, since=now - period, now=now)
        async with pool.transaction() as db:
            await have_open_doubts_found_again(db, now=now)
    return found
