"""What a GraphQL request knows: its actor, and its one connection behind one lock.

All reads of a request see the same state of the database: they share a read-only transaction of
isolation REPEATABLE READ, opened by the first of them. A mutation has a transaction of its own, which
is committed before what it answers is read, so that a failing edge cannot undo it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from app.domain.access.actors import Actor
from app.domain.errors import DomainError
from app.request import Resources
from app.sql import Connection

T = TypeVar("T")


class Context:
    """The context of one GraphQL request; `close` it when the answer is made."""

    def __init__(self, held: Resources, actor: Actor, language: str) -> None:
        self.held = held
        self.actor = actor
        self.language = language
        self.statements = 0
        """How many statements the request ran; tests assert budgets with it."""
        self._lock = asyncio.Lock()
        self._reading = AsyncExitStack()
        self._db: Connection | None = None
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    async def read(self, read: Callable[[Connection], Awaitable[T]]) -> T:
        """What one read of the domain answers, one after the other on the request's connection."""
        async with self._lock:
            if self._db is None:
                opened = self.held.pool.transaction(read_only=True)
                self._db = await self._reading.enter_async_context(opened)
            try:
                return await read(self._db)
            except DomainError:
                raise
            except BaseException as error:
                # A statement that fails takes its transaction along, not the reads after it.
                self._forget()
                await self._reading.__aexit__(type(error), error, error.__traceback__)
                raise

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction for one mutation; what is read after it sees what it did."""
        async with self._lock:
            await self._end_reading()
            async with self.held.pool.transaction() as db:
                yield db
                self.statements += db.statements

    def loader(
        self, key: Hashable, load: Callable[[list[Any]], Awaitable[list[Any]]]
    ) -> DataLoader[Any, Any]:
        """The loader of one edge with these arguments, made when it is first asked for."""
        loader = self._loaders.get(key)
        if loader is None:
            loader = self._loaders[key] = DataLoader(load)
        return loader

    async def close(self) -> None:
        """End the reading transaction and give the connection back."""
        async with self._lock:
            await self._end_reading()

    async def _end_reading(self) -> None:
        if self._db is not None:
            self._forget()
            await self._reading.aclose()

    def _forget(self) -> None:
        """Let go of the reading transaction and of all that was read in it."""
        if self._db is not None:
            self.statements += self._db.statements
            self._db = None
            self._loaders.clear()
