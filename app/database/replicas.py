"""Replicas: servers that follow the primary by streaming replication, and answer reads for it.

A replica is always a little behind. Two things make that harmless (decision record 0029):

- it is read from only as long as it is known to have all that was committed up to a few seconds ago;
- whoever wrote something, or says with `X-Yanxun-Seen` what they have seen, is answered by a replica
  only once it has that too, and by the primary until then.

How far each server is, is asked twice a second on connections of our own, so that a busy pool makes no
replica look slow. A replica that cannot be reached, belongs to another cluster, or was promoted, is not
used; nor is any while the primary does not answer, for then nobody knows how far behind they are.
"""

import asyncio
import logging
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
from asyncpg.exceptions import ObjectNotInPrerequisiteStateError, ReadOnlySQLTransactionError
from prometheus_client import Counter, Gauge

from app.database.pool import Pool, Sight
from app.domain.errors import Unavailable
from app.sql import LOST, PASSING, Connection, QueryCanceledError
from app.wall import Wall

__all__ = ["Position", "Replicas", "Stale", "gave_up", "position_of"]

log = logging.getLogger("yanxun")

_EVERY = 0.5
"""Seconds between two looks at how far each server is."""
_PATIENCE = 2.0
"""Seconds for which a server is waited for that is asked."""
_SAMPLES = 256
"""How many positions of the primary are remembered; a replica further behind is not used anyway."""

BEHIND = Gauge(
    "database_replica_behind_seconds", "By how much a replica may be behind", ["replica"]
)
USABLE = Gauge("database_replica_usable", "Whether a replica may be read from", ["replica"])
READS = Counter("database_reads", "Reads that a replica could have served, by who did", ["server"])

_GONE = (ConnectionError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)
Position = int
"""A place in the write-ahead log (an LSN) as a number."""

_FORM: Final = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})", re.IGNORECASE)
_HERE: Final = (
    "SELECT (SELECT system_identifier FROM pg_control_system()) AS cluster,"
    " pg_is_in_recovery() AS follows,"
    " CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END"
    " - '0/0'::pg_lsn AS position"
)


def position_of(text: str) -> Position | None:
    """The position that a client says it has seen, or None where it says something else."""
    found = _FORM.fullmatch(text)
    return None if found is None else (int(found[1], 16) << 32) | int(found[2], 16)


class Stale(Unavailable):
    """A replica could not finish a read: it is gone, or gave way to what it had to replay."""

    code = "database_unavailable"


def gave_up(error: BaseException) -> bool:
    """Whether a read failed because it was a replica that was asked: the primary may answer it."""
    if isinstance(error, QueryCanceledError):
        return False  # it took too long: on the primary it would take as long
    wrote = (ReadOnlySQLTransactionError, ObjectNotInPrerequisiteStateError)
    return isinstance(error, (*PASSING, *wrote))


class _Sample(NamedTuple):
    """Whatever was committed before `at` (on the monotonic clock) lies before `position`."""

    at: float
    position: Position


class _Server:
    """A server that is asked where it is, on a connection that is used for nothing else."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._asking: asyncpg.Connection | None = None

    async def where(self) -> asyncpg.Record | None:
        """How far it is; None where it does not answer."""
        try:
            async with asyncio.timeout(_PATIENCE):
                if self._asking is None or self._asking.is_closed():
                    # Neither kept nor prepared by name: this may lead through a pooler.
                    self._asking = await asyncpg.connect(self._url, statement_cache_size=0)
                async with self._asking.transaction():
                    return await self._asking.fetchrow(_HERE)
        except (*LOST, TimeoutError):
            self.leave()
            return None

    def leave(self) -> None:
        """Give the connection up."""
        if self._asking is not None:
            self._asking.terminate()
            self._asking = None


class _Replica:
    """One replica: its pool, how far it is, and until when that is good enough."""

    def __init__(self, name: str, url: str, pool: Pool) -> None:
        self.name, self.pool, self.server = name, pool, _Server(url)
        self.replayed: Position = 0
        self.complete_until = float("-inf")
        """It has all that was committed before (on the monotonic clock)."""

    def usable(self, most_behind: float) -> bool:
        """Whether it is known to be near enough to the primary."""
        return time.monotonic() - self.complete_until < most_behind

    def give_up(self) -> None:
        """Not to be used before it has answered again."""
        self.complete_until = float("-inf")


class Replicas:
    """The replicas of one primary; made by `open`, given back by `close`."""

    def __init__(
        self, primary: Pool, url: str, replicas: Sequence[_Replica], behind: float
    ) -> None:
        self._primary = primary
        self._server = _Server(url)
        self._replicas = replicas
        self._most_behind = behind
        self._cluster: int | None = None
        self._samples: deque[_Sample] = deque(maxlen=_SAMPLES)
        self._written: dict[UUID, _Sample] = {}
        self._turn = 0
        self._watching: asyncio.Task[None] | None = None
        self._looking = asyncio.Lock()

    @classmethod
    async def open(
        cls, primary: Pool, primary_url: str, pools: Sequence[tuple[str, Pool]], *, behind: float
    ) -> "Replicas":
        """The replicas at these addresses, each with its pool; `behind` is in seconds."""
        replicas = [_Replica(str(number), url, pool) for number, (url, pool) in enumerate(pools, 1)]
        made = cls(primary, primary_url, replicas, behind)
        await made.look()
        made._watching = asyncio.create_task(made._watch())
        return made

    async def close(self) -> None:
        """Stop looking, and give the connections back."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        for each in self._replicas:
            each.server.leave()
            await each.pool.close()
        self._server.leave()

    def connection(
        self, account_id: UUID, sight: Sight, wall: Wall | None = None
    ) -> AbstractAsyncContextManager[Connection]:
        """A connection for reading, without a transaction."""
        return self._lend(account_id, sight, wall, in_transaction=False)

    def transaction(
        self, account_id: UUID, sight: Sight, wall: Wall | None = None
    ) -> AbstractAsyncContextManager[Connection]:
        """A connection in a transaction that sees a single state of the database."""
        return self._lend(account_id, sight, wall, in_transaction=True)

    def remember(self, account_id: UUID, position: Position) -> None:
        """An account has written: its reads have to see that."""
        self._written[account_id] = _Sample(time.monotonic(), position)

    async def look(self) -> None:
        """Ask each server how far it is."""
        async with self._looking:  # each has one connection for this
            await self._look()

    async def _look(self) -> None:
        at = time.monotonic()
        there = await self._server.where()
        if there is not None and not there["follows"]:
            if there["cluster"] != self._cluster:
                self._samples.clear()
            self._cluster = there["cluster"]
            self._samples.append(_Sample(at, int(there["position"])))
        await asyncio.gather(*(self._look_at(each) for each in self._replicas))
        # Who wrote so long ago has nothing to ask for: a replica that lacks it is not used.
        since = time.monotonic() - self._most_behind
        self._written = {key: each for key, each in self._written.items() if each.at > since}

    async def _look_at(self, replica: _Replica) -> None:
        there = await replica.server.where()
        if there is None or not there["follows"] or there["cluster"] != self._cluster:
            replica.give_up()
        else:
            replica.replayed = int(there["position"])
            reached = [each.at for each in self._samples if each.position <= replica.replayed]
            replica.complete_until = max(reached, default=float("-inf"))
        usable = replica.usable(self._most_behind)
        USABLE.labels(replica.name).set(usable)
        BEHIND.labels(replica.name).set(time.monotonic() - replica.complete_until)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            await self.look()

    def _choose(self, account_id: UUID, sight: Sight) -> _Replica | None:
        """The next replica in turn that has what this reader must see."""
        written = self._written.get(account_id)
        needed = max(sight.seen, sight.wrote, 0 if written is None else written.position)
        self._turn += 1
        count = len(self._replicas)
        for step in range(count):
            each = self._replicas[(self._turn + step) % count]
            if each.replayed >= needed and each.usable(self._most_behind):
                return each
        return None

    @asynccontextmanager
    async def _lend(
        self, account_id: UUID, sight: Sight, wall: Wall | None, *, in_transaction: bool
    ) -> AsyncIterator[Connection]:
        replica = self._choose(account_id, sight)
        pool = self._primary if replica is None else replica.pool
        if replica is not None:
            try:
                pool.give_back(await pool.take())
            except Unavailable:
                replica.give_up()
                replica, pool = None, self._primary
        READS.labels("primary" if replica is None else "replica").inc()
        lent = (
            pool.transaction(read_only=True, wall=wall) if in_transaction else pool.connection(wall)
        )
        if replica is None:
            async with lent as db:
                yield db
            return
        try:
            async with lent as db:
                yield db
        except BaseException as error:
            if not gave_up(error):
                raise
            log.warning("replica %s gave up a read: %s", replica.name, type(error).__name__)
            if isinstance(error, _GONE):
                replica.give_up()
            raise Stale from error
