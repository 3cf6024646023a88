"""`yanxun slow`: which statements take the time."""

import asyncio

import msgspec
from rich.table import Table
from rich.text import Text

from app.cli.database import connected, existing
from app.cli.output import console
from app.database.slowness import Slow, slow_statements
from app.settings import get_settings


def show_slow_statements(order: str, most: int, *, as_json: bool) -> None:
    """Print the statements that took most."""
    found = asyncio.run(_found(order, most))
    if as_json:
        told = [each._asdict() for each in found]
        console.print(msgspec.json.encode(told).decode(), markup=False)
        return
    table = Table(
        "次数 calls", "总 total s", "占比", "平均 mean ms", "最长 max ms", "语句 statement"
    )
    for each in found:
        table.add_row(
            f"{each.calls:,}", f"{each.total / 1000:.1f}", f"{each.share:.0%}",
            f"{each.mean:.2f}", f"{each.longest:.0f}", Text(each.text[:300]),
        )  # fmt: skip
    console.print(table)


async def _found(order: str, most: int) -> list[Slow]:
    async with connected(existing(get_settings()).session_url) as connection:
        return await slow_statements(connection, order=order, most=most)
