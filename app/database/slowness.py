"""Which statements take the time: what `pg_stat_statements` has counted, for whoever keeps a deployment."""

from typing import NamedTuple

import asyncpg

from app.domain.errors import Unavailable

__all__ = ["ORDERS", "Slow", "StatisticsMissing", "slow_statements"]


class StatisticsMissing(Unavailable):
    """The server does not count its statements."""

    code = "statement_statistics_missing"
    zh = (
        "数据库未统计语句。请在 postgresql.conf 中设 shared_preload_libraries = 'pg_stat_statements' 并重启，"
        "再以超级用户在本库执行 CREATE EXTENSION pg_stat_statements。"
    )
    en = (
        "The database does not count its statements. Set shared_preload_libraries ="
        " 'pg_stat_statements' in postgresql.conf, start it anew, and as a superuser run"
        " CREATE EXTENSION pg_stat_statements in this database."
    )


class Slow(NamedTuple):
    """One statement without its values; times in milliseconds."""

    calls: int
    total: float
    share: float
    mean: float
    longest: float
    rows: int
    read: int
    """Pages of 8 KB that were not in memory."""
    text: str


ORDERS = {
    "total": "total_exec_time",
    "mean": "mean_exec_time",
    "longest": "max_exec_time",
    "calls": "calls",
}

_SCHEMA = (
    "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
    " WHERE extname = 'pg_stat_statements'"
)
_SLOW = """
SELECT calls, total_exec_time AS total,
    coalesce(total_exec_time / nullif(sum(total_exec_time) OVER (), 0), 0) AS share,
    mean_exec_time AS mean, max_exec_time AS longest, rows, shared_blks_read AS read,
    regexp_replace(query, '\\s+', ' ', 'g') AS text
FROM {schema}.pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND userid = current_user::regrole AND toplevel
ORDER BY {order} DESC LIMIT $1
"""


async def _schema(connection: asyncpg.Connection) -> str:
    schema = await connection.fetchval(_SCHEMA)
    if schema is None:
        raise StatisticsMissing
    return str(schema)


async def slow_statements(connection: asyncpg.Connection, *, order: str, most: int) -> list[Slow]:
    """The statements of this role that took most, by one of `ORDERS`, since they were last forgotten."""
    query = _SLOW.format(schema=await _schema(connection), order=ORDERS[order])
    try:
        return [Slow(*row) for row in await connection.fetch(query, most)]
    except asyncpg.ObjectNotInPrerequisiteStateError as error:
        raise StatisticsMissing from error  # made, and not loaded
