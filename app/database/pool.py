"""The pool of connections that a process serves its requests from."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from app.domain.errors import TooMany, Unavailable
from app.sql import Connection, prepare_connection


class PoolExhausted(TooMany):
    """Every connection is in use and stayed so for as long as a request waits."""

    code = "overloaded"
    zh = "系统繁忙，请在 {retry_after} 秒后重试。"
    en = "The system is busy: try again in {retry_after} seconds."


class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code = "database_unavailable"


_NO_CONNECTION = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""How acquiring fails when the server is gone, is starting or stopping, or has no room."""


async def _keep(_: asyncpg.Connection) -> None:
    """Leave a returned connection as it is: nothing here ever sets anything beyond a transaction."""


class Pool:
    """Connections to one database; made by `open`, given back by `close`."""

    def __init__(self, driver: asyncpg.Pool, patience: float) -> None:
        self._driver = driver
        self._patience = patience

    @classmethod
    async def open(
        cls, url: str, *, size: int, patience: float, statement_timeout: float
    ) -> "Pool":
        """A pool of at most `size` connections; `patience` and `statement_timeout` in seconds."""
        driver = await asyncpg.create_pool(
            url,
            min_size=min(2, size),
            max_size=size,
            init=prepare_connection,
            reset=_keep,
            statement_cache_size=1000,
            max_inactive_connection_lifetime=300,
            server_settings={
                "application_name": "yanxun",
                "statement_timeout": str(round(statement_timeout * 1000)),
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
            },
        )
        return cls(driver, patience)

    async def close(self) -> None:
        """Give the connections back; those in use are waited for, at most ten seconds."""
        try:
            await asyncio.wait_for(self._driver.close(), timeout=10)
        except TimeoutError:
            self._driver.terminate()

    async def check(self) -> None:
        """Refuse with `DatabaseUnavailable` or `PoolExhausted` unless the database answers."""
        async with self.connection() as db:
            await db.check()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection without a transaction: for a single statement, which is atomic by itself."""
        try:
            driver = await self._driver.acquire(timeout=self._patience)
        except TimeoutError:
            raise PoolExhausted(retry_after=1) from None
        except _NO_CONNECTION:
            raise DatabaseUnavailable from None
        try:
            yield Connection(driver)
        finally:
            await self._driver.release(driver)

    @asynccontextmanager
    async def transaction(self, *, read_only: bool = False) -> AsyncIterator[Connection]:
        """A connection in a transaction; a read-only one sees a single state of the database."""
        async with self.connection() as db:
            isolation = "repeatable_read" if read_only else None
            async with db.transaction(read_only=read_only, isolation=isolation):
                yield db
