"""The pool of connections that a process serves its requests from.

It is our own: that of asyncpg starts a task to give a connection back and another timer to take one,
which cost a plain request more than its statement. Nothing here ever sets anything on a connection
beyond a transaction, so that one is given back as it is; one that cannot be trusted is closed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import asyncpg

from app.database.pooler import Pinned, check_pooler
from app.domain.errors import Unavailable
from app.sql import LOST, Connection, prepare_connection
from app.wall import Behind, Wall

LONGEST_IDLE = 300.0
"""Seconds after which an idle connection is not used again: somebody on the way may have dropped it."""
_LONGEST_CLOSING = 10.0
"""Seconds for which connections in use are waited for when the pool is closed."""
SILENCE = 5.0
"""Seconds after the server should have given up on a statement, until it counts as gone without a word."""

WRITING: Final[Mapping[str, Any]] = {}
READING: Final[Mapping[str, Any]] = {"readonly": True, "isolation": "repeatable_read"}
"""What transactions are begun with."""


class Sight:
    """What a request has written and what its client has seen, as places in the write-ahead log.

    Both are 0 where there is nothing of the kind. `unsafe` says that the request may write even
    without a transaction.
    """

    __slots__ = ("seen", "unsafe", "wrote")

    def __init__(self, *, unsafe: bool = True, seen: int = 0) -> None:
        self.unsafe, self.seen, self.wrote = unsafe, seen, 0


SIGHT: ContextVar[Sight | None] = ContextVar("sight", default=None)
"""That of the request that is being served, where there are replicas: they must show what it wrote."""


class PoolExhausted(Unavailable):
    """Every connection is in use and stayed so for as long as a request waits: it is not the client's doing."""

    code = "overloaded"
    zh = "系统繁忙，请在 {retry_after} 秒后重试。"
    en = "The system is busy: try again in {retry_after} seconds."


class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code = "database_unavailable"


class _Idle(NamedTuple):
    """A connection that nobody uses, and since when (on the monotonic clock)."""

    driver: asyncpg.Connection
    since: float


class Pool:
    """Connections to one database; made by `open`, given back by `close`.

    At most `size` are in use at once; whoever finds them all in use waits in turn, at most `patience`
    seconds. The one that was used last is used next, so that the server sees few of them.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[asyncpg.Connection]], size: int, patience: float
    ) -> None:
        self._connect = connect
        self._size = size
        self._patience = patience
        self._places = asyncio.Semaphore(size)
        self._idle: list[_Idle] = []
        self._open: set[asyncpg.Connection] = set()
        self._closed = False
        self._through_pooler = False

    @classmethod
    def of(
        cls,
        url: str,
        *,
        size: int,
        patience: float,
        statement_timeout: float,
        through_pooler: bool = False,
    ) -> Self:
        """A pool of at most `size` connections, none of them open yet; both times in seconds.

        `through_pooler`: another pool stands before the server (PgBouncer) and gives each transaction a
        server of its own. Nothing outlives a transaction then: `app.database.pooler`.
        """
        settings = {"application_name": "yanxun", "timezone": "UTC"}
        if not through_pooler:
            settings |= {
                "statement_timeout": str(round(statement_timeout * 1000)),
                "idle_in_transaction_session_timeout": "60000",
            }

        async def connect() -> asyncpg.Connection:
            driver = await asyncpg.connect(
                url,
                timeout=patience,
                command_timeout=statement_timeout + SILENCE if statement_timeout else None,
                statement_cache_size=0 if through_pooler else 1000,
                # The longest (a key among all nouns) are the dearest to plan, and their number is known.
                max_cacheable_statement_size=0,
                server_settings=settings,
            )
            try:
                async with driver.transaction() if through_pooler else nullcontext():
                    await prepare_connection(driver)
            except BaseException:
                driver.terminate()
                raise
            return driver

        made = cls(connect, size, patience)
        made._through_pooler = through_pooler
        return made

    @classmethod
    async def open(cls, url: str, **options: Any) -> Self:
        """The pool `of` these, of which one connection is open."""
        pool = cls.of(url, **options)
        pool.give_back(await pool.take())
        return pool

    async def close(self) -> None:
        """Give the connections back; those in use are waited for, at most ten seconds."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_CLOSING):
                for _ in range(self._size):
                    await self._places.acquire()
                for driver in list(self._open):
                    await driver.close()
        for driver in self._open:
            driver.terminate()
        self._open.clear()
        for _ in range(self._size):
            self._places.release()  # whoever still waits is refused

    async def check(self) -> None:
        """Refuse with `DatabaseUnavailable` or `PoolExhausted` unless the database answers."""
        async with self.connection() as db:
            await db.check()

    async def check_pooler(self, statement_timeout: float) -> None:
        """Refuse with `PoolerNotFit` unless the server itself bounds statements; for use behind one."""
        driver = await self.take()
        try:
            await check_pooler(Pinned(driver), statement_timeout)
        finally:
            self.give_back(driver)

    def connection(self, wall: Wall | None = None) -> AbstractAsyncContextManager[Connection]:
        """A connection without a transaction: for a single statement, which is atomic by itself.

        Behind a `wall` nothing is written, and what stands behind it is seen within its bounds.
        """
        return _Lent(self, None, wall)

    def transaction(
        self, *, read_only: bool = False, wall: Wall | None = None
    ) -> AbstractAsyncContextManager[Connection]:
        """A connection in a transaction; a read-only one sees a single state of the database."""
        return _Lent(self, READING if read_only else WRITING, wall)

    async def take(self) -> asyncpg.Connection:
        """A connection for the caller alone, who gives it back."""
        await self._take_place()
        try:
            return self._last_used() or await self._new()
        except BaseException:
            self._places.release()
            raise

    def lent(self, driver: asyncpg.Connection) -> Connection:
        """What a connection is to those who use it."""
        return Connection(self._plain(driver))

    def behind(self, driver: asyncpg.Connection, wall: Wall) -> Behind:
        """What a connection is to those who only read."""
        return Behind(driver, wall, self._plain(driver))

    def _plain(self, driver: asyncpg.Connection) -> Any:
        return Pinned(driver) if self._through_pooler else driver

    def give_back(self, driver: asyncpg.Connection) -> None:
        """Let others have a connection; one that was left within a transaction is closed."""
        if driver.is_closed() or driver.is_in_transaction():
            self._let_go(driver)
        else:
            self._idle.append(_Idle(driver, time.monotonic()))
        self._places.release()

    async def _take_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise PoolExhausted(retry_after=1) from None

    def _last_used(self) -> asyncpg.Connection | None:
        """The connection that was given back last, if it can still be used."""
        if self._closed:
            raise DatabaseUnavailable
        while self._idle:
            driver, since = self._idle.pop()
            if time.monotonic() - since < LONGEST_IDLE and not driver.is_closed():
                return driver
            self._let_go(driver)
        return None

    async def _new(self) -> asyncpg.Connection:
        try:
            driver = await self._connect()
        except LOST:
            raise DatabaseUnavailable from None
        self._open.add(driver)
        return driver

    def _let_go(self, driver: asyncpg.Connection) -> None:
        self._open.discard(driver)
        driver.terminate()


class _Lent:
    """A connection that is taken and given back, with the transaction that it is wanted for.

    A class, for two generators in its place would cost more than beginning the transaction.
    """

    __slots__ = ("_driver", "_options", "_pool", "_transaction", "_wall")

    def __init__(
        self, pool: Pool, options: Mapping[str, Any] | None, wall: Wall | None = None
    ) -> None:
        self._pool = pool
        self._options = options
        self._wall = wall

    async def __aenter__(self) -> Connection:
        self._driver = await self._pool.take()
        used: Any = self._driver
        if self._wall is not None:
            used = self._pool.behind(self._driver, self._wall)
        if self._options is not None:
            self._transaction = used.transaction(**self._options)
            try:
                await self._transaction.__aenter__()
            except BaseException:
                self._driver.terminate()
                self._pool.give_back(self._driver)
                raise
        return self._pool.lent(self._driver) if self._wall is None else Connection(used)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if isinstance(error, asyncio.CancelledError | TimeoutError):
                self._driver.terminate()  # what it was doing may still be going on
            elif self._options is not None:
                await self._transaction.__aexit__(kind, error, trace)
            if error is None and self._options is not READING:
                await self._note_position()
        except asyncio.CancelledError:
            self._driver.terminate()
            raise
        finally:
            self._pool.give_back(self._driver)

    async def _note_position(self) -> None:
        """Note how far the log is after a write, for those who read it from a replica."""
        sight = SIGHT.get()
        if sight is not None and (sight.unsafe or self._options is not None):
            with suppress(*LOST):  # it is committed, whatever becomes of the connection
                sight.wrote = await self._pool.lent(self._driver).position()
