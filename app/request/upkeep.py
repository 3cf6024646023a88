"""What a process does beside its requests: it hears what others decided, and keeps itself up to date.

It listens for rights that have changed, for changes in the register of applications and for what is
streamed, reads the signing keys anew when their file was replaced, forgets what is of no use any more,
seals the audit trail, signs the head of the ledger each day, records what applications have read, closes
the surveys whose time is over, gives out places that became free by themselves, settles claims, has
people told of what waits for them, and has certificates sealed.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app.domain.access.attempts import tidy_attempts
from app.domain.access.audit import seal_trail
from app.domain.access.authorisation_codes import tidy_authorisation_codes
from app.domain.access.clients import origins_of_clients
from app.domain.access.delegations import ended_delegations
from app.domain.access.device_codes import tidy_device_codes
from app.domain.access.identity_requests import tidy_identity_requests
from app.domain.access.sign_in import security_versions
from app.domain.access.sign_ins import ended_sign_ins
from app.domain.credits.certificates import seal_next_certificate
from app.domain.credits.claim_publications import enter_published_claims
from app.domain.credits.claims import lapse_claims
from app.domain.credits.ledger_heads import sign_due_head
from app.domain.errors import DomainError
from app.domain.exchange.deliveries import queue_notices, send_due_delivery
from app.domain.exchange.live import CHANNEL as LIVE
from app.domain.exchange.reminders import queue_due_tasks
from app.domain.people.provisions import record_reads
from app.domain.training.enrolments import fill_freed_places
from app.domain.training.evidence import UNFINISHED, forget_content, forget_unattached_files
from app.domain.training.surveys import close_due_surveys
from app.request import Resources, now
from app.security import signing_keys
from app.security.secret_file import UnusableSecret
from app.security.tokens import LEDGER_HEAD, LIFETIME, JoseKey
from app.settings import Settings
from app.sql import Connection

log = logging.getLogger("yanxun")

_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DomainError)
_TIDIED_EVERY = 600.0
"""Seconds between two rounds of forgetting."""
_FORGETTING = (
    tidy_attempts, tidy_authorisation_codes, tidy_device_codes, tidy_identity_requests,
)  # fmt: skip
_PROVED_EVERY = 3.0
"""Seconds after which a silent connection is asked whether it is still there."""
_READS_RECORDED_EVERY = 10.0
_SURVEYS_CLOSED_EVERY = 60.0
_CLAIMS_SETTLED_EVERY = 300.0
_PLACES_FILLED_EVERY = 600.0
_HEADS_SIGNED_EVERY = 60.0
_SEALED_CERTIFICATES_EVERY = 15.0
_FILES_TIDIED_EVERY = 6 * 3600.0
_QUEUED_EVERY = 60.0
_SENT_EVERY = 5.0
_SEALED_EVERY = 5.0
_SEALED_AT_ONCE = 2_000
"""Rows of the audit trail that one transaction seals."""


async def keep_up(held: Resources) -> None:
    """Do all of it until cancelled."""
    work = [
        _listen, _tidy, _tidy_files, _seal, _sign_heads, _record_reads, _close_surveys, _fill_places,
        _settle_claims, _queue_messages, _send_messages,
    ]  # fmt: skip
    if held.sealer is not None:
        work.append(_seal_certificates)
    if held.settings.signing_keys is None:
        work.append(_watch_keys)
    async with asyncio.TaskGroup() as tasks:
        for each in work:
            tasks.create_task(_again(each, held))


async def _again(work: Callable[[Resources], Awaitable[None]], held: Resources) -> None:
    """Begin a work anew whenever it fails: no defect may end the hearing of what was revoked."""
    while True:
        try:
            await work(held)
        except Exception:
            log.exception("%s failed and begins anew", work.__name__)
        await asyncio.sleep(1)


async def _listen(held: Resources) -> None:
    """Hear from every process whose rights have changed, and refuse the tokens issued before.

    Whenever the connection is new, what was missed meanwhile is read from the tables: tokens live
    ten minutes, so nothing older matters. Streams hear by the same connection, and read by themselves
    what they missed.
    """
    with suppress(*_LOST):
        await _listen_once(held)


async def _listen_once(held: Resources) -> None:
    gone, changed = asyncio.Event(), asyncio.Event()

    def heard(_connection: Any, _process: int, channel: str, message: str) -> None:
        if channel == "clients":
            changed.set()
        else:
            _hear(held, channel, message)

    def ended(_connection: Any) -> None:
        gone.set()
        changed.set()

    connection = await asyncpg.connect(held.settings.database_url, timeout=10)
    try:
        connection.add_termination_listener(ended)
        for channel in ("security", "clients", LIVE):
            await connection.add_listener(channel, heard)
        since = now() - LIFETIME - timedelta(minutes=1)
        async with held.pool.connection() as db:
            missed = await security_versions(db, since=since)
            ended_since = [*await ended_sign_ins(db, since=since)]
            ended_since += await ended_delegations(db, since=since)
            missed |= dict.fromkeys(ended_since, 1)
        _learn(held, missed)
        held.live.wake_all()
        while not gone.is_set():
            changed.clear()
            async with held.pool.connection() as db:
                held.origins.learn(await origins_of_clients(db))
            while not changed.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), _PROVED_EVERY)
                    break
                # A connection that was cut without a word looks like one on which nothing is said.
                await connection.execute("SELECT 1", timeout=_PROVED_EVERY)
    finally:
        await connection.close(timeout=_PROVED_EVERY)


def _hear(held: Resources, channel: str, message: str) -> None:
    """Pass on what was announced: to the streams, or that somebody's tokens have ended."""
    if channel == LIVE:
        held.live.hear(message)
        return
    subject_id, _, version = message.partition(" ")
    _learn(held, {UUID(subject_id): int(version)})


def _learn(held: Resources, versions: dict[UUID, int]) -> None:
    """Take note of what has ended, and read the tokens anew that end with it."""
    held.actors.learn(versions)
    for subject_id in versions:
        held.tokens.forget(str(subject_id))
    held.live.wake_all(due=False)


def keys_file(folder: Path) -> Path:
    """Where the signing keys lie in a data folder."""
    return folder / "signing_keys.json"


def ledger_keys_file(folder: Path) -> Path:
    """Where the keys lie that sign the heads of the ledger."""
    return folder / "ledger_keys.json"


def ledger_signer(settings: Settings) -> JoseKey:
    """The key that signs the heads of the ledger now."""
    given = settings.ledger_keys
    path = ledger_keys_file(settings.data_folder)
    keys = signing_keys.load(path, None if given is None else given.get_secret_value())
    return JoseKey(keys[0], kind=LEDGER_HEAD)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes whenever the file is replaced."""
    with suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns
    return None


async def _watch_keys(held: Resources) -> None:
    """Go on with the keys of the file whenever they were rotated; a bad file changes nothing."""
    path, known = keys_file(held.settings.data_folder), None
    while True:
        stamp = _stamp(path)
        if stamp not in {known, None}:
            known = stamp
            try:
                keys = signing_keys.load(path)
            except (UnusableSecret, OSError) as problem:
                log.error("the signing keys were replaced and are not usable: %s", problem)  # noqa: TRY400  its trace could quote a key
            else:
                held.keyring.renew([JoseKey(each) for each in keys])
                held.tokens.forget_all()
        await asyncio.sleep(1)


async def _tidy(held: Resources) -> None:
    """Forget what has expired, now and every ten minutes."""
    while True:
        with suppress(*_LOST):
            async with held.pool.connection() as db:
                for tidy in _FORGETTING:
                    await tidy(db, now=now())
        await asyncio.sleep(_TIDIED_EVERY)


async def _tidy_files(held: Resources) -> None:
    """Forget the files that are attached to nothing, a few times a day."""
    while True:
        await asyncio.sleep(_FILES_TIDIED_EVERY)
        await tidy_files(held)


async def tidy_files(held: Resources) -> None:
    """Forget what is attached to nothing, contents that no file has, and what never wholly arrived."""
    store, day_ago = held.archive.store, now() - UNFINISHED
    forgotten = 1
    while forgotten:
        async with held.pool.transaction() as db:
            forgotten = await forget_unattached_files(db, now=now())
    async for kept in store.names("kept", day_ago):
        async with held.pool.transaction() as db:
            await forget_content(db, store=store, names=kept)
    async for unfinished in store.names("incoming", day_ago):
        await store.remove(unfinished)
    await store.remove_unfinished(day_ago)


async def _close_surveys(held: Resources) -> None:
    """Close the surveys whose time is over, every minute; of many processes one closes each."""

    async def close_some(db: Connection) -> bool:
        return await close_due_surveys(db, now=now()) > 0

    await _in_rounds(held, close_some, _SURVEYS_CLOSED_EVERY)


async def _settle_claims(held: Resources) -> None:
    """Enter claims whose publication is over, and let lapse what a closed year leaves no time for."""

    async def enter_some(db: Connection) -> bool:
        return await enter_published_claims(db, now=now()) > 0

    async def lapse_some(db: Connection) -> bool:
        return await lapse_claims(db, now=now()) > 0

    async with asyncio.TaskGroup() as tasks:
        for each in (enter_some, lapse_some):
            tasks.create_task(_in_rounds(held, each, _CLAIMS_SETTLED_EVERY))


async def _fill_places(held: Resources) -> None:
    """Give out places that became free by themselves, every ten minutes."""
    nothing = UUID(int=0)
    after = nothing

    async def fill_some(db: Connection) -> bool:
        nonlocal after
        last = await fill_freed_places(db, after=after, now=now())
        after = last or nothing
        return last is not None

    await _in_rounds(held, fill_some, _PLACES_FILLED_EVERY)


async def _queue_messages(held: Resources) -> None:
    """Put into the queue who is to be told of fresh notices and of what falls due, every minute."""

    async def queue_some(db: Connection) -> bool:
        made = await queue_notices(db, now=now())
        await queue_due_tasks(db, now=now())
        return made > 0

    await _in_rounds(held, queue_some, _QUEUED_EVERY)


async def _send_messages(held: Resources) -> None:
    """Hand over what waits in the queue; of many processes each takes another message."""
    channel = held.channel
    if channel is None:
        await asyncio.Event().wait()
        return

    async def send_one(db: Connection) -> bool:
        spread = random.uniform(0.75, 1.25)  # noqa: S311  nothing secret is drawn
        return await send_due_delivery(db, channel=channel, now=now(), spread=spread)

    await _in_rounds(held, send_one, _SENT_EVERY)


async def _seal_certificates(held: Resources) -> None:
    """Have certificates sealed, one in each transaction, until none is due."""
    sealer, press = held.sealer, held.press
    if sealer is None:
        return

    async def seal_one(db: Connection) -> bool:
        return await seal_next_certificate(db, sealer=sealer, press=press, now=now())

    await _in_rounds(held, seal_one, _SEALED_CERTIFICATES_EVERY)


async def _seal(held: Resources) -> None:
    """Seal what was recorded, every few seconds; of many processes one does it at a time."""

    async def seal_some(db: Connection) -> bool:
        return await seal_trail(db, at_most=_SEALED_AT_ONCE) >= _SEALED_AT_ONCE

    await _in_rounds(held, seal_some, _SEALED_EVERY)


async def _sign_heads(held: Resources) -> None:
    """Sign the head of each city's ledger once a day; of many processes one does it."""

    async def sign_one(db: Connection) -> bool:
        # Read each time: a rotation is followed by the next head.
        signer = ledger_signer(held.settings)
        return await sign_due_head(db, signer=signer, now=now()) is not None

    await _in_rounds(held, sign_one, _HEADS_SIGNED_EVERY)


async def _in_rounds(
    held: Resources, work: Callable[[Connection], Awaitable[bool]], every: float
) -> None:
    """Do a part of a work in each transaction, and rest so many seconds where none is left."""
    while True:
        is_more = False
        with suppress(*_LOST):
            async with held.pool.transaction() as db:
                is_more = await work(db)
        if not is_more:
            await asyncio.sleep(every)


async def _record_reads(held: Resources) -> None:
    """Record how often applications have read with which scopes, every few seconds and at the end.

    The requests of applications do not wait for it; a process that is killed takes the last seconds along.
    """
    try:
        while True:
            await asyncio.sleep(_READS_RECORDED_EVERY)
            await record_uses(held)
    finally:
        await record_uses(held)


async def record_uses(held: Resources) -> None:
    """Record what has been counted since the last time."""
    reads = held.actors.take_uses()
    try:
        if reads:
            async with held.pool.transaction() as db:
                await record_reads(db, reads=reads, now=now())
    except _LOST:
        held.actors.give_back_uses(reads)
