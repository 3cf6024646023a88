"""The duties by the clock: work that falls due by itself, in small parts, shared by all processes."""

import asyncio
import random
from uuid import UUID

from app.domain.access.audit import seal_trail
from app.domain.aside import SetAside
from app.domain.credits.certificates import seal_next_certificate
from app.domain.credits.claim_publications import enter_published_claims
from app.domain.credits.claims import lapse_claims
from app.domain.credits.credit_loans import collect_due_loans
from app.domain.credits.ledger_heads import sign_due_head
from app.domain.credits.standings.due import FIRST, recount_due, retry_failures
from app.domain.credits.standings.takeover import BEGINNING, take_over
from app.domain.exchange.deliveries import queue_notices, send_due_delivery
from app.domain.exchange.reminders import queue_due_tasks
from app.domain.learning.learning_doubts import settle_due_progress
from app.domain.people.provisions import record_reads
from app.domain.training.enrolments import fill_freed_places
from app.domain.training.surveys import close_due_surveys
from app.request import Resources, now
from app.request.upkeep.keys import ledger_signer
from app.request.upkeep.rounds import LOST, in_rounds
from app.sql import Connection

_READS_RECORDED_EVERY = 10.0
_SURVEYS_CLOSED_EVERY = 60.0
_CLAIMS_SETTLED_EVERY = 300.0
_PLACES_FILLED_EVERY = 600.0
_HEADS_SIGNED_EVERY = 60.0
_LOANS_COLLECTED_EVERY = 600.0
_STANDINGS_COUNTED_EVERY = 300.0
_COUNTED_AT_ONCE = 100
"""People whose standings one transaction counts again: few, so that recognitions wait briefly."""
_PROGRESS_COUNTED_EVERY = 10.0
_PROGRESS_AT_ONCE = 200
"""Of so many one transaction counts the progress; players that tell of one of them wait for it."""
_SEALED_CERTIFICATES_EVERY = 15.0
_QUEUED_EVERY = 60.0
_SENT_EVERY = 5.0
_SEALED_EVERY = 5.0
_SEALED_AT_ONCE = 2_000
"""Rows of the audit trail that one transaction seals."""


async def close_surveys(held: Resources) -> None:
    """Close the surveys whose time is over, every minute; of many processes one closes each."""

    async def close_some(db: Connection) -> bool:
        return await close_due_surveys(db, now=now()) > 0

    await in_rounds(held, close_some, _SURVEYS_CLOSED_EVERY)


async def settle_claims(held: Resources) -> None:
    """Enter claims whose publication is over, and let lapse what a closed year leaves no time for."""
    aside = SetAside("claim")

    async def enter_some(db: Connection) -> bool:
        return await enter_published_claims(db, now=now(), aside=aside) > 0

    async def lapse_some(db: Connection) -> bool:
        return await lapse_claims(db, now=now()) > 0

    async with asyncio.TaskGroup() as tasks:
        for each in (enter_some, lapse_some):
            tasks.create_task(in_rounds(held, each, _CLAIMS_SETTLED_EVERY))


async def fill_places(held: Resources) -> None:
    """Give out places that became free by themselves, every ten minutes."""
    nothing = UUID(int=0)
    after, aside = nothing, SetAside("activity")

    async def fill_some(db: Connection) -> bool:
        nonlocal after
        last = await fill_freed_places(db, after=after, now=now(), aside=aside)
        after = last or nothing
        return last is not None

    await in_rounds(held, fill_some, _PLACES_FILLED_EVERY)


async def queue_messages(held: Resources) -> None:
    """Put into the queue who is to be told of fresh notices and of what falls due, every minute."""

    async def queue_some(db: Connection) -> bool:
        made = await queue_notices(db, now=now())
        await queue_due_tasks(db, now=now())
        return made > 0

    await in_rounds(held, queue_some, _QUEUED_EVERY)


async def send_messages(held: Resources) -> None:
    """Hand over what waits in the queue; of many processes each takes another message."""
    channel = held.channel
    if channel is None:
        await asyncio.Event().wait()
        return

    async def send_one(db: Connection) -> bool:
        spread = random.uniform(0.75, 1.25)  # noqa: S311  nothing secret is drawn
        return await send_due_delivery(db, channel=channel, now=now(), spread=spread)

    await in_rounds(held, send_one, _SENT_EVERY)


async def seal_certificates(held: Resources) -> None:
    """Have certificates sealed, one in each transaction, until none is due."""
    sealer, press = held.sealer, held.press
    if sealer is None:
        return

    async def seal_one(db: Connection) -> bool:
        return await seal_next_certificate(db, sealer=sealer, press=press, now=now())

    await in_rounds(held, seal_one, _SEALED_CERTIFICATES_EVERY)


async def seal(held: Resources) -> None:
    """Seal what was recorded, every few seconds; of many processes one does it at a time."""

    async def seal_some(db: Connection) -> bool:
        return await seal_trail(db, at_most=_SEALED_AT_ONCE) >= _SEALED_AT_ONCE

    await in_rounds(held, seal_some, _SEALED_EVERY)


async def sign_heads(held: Resources) -> None:
    """Sign the head of each city's ledger once a day; of many processes one does it."""

    async def sign_one(db: Connection) -> bool:
        # Read each time: a rotation is followed by the next head.
        signer = ledger_signer(held.settings)
        return await sign_due_head(db, signer=signer, now=now()) is not None

    await in_rounds(held, sign_one, _HEADS_SIGNED_EVERY)


async def collect_loans(held: Resources) -> None:
    """Take back the credit that was lent and has fallen due."""
    aside = SetAside("loan")

    async def collect_some(db: Connection) -> bool:
        return await collect_due_loans(db, now=now(), aside=aside) > 0

    await in_rounds(held, collect_some, _LOANS_COLLECTED_EVERY)


async def count_standings(held: Resources) -> None:
    """Judge anew what a day, a changed fact, a new pack or a county's new numbers have made stale.

    Each round goes on from where it stood, whoever could not be counted or was held by another process.
    """
    judged, taken_over = FIRST, BEGINNING

    async def judge_some(db: Connection) -> bool:
        nonlocal judged
        part = await recount_due(db, after=judged, now=now(), at_most=_COUNTED_AT_ONCE)
        judged = part.last or FIRST
        return part.last is not None

    async def take_over_some(db: Connection) -> bool:
        nonlocal taken_over
        part = await take_over(db, after=taken_over, now=now(), at_most=_COUNTED_AT_ONCE)
        taken_over = part.last or BEGINNING
        return part.last is not None

    async def retry_some(db: Connection) -> bool:
        return await retry_failures(db, now=now(), at_most=_COUNTED_AT_ONCE) > 0

    async with asyncio.TaskGroup() as tasks:
        for each in (judge_some, take_over_some, retry_some):
            tasks.create_task(in_rounds(held, each, _STANDINGS_COUNTED_EVERY))


async def count_progress(held: Resources) -> None:
    """Look for doubts about what players told, and count progress; of many processes each takes others."""
    aside = SetAside("learner")

    async def count_some(db: Connection) -> bool:
        at_most = _PROGRESS_AT_ONCE
        return await settle_due_progress(db, now=now(), at_most=at_most, aside=aside) > 0

    await in_rounds(held, count_some, _PROGRESS_COUNTED_EVERY)


async def count_reads(held: Resources) -> None:
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
    except LOST:
        held.actors.give_back_uses(reads)
