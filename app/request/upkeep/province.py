"""What a process does for the exchange with the province: handing over, comparing, fetching.

Each step is two short transactions with the platform asked between them, so that no row is held while
the network takes its time. Of many processes each takes another errand.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.base import SHANGHAI
from app.domain.credits.ledger_heads import publish_key
from app.domain.exchange.arrivals import (
    NewArrival,
    arrivals_reached,
    cities_told,
    take_in_arrivals,
)
from app.domain.exchange.reconciliations import STRETCH, compare_stretch, put_off, take_stretch
from app.domain.exchange.submissions import (
    DeliveryWindow,
    Errand,
    ManifestSigner,
    Platform,
    PlatformDown,
    PlatformRefused,
    Receipt,
    break_off,
    note_announced,
    note_failure,
    take_errand,
    take_receipts,
)
from app.domain.people.identity import PersonalDataCipher
from app.request import Resources, now
from app.request.upkeep.keys import ledger_signer
from app.request.upkeep.rounds import repeat
from app.security.tokens import PROVINCE_MANIFEST
from app.settings import Settings

log = logging.getLogger("yanxun")

_EVERY = 5.0
_FETCHED_EVERY = 600.0
_FETCHED_AT_ONCE = 200
_MOST_SEQUENCE = 2**31 - 1  # PostgreSQL's integer


def window_open(settings: Settings, moment: datetime) -> bool:
    """Whether the platform takes anything at this moment, as far as the settings know."""
    if settings.province_window is None:
        return True
    window = DeliveryWindow.parse(settings.province_window)
    return window.is_open(moment.astimezone(SHANGHAI).time())


async def exchange_with_province(held: Resources) -> None:
    """Hand over what is due, and compare what is asked for, while the window is open."""
    platform = held.province
    if platform is None:
        await asyncio.Event().wait()
        return

    async def exchange() -> bool:
        if not window_open(held.settings, now()):
            return False
        signer = ledger_signer(held.settings, kind=PROVINCE_MANIFEST)
        delivered = await deliver_next(held.pool, platform, signer, now())
        return await reconcile_next(held.pool, platform, now()) or delivered

    await repeat(exchange, _EVERY)


async def fetch_from_province(held: Resources) -> None:
    """Fetch what the province has for each city, every ten minutes."""
    platform = held.province
    if platform is None:
        await asyncio.Event().wait()
        return

    async def fetch() -> bool:
        if window_open(held.settings, now()):
            await fetch_arrivals(held.pool, platform, held.cipher, now())
        return False

    await repeat(fetch, _FETCHED_EVERY)


async def deliver_next(
    pool: Pool, platform: Platform, signer: ManifestSigner, moment: datetime
) -> bool:
    """Run the errand that is due first, whatever comes of it; whether there was one."""
    async with pool.transaction() as db:
        errand = await take_errand(db, now=moment)
        if errand is not None and errand.begins:
            await publish_key(db, public=signer.public(), now=moment)
    if errand is None:
        return False
    try:
        receipts = await _run(platform, signer, errand)
    except PlatformDown as down:
        async with pool.transaction() as db:
            await note_failure(db, submission_id=errand.submission_id, down=down, now=moment)
        return True
    except PlatformRefused as refused:
        async with pool.transaction() as db:
            await break_off(db, submission_id=errand.submission_id, refused=refused, now=moment)
        return True
    async with pool.transaction() as db:
        about = errand.submission_id
        if errand.begins:
            await note_announced(db, submission_id=about, now=moment)
        if not await take_receipts(db, submission_id=about, receipts=receipts, now=moment):
            # What has said nothing is not asked again at once.
            silent = PlatformDown("platform_silent")
            await note_failure(db, submission_id=about, down=silent, now=moment)
    return True


async def _run(platform: Platform, signer: ManifestSigner, errand: Errand) -> list[Receipt]:
    submission_id = errand.submission_id
    if not errand.records:
        return await platform.receipts(submission_id, errand.pending)
    if errand.begins:
        await platform.open(submission_id, errand.manifest, signer.sign(errand.manifest))
    return await platform.hand_over(submission_id, errand.records)


async def reconcile_next(pool: Pool, platform: Platform, moment: datetime) -> bool:
    """Compare the next stretch of a reconciliation; whether there was one."""
    async with pool.transaction() as db:
        stretch = await take_stretch(db, now=moment)
    if stretch is None:
        return False
    try:
        page = await platform.held(stretch.city_id, after=stretch.after, limit=STRETCH)
    except (PlatformDown, PlatformRefused) as failed:
        async with pool.transaction() as db:
            await put_off(db, stretch=stretch, down=PlatformDown(failed.code), now=moment)
        return True
    async with pool.transaction() as db:
        await compare_stretch(db, stretch=stretch, page=page, now=moment)
    return True


async def fetch_arrivals(
    pool: Pool, platform: Platform, cipher: PersonalDataCipher, moment: datetime
) -> int:
    """Take in what the province has for every city and was not fetched before; how much it was."""
    taken = 0
    async with pool.transaction(read_only=True) as db:
        cities = await cities_told(db)
    for city_id in cities:
        with suppress(PlatformDown, PlatformRefused):
            taken += await _fetch_for(pool, platform, cipher, city_id, moment)
    return taken


async def _fetch_for(
    pool: Pool, platform: Platform, cipher: PersonalDataCipher, city_id: UUID, moment: datetime
) -> int:
    taken, more = 0, True
    async with pool.transaction(read_only=True) as db:
        reached = await arrivals_reached(db, city_id=city_id)
    while more:
        page = await platform.arrivals(city_id, after=reached, limit=_FETCHED_AT_ONCE)
        new = [each for told in page.arrivals if (each := read_arrival(city_id, told)) is not None]
        async with pool.transaction() as db:
            taken += await take_in_arrivals(db, arrivals=new, cipher=cipher, now=moment)
        more, reached = page.reached > reached, page.reached
    return taken


def read_arrival(city_id: UUID, told: Any) -> tuple[int, NewArrival] | None:
    """An arrival as the command has it; what is malformed is logged by its number and left there."""
    try:
        sequence = int(told["sequence"])
        fields = {name: value for name, value in told.items() if name != "sequence"}
        new = NewArrival.model_validate({**fields, "city_id": city_id})
        # What the database would refuse would keep out all that came with it, again and again.
        if 0 <= sequence <= _MOST_SEQUENCE and "\x00" not in "".join(map(str, told.values())):
            return sequence, new
    except (KeyError, TypeError, ValueError, ValidationError):
        pass
    number = told.get("number") if isinstance(told, dict) else None
    log.warning("an arrival of the province cannot be read: %r", str(number)[:80])
    return None
