"""The embedded server's own account of its statements: PostgreSQL's `pg_stat_statements`.

It keeps the text with every value taken out, how often it was run and how long that took; `yanxun slow`
shows it. What is no query (`SET`, `COPY … FROM`) is not kept, for there values would stay in the text.
"""

import asyncpg

from app.database.embedded.installation import Installation
from app.database.roles import APPLICATION

__all__ = ["SCHEMA", "collecting", "make_statistics"]

_LIBRARY = "pg_stat_statements"
SCHEMA = "statistics"


def collecting(installation: Installation) -> dict[str, str]:
    """The settings by which statements are counted; none where the programs have no such library."""
    if not any(installation.programs.parent.glob(f"lib/**/{_LIBRARY}.*")):
        return {}
    return {
        "shared_preload_libraries": _LIBRARY,
        f"{_LIBRARY}.track_utility": "off",
        f"{_LIBRARY}.max": "5000",
    }


async def make_statistics(url: str) -> None:
    """Make what shows them, as the superuser, where it is missing and can be made."""
    connection = await asyncpg.connect(url)
    try:
        can = await connection.fetchval(
            "SELECT current_setting('shared_preload_libraries') LIKE '%' || $1 || '%'"
            " AND NOT pg_is_in_recovery()"
            " AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = $1)",
            _LIBRARY,
        )
        if can:
            async with connection.transaction():
                await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                await connection.execute(f"CREATE EXTENSION {_LIBRARY} SCHEMA {SCHEMA}")
                await connection.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {APPLICATION}")
    finally:
        await connection.close()
