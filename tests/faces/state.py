"""What the database holds, as one value, to be compared before and after."""

from typing import Any

import asyncpg


async def state(driver: asyncpg.Connection) -> dict[str, Any]:
    """A sum over every row of every table; only that there was a refusal is recorded elsewhere."""
    names = await driver.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    )
    parts = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*) AS rows,"  # noqa: S608  the database's own names
        " sum(hashtextextended(t::text, 0)) AS hash"
        f" FROM {name} t"
        for (name,) in names
        if name not in {"alembic_version", "audit_act"}
    )
    return {row["name"]: (row["rows"], row["hash"]) for row in await driver.fetch(parts)}
