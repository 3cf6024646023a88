"""Forgetting what is of no use any more: what has expired, and files that are attached to nothing."""

import asyncio
from contextlib import suppress

from app.domain.access.attempts import tidy_attempts
from app.domain.access.authorisation_codes import tidy_authorisation_codes
from app.domain.access.device_codes import tidy_device_codes
from app.domain.access.identity_requests import tidy_identity_requests
from app.domain.access.refresh_tokens import tidy_refresh_tokens
from app.domain.access.sign_ins import tidy_sign_ins
from app.domain.credits.what_ifs import tidy_what_ifs
from app.domain.exchange.changes import tidy_unit_sets
from app.domain.exchange.deliveries import tidy_deliveries
from app.domain.exchange.exports import FOLDER, KEPT, tidy_exports
from app.domain.exchange.imports import forget_import_files, tidy_imports
from app.domain.exchange.webhooks import tidy_webhook_messages
from app.domain.training.evidence import UNFINISHED, forget_content, forget_unattached_files
from app.queue import tidy_queue
from app.request import Resources, now
from app.request.upkeep.rounds import LOST

_TIDIED_EVERY = 600.0
"""Seconds between two rounds of forgetting."""
_FILES_TIDIED_EVERY = 6 * 3600.0
FORGETTING = (
    tidy_attempts, tidy_authorisation_codes, tidy_device_codes, tidy_identity_requests,
    tidy_refresh_tokens, tidy_sign_ins, tidy_deliveries, tidy_exports, tidy_imports,
    tidy_unit_sets, tidy_webhook_messages, tidy_what_ifs, tidy_queue,
)  # fmt: skip


async def tidy(held: Resources) -> None:
    """Forget what has expired, now and every ten minutes."""
    while True:
        with suppress(*LOST):
            async with held.pool.connection() as db:
                for forget in FORGETTING:
                    await forget(db, now=now())
        await asyncio.sleep(_TIDIED_EVERY)


async def tidy_files_in_rounds(held: Resources) -> None:
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
    async for files in store.names("imports", day_ago):
        async with held.pool.connection() as db:
            await forget_import_files(db, store=store, names=files, now=now())
    async for unfinished in store.names("incoming", day_ago):
        await store.remove(unfinished)
    await store.remove_unfinished(day_ago)
    # A file was written some time before its days were counted: until then there may be links to it.
    async for expired in store.names(FOLDER, day_ago - KEPT):
        await store.remove(expired)
