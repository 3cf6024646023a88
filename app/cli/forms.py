"""`yanxun forms`: publish for every city the shipped forms of activities that it has not got yet."""

import asyncio
from datetime import UTC, datetime

from app.cli.database import migrated, pool_of_one
from app.cli.output import console
from app.domain.access.audit import Provenance, record_act
from app.domain.training.forms import load_forms
from app.domain.training.forms.shipped import shipped_forms
from app.settings import Settings, get_settings


def forms() -> None:
    """Publish what is missing; what a city has changed or retired itself stays as it is."""
    with migrated(get_settings()) as settings:
        added = asyncio.run(_load(settings))
    console.print(f"已发布活动样式 / forms published: {added}")


async def _load(settings: Settings) -> int:
    async with pool_of_one(settings, statement_timeout=60) as pool, pool.transaction() as db:
        added = await load_forms(db, forms=shipped_forms(), now=datetime.now(UTC))
        if added:
            await record_act(
                db, None, operation="load_forms", target_id=None, provenance=Provenance()
            )
        return added
