"""The clock of a sandbox: a database in which whoever asks may say what time it is.

Statements read the time with `now()`, and the process with `app.request.now`. In a sandbox both are told the
same: each request has a moment (`MOMENT`), and each connection knows it while it is lent. The database gets
a `now()` of its own, in a schema that its search path names before that of the system, so that every statement
of the application finds it there. Elsewhere there is no such function, the application's role can make none,
and nothing is looked up for it: `docs/decisions/0027-a-sandbox-has-a-clock-of-its-own.md`.

Whether a database is a sandbox stands in the database alone. No setting makes one of it.
"""

from contextvars import ContextVar
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import text

from app.database.pool import Pool
from app.domain.errors import Unavailable
from app.sql import Statement

MOMENT: ContextVar[datetime | None] = ContextVar("moment", default=None)
"""What time it is for the request that is served; None for the real time. Set in a sandbox alone."""

_SETTING = "yanxun.moment"

_CLOCK = """
CREATE SCHEMA IF NOT EXISTS sandbox;
CREATE OR REPLACE FUNCTION sandbox.now() RETURNS timestamptz STABLE LANGUAGE sql AS $$
    SELECT coalesce(
        nullif(current_setting('yanxun.moment', true), '')::timestamptz, pg_catalog.now()
    )
$$;
GRANT USAGE ON SCHEMA sandbox TO PUBLIC;
SET search_path = public, sandbox, pg_catalog;
DO $$
DECLARE
    each record;
BEGIN
    EXECUTE format(
        'ALTER DATABASE %I SET search_path = public, sandbox, pg_catalog', current_database()
    );
    -- A default names the function that was found when the table was made.
    FOR each IN
        SELECT adrelid::regclass AS owner, attname FROM pg_attrdef
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE pg_get_expr(adbin, adrelid) IN ('now()', 'pg_catalog.now()')
        AND adrelid::regclass::text NOT LIKE 'pgqueuer%'
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER %I SET DEFAULT now()', each.owner, each.attname);
    END LOOP;
END
$$;
"""
_IS_SANDBOX = Statement(text("SELECT to_regprocedure('sandbox.now()') IS NOT NULL"))


class SandboxPooled(Unavailable):
    """A sandbox tells each connection what time it is, which a pooler does not keep."""

    code = "sandbox_pooled"
    zh = "沙箱数据库不能经 PgBouncer 连接。"
    en = "A sandbox cannot be reached through a pooler."


async def make_sandbox(owner_url: str) -> None:
    """Give a migrated database its clock, as the owner; again after each migration."""
    driver = await asyncpg.connect(owner_url)
    try:
        async with driver.transaction():
            await driver.execute(_CLOCK)
    finally:
        await driver.close()


class SandboxPool(Pool):
    """Connections on which the database's time is that of the request."""

    async def take(self) -> asyncpg.Connection:
        """A connection that has been told what time it is."""
        driver = await super().take()
        moment = MOMENT.get()
        try:
            told = "" if moment is None else moment.isoformat()
            await driver.execute("SELECT set_config($1, $2, false)", _SETTING, told)
        except BaseException:
            driver.terminate()
            self.give_back(driver)
            raise
        return driver


async def open_pool(url: str, *, through_pooler: bool = False, **options: Any) -> Pool:
    """The pool of a database, by the kind of database that it is."""
    pool = await Pool.open(url, through_pooler=through_pooler, **options)
    try:
        async with pool.connection() as db:
            is_sandbox = await db.value(_IS_SANDBOX)
        if through_pooler:
            await pool.check_pooler(options["statement_timeout"])
    except BaseException:
        await pool.close()
        raise
    if not is_sandbox:
        return pool
    await pool.close()
    if through_pooler:
        raise SandboxPooled
    return await SandboxPool.open(url, **options)
