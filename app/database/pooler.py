"""A pooler between us and the server: PgBouncer in transaction mode, which lends a server for a transaction.

What outlives a transaction is not ours there: prepared statements, settings of the session, session-level
advisory locks, `LISTEN`. So nothing is prepared by name, each statement is in a transaction, and whatever
needs a session (hearing, the worker, migrations, the command line) has an address of its own that leads past
the pooler (`DATABASE_DIRECT_URL`). Decision record 0030 has what was tried.
"""

from functools import partialmethod
from typing import Any

import asyncpg

from app.domain.errors import Unavailable

__all__ = ["Pinned", "PoolerNotFit", "check_pooler"]


class PoolerNotFit(Unavailable):
    """The role has no limit for statements of its own, and through the pooler none can be set."""

    code = "pooler_not_fit"
    zh = "经连接池（PgBouncer）连接时，语句时限须设在数据库角色上。请以超级用户执行：{sql}"
    en = "Behind a pooler the limit for statements must be set on the role. As a superuser run: {sql}"


class Pinned:
    """A connection whose every statement is in a transaction, and so parsed and run by one server.

    Outside of a transaction the pooler may hand the parsing of a statement to one server and its run to
    another, which may hold another statement under the same (empty) name.
    """

    __slots__ = ("_driver",)

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    async def _run(self, name: str, *arguments: Any, **options: Any) -> Any:
        call = getattr(self._driver, name)
        if self._driver.is_in_transaction():
            return await call(*arguments, **options)
        async with self._driver.transaction():
            return await call(*arguments, **options)

    fetch = partialmethod(_run, "fetch")
    fetchrow = partialmethod(_run, "fetchrow")
    fetchval = partialmethod(_run, "fetchval")
    execute = partialmethod(_run, "execute")
    copy_to_table = partialmethod(_run, "copy_to_table")
    prepare = partialmethod(_run, "prepare")


async def check_pooler(driver: Any, statement_timeout: float) -> None:
    """Refuse unless the role itself bounds its statements, as no session of ours can."""
    limits = await driver.fetchrow(
        "SELECT current_setting('statement_timeout') AS statement,"
        " current_setting('idle_in_transaction_session_timeout') AS idle,"
        " quote_ident(current_user) AS role, quote_ident(current_database()) AS database"
    )
    if "0" not in {limits["statement"], limits["idle"]}:
        return
    milliseconds = round(statement_timeout * 1000)
    to = f"ALTER ROLE {limits['role']} IN DATABASE {limits['database']} SET"
    raise PoolerNotFit(
        sql=f"{to} statement_timeout = {milliseconds};"
        f" {to} idle_in_transaction_session_timeout = 60000;"
    )
