"""The command that verifies the books of the funds: `verify funds`."""

import asyncio

from app.cli.database import migrated, pool_of_one
from app.cli.output import console
from app.domain.errors import Conflict
from app.domain.quality.fund_verification import FundVerification, verify_funds
from app.settings import Settings, get_settings


class BooksNotBalanced(Conflict):
    """A row of the funds is not what the journal says; the first such row is named."""

    code = "books_not_balanced"
    zh = "经费账核验发现不一致：{table}（{key}）：{reason_zh}"
    en = "The books of the funds are not right: {table} ({key}): {reason}"


def verify() -> None:
    """Sum the journal again, and compare every balance and every document with it."""
    with migrated(get_settings()) as settings:
        found = asyncio.run(_verify(settings))
    console.print(f"预算科目 / lines {found.lines}  分录 / entries {found.entries}")
    if found.finding is not None:
        raise BooksNotBalanced(
            table=found.finding.table,
            key=", ".join(f"{name} {value}" for name, value in found.finding.key.items()),
            reason_zh=found.finding.zh,
            reason=found.finding.en,
        )
    console.print("经费账平 / the books of the funds balance")


async def _verify(settings: Settings) -> FundVerification:
    async with pool_of_one(settings) as pool, pool.transaction(read_only=True) as db:
        return await verify_funds(db)
