"""What a process streams: each stream reads what changed after its own position, whenever it is told to.

One connection listens for the whole process (`upkeep`), and `Hub.hear` passes on what the database
announces. A stream holds no queue: that something happened is one flag, and what happened is read when
the client has taken what came before. So a slow client costs no memory and loses nothing, and whatever is
missed while nobody listens is read once somebody does. Every read is under the rights that the token has
at that moment; a stream ends with them.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import prometheus_client

from app.database.pool import DatabaseUnavailable, Pool, PoolExhausted
from app.domain.access.actors import Actor
from app.domain.access.walled import wall_of
from app.domain.errors import TooMany, Unavailable
from app.domain.exchange.live import (
    Followed,
    concerns,
    get_live_attendance,
    get_live_inbox,
)
from app.domain.progress import TOPIC
from app.security.tokens import VerifiedTokens
from app.sql import LOST, Connection, Row

STREAMS = prometheus_client.Gauge("live_streams", "Streams that are open", ["topic"])
EVENTS = prometheus_client.Counter("live_events", "Events that were streamed", ["topic", "afresh"])
READS = prometheus_client.Counter("live_reads", "Reads of what changed, for streams", ["topic"])
REFUSED = prometheus_client.Counter("live_streams_refused", "Streams beyond what may be open")

_LOST = (*LOST, DatabaseUnavailable, PoolExhausted)
_REREAD_EVERY = 3
"""Heartbeats after which a stream reads without having been told to: a due day passes by itself."""
_RARELY = 10
"""Pauses between two reads of what waits for somebody: that reads many tables, and much touches them."""


class TooManyStreams(TooMany):
    """The account, or the process, has as many streams open as it may."""

    code = "too_many_streams"
    zh = "实时连接过多，请关闭不用的连接，或在 {retry_after} 秒后重试。"
    en = "Too many streams are open: close some, or try again in {retry_after} seconds."


class ServerStops(Unavailable):
    """The process is being stopped; another one goes on from the same position."""

    code = "server_stops"
    zh = "服务即将停止，请重新连接。"
    en = "The server is being stopped: connect again."


@dataclass(frozen=True)
class Source:
    """What a stream is of: what it follows, how it is read, and which lists of a read tell changes."""

    name: str
    followed: Callable[[Actor], Followed]
    read: Callable[[Connection, Actor, str | None], Awaitable[Row]]
    lists: tuple[str, ...]
    pauses: int = 1
    """How many of the hub's pauses lie between two reads."""


def attendance_source(session_id: UUID) -> Source:
    """The register of a session."""

    async def read(db: Connection, actor: Actor, after: str | None) -> Row:
        return await get_live_attendance(db, actor, session_id=session_id, after=after)

    return Source("attendance", lambda _: Followed.attendance(session_id), read, lists=("changed",))


def inbox_source(now: Callable[[], datetime]) -> Source:
    """What is new for whoever follows."""

    async def read(db: Connection, actor: Actor, after: str | None) -> Row:
        return await get_live_inbox(db, actor, now=now(), after=after)

    return Source("inbox", Followed.work, read, lists=("notices", "withdrawn"), pauses=_RARELY)


def progress_source(row_id: UUID, read: Callable[[Connection, Actor], Awaitable[Row]]) -> Source:
    """How far a piece of background work is: the noun's own row, whenever it gets on."""

    async def read_again(db: Connection, actor: Actor, _after: str | None) -> Row:
        return progress_event(await read(db, actor))

    followed = Followed(TOPIC, frozenset({str(row_id)}))
    return Source(TOPIC, lambda _: followed, read_again, lists=())


def progress_event(row: Row) -> Row:
    """The row as an event: whoever comes again is told how it stands, wherever it was left."""
    return row | {"position": f"{row['state']}-{row['done']}", "afresh": False}


@dataclass(eq=False)
class _Stream:
    """An open stream: whether it is to look up, and whether it is to read."""

    account_id: UUID
    followed: Followed
    told: asyncio.Event = field(default_factory=asyncio.Event)
    due: bool = True

    def wake(self, *, due: bool) -> None:
        """Let it look up: to read (`due`), or to see whether it still may be."""
        if not due or not self.due:
            self.told.set()
        self.due = self.due or due

    async def look_up(self, patience: float) -> None:
        """Wait until it is told to, for so many seconds at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.told.wait(), patience)
        self.told.clear()


class Hub:
    """The streams of one process."""

    def __init__(
        self,
        *,
        most: int = 2_000,
        most_each: int = 10,
        pause: float = 0.5,
        heartbeat: float = 20.0,
        reads_at_once: int = 2,
    ) -> None:
        """At most `most` streams, `most_each` of one account; between two reads of one a `pause`, and
        after so many seconds of silence a `heartbeat`. They read on `reads_at_once` connections.
        """
        self._most = most
        self._most_each = most_each
        self._pause = pause
        self._heartbeat = heartbeat
        self._reading = asyncio.Semaphore(reads_at_once)
        self._streams: dict[Followed, set[_Stream]] = {}
        self._of_account: Counter[UUID] = Counter()
        self._is_closed = False

    def hear(self, message: str) -> None:
        """Pass on what the database has announced."""
        for followed in concerns(message, self._streams):
            for stream in self._streams[followed]:
                stream.wake(due=True)

    def wake_all(self, *, due: bool = True) -> None:
        """Let all streams read, as after the listening was interrupted; or look whether they still may."""
        for streams in self._streams.values():
            for stream in streams:
                stream.wake(due=due)

    def close(self) -> None:
        """End all streams, and begin no more."""
        self._is_closed = True
        self.wake_all(due=False)

    def check_room(self, actor: Actor) -> None:
        """Refuse a stream beyond what may be open."""
        if self._is_closed:
            raise ServerStops
        account_id = actor.on_behalf_of or actor.account_id
        is_full = self._of_account.total() >= self._most
        if is_full or self._of_account[account_id] >= self._most_each:
            REFUSED.inc()
            raise TooManyStreams(retry_after=30)

    async def follow(
        self,
        pool: Pool,
        tokens: VerifiedTokens[Actor],
        token: str,
        source: Source,
        first: Row,
    ) -> AsyncGenerator[Row | None]:
        """What happens after a first read, read by read; None where nothing does for a while.

        It ends by raising what a read refuses: that the token has expired or was revoked, that the
        actor may no longer see it, that the process stops.
        """
        clock = asyncio.get_running_loop().time
        pause, unasked = self._pause * source.pauses, self._heartbeat * _REREAD_EVERY
        with self._opened(tokens.read(token), source) as stream:
            after, known = first["position"], _state_of(first, source)
            read = spoken = clock()
            while not self._is_closed:
                tokens.read(token)
                due_at = read + (pause if stream.due else unasked)
                if clock() >= due_at:
                    async with self._reading:
                        row = await self._read(pool, source, tokens.read(token), stream, after)
                    read = clock()
                    if row is None:
                        # Without the database there is nothing to ask for sooner than a heartbeat.
                        read -= unasked - self._heartbeat
                        continue
                    after, state = row["position"], _state_of(row, source)
                    is_told = row["afresh"] or any(row[name] for name in source.lists)
                    if is_told or state != known:
                        known = state
                        EVENTS.labels(stream.followed.topic, str(row["afresh"]).lower()).inc()
                        yield row
                        read = spoken = clock()
                elif clock() >= spoken + self._heartbeat:
                    yield None
                    spoken = clock()
                else:
                    await stream.look_up(min(due_at, spoken + self._heartbeat) - clock())
        raise ServerStops

    @contextmanager
    def _opened(self, actor: Actor, source: Source) -> Iterator[_Stream]:
        self.check_room(actor)
        account_id = actor.on_behalf_of or actor.account_id
        stream = _Stream(account_id, source.followed(actor))
        alike = self._streams.setdefault(stream.followed, set())
        alike.add(stream)
        self._of_account[account_id] += 1
        open_now = STREAMS.labels(stream.followed.topic)
        open_now.inc()
        try:
            yield stream
        finally:
            open_now.dec()
            alike.discard(stream)
            if not alike and self._streams.get(stream.followed) is alike:
                del self._streams[stream.followed]
            self._of_account -= Counter({account_id: 1})

    async def _read(
        self, pool: Pool, source: Source, actor: Actor, stream: _Stream, after: str | None
    ) -> Row | None:
        """What happened; None where the database does not answer."""
        stream.due = False
        READS.labels(stream.followed.topic).inc()
        try:
            async with pool.connection(wall_of(actor)) as db:
                return await source.read(db, actor, after)
        except _LOST:
            return None


def _state_of(row: Row, source: Source) -> dict[str, Any]:
    """What a read says but for its position and the changes; it is told again only where it differs."""
    return {
        name: value
        for name, value in row.items()
        if name not in {"position", "afresh", *source.lists}
    }
