"""What a GraphQL request knows: its actor, and its one connection behind one lock.

All reads of a request see the same state of the database: they share a read-only transaction of
isolation REPEATABLE READ, opened by the first of them. A mutation has a transaction of its own, which
is committed before what it answers is read, so that a failing edge cannot undo it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from starlette.requests import Request
from strawberry.dataloader import DataLoader

from app.database.pool import SIGHT
from app.database.replicas import Stale
from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_act
from app.domain.access.idempotency import (
    UNKNOWN,
    Answer,
    find_answer,
    keep_answer,
    settle_answer,
)
from app.domain.access.walled import wall_of
from app.domain.errors import DomainError, Unavailable
from app.request import Resources
from app.request.addresses import public_address
from app.request.recording import Refused, provenance, record_refused
from app.sql import LOST, Connection

log = logging.getLogger("yanxun")

T = TypeVar("T")


class Deed(NamedTuple):
    """What a mutation does, as it is recorded: the operation, and what its arguments name."""

    operation: str
    target_id: UUID | None


class Once(NamedTuple):
    """Under which key a mutation is to take effect once, and what tells it from another under that key."""

    key: str
    fingerprint: bytes


class AnsweredBefore(Exception):
    """The mutation took effect before: nothing is done, and its answer is repeated."""


class Context:
    """The context of one GraphQL request; `close` it when the answer is made."""

    def __init__(
        self,
        held: Resources,
        actor: Actor,
        language: str,
        request: Request | None = None,
    ) -> None:
        self.held = held
        self.actor = actor
        self.language = language
        self._request = request
        self.deed: Deed | None = None
        """The mutation that is running."""
        self.refused: list[Refused] = []
        """What was refused for want of authority; it is recorded when the request is over."""
        self.statements = 0
        """How many statements the request ran; tests assert budgets with it."""
        self._lock = asyncio.Lock()
        self._reading: AbstractAsyncContextManager[Connection] | None = None
        self._db: Connection | None = None
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}
        self._is_over = False
        self._has_read = False
        self.once: Once | None = None
        """Set where the mutation is to take effect once."""
        self.answered: Answer | None = None
        """The answer to it, where it had taken effect before."""
        self._took_effect = False
        self.at_primary = False
        """Whether it must not be answered with what was so a few seconds ago."""

    @property
    def came_from(self) -> Provenance:
        """Where the request came from; worked out only for what is recorded."""
        return Provenance() if self._request is None else provenance(self._request.scope)

    @property
    def public(self) -> str:
        """The address by which clients know this deployment."""
        return "" if self._request is None else public_address(self._request)

    async def read(self, read: Callable[[Connection], Awaitable[T]]) -> T:
        """What one read of the domain answers, one after the other on the request's connection."""
        async with self._lock:
            self._refuse_if_over()
            had_read = self._has_read
            try:
                return await self._read(read)
            except Stale:
                if had_read:
                    raise  # what was read before was so at another moment
                self.at_primary = True
                return await self._read(read)

    async def _read(self, read: Callable[[Connection], Awaitable[T]]) -> T:
        if self._db is None:
            reading = self._begin_reading()
            self._db = await reading.__aenter__()
            self._reading = reading
        try:
            answer = await read(self._db)
        except DomainError:
            raise
        except BaseException as error:
            # A statement that fails takes its transaction along, not the reads after it.
            await self._end_reading(error)
            raise
        self._has_read = True
        return answer

    def _begin_reading(self) -> AbstractAsyncContextManager[Connection]:
        """The transaction in which this request reads, on a replica where that will do."""
        sight, wall = SIGHT.get(), wall_of(self.actor)
        if self.held.replicas is None or sight is None or self.at_primary:
            return self.held.pool.transaction(read_only=True, wall=wall)
        return self.held.replicas.transaction(self.actor.account_id, sight, wall)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction for one mutation, recorded at its end; what is read after it sees what it did."""
        async with self._lock:
            self._refuse_if_over()
            await self._end_reading()
            once = None if self._took_effect else self.once
            async with self.held.pool.transaction() as db:
                if once is not None:
                    self.answered = await find_answer(db, self.actor, **once._asdict())
                    if self.answered is not None:
                        raise AnsweredBefore
                yield db
                if self.deed is not None:
                    await record_act(
                        db, self.actor, **self.deed._asdict(), provenance=self.came_from
                    )
                if once is not None:
                    # What is answered is read when this is committed.
                    await keep_answer(db, self.actor, **once._asdict(), answer=UNKNOWN)
                self.statements += db.statements
            self._took_effect = once is not None

    async def keep(self, answer: Answer) -> None:
        """Keep the answer to a mutation that was to take effect once, and did.

        Where it cannot be kept the mutation is done all the same, and whoever asks again is told so.
        """
        if self.once is None or not self._took_effect:
            return
        try:
            async with self.held.pool.transaction() as db:
                await settle_answer(db, self.actor, key=self.once.key, answer=answer)
        except (*LOST, Unavailable):
            log.warning("the answer to a mutation could not be kept", exc_info=True)

    def loader(
        self, key: Hashable, load: Callable[[list[Any]], Awaitable[list[Any]]]
    ) -> DataLoader[Any, Any]:
        """The loader of one edge with these arguments, made when it is first asked for."""
        loader = self._loaders.get(key)
        if loader is None:
            loader = self._loaders[key] = DataLoader(load)
        return loader

    async def close(self) -> None:
        """End the reading transaction and give the connection back; nothing is read any more.

        graphql-core leaves behind what it has begun when a sibling that must be there is not. What
        of it reads later would take a connection that nobody gives back.
        """
        async with self._lock:
            self._is_over = True
            await self._end_reading()
            if self.refused:
                await record_refused(self.held.pool, self.actor, self.refused, self.came_from)

    def _refuse_if_over(self) -> None:
        if self._is_over:
            raise RuntimeError("The request is over.")

    async def _end_reading(self, error: BaseException | None = None) -> None:
        """Let go of the reading transaction and of all that was read in it."""
        reading, self._reading = self._reading, None
        self._has_read = False
        if reading is not None and self._db is not None:
            self.statements += self._db.statements
            self._db = None
            self._loaders.clear()
            kind = None if error is None else type(error)
            trace = None if error is None else error.__traceback__
            await reading.__aexit__(kind, error, trace)
