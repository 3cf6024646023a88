"""What a process does beside its requests: it hears what others decided, and keeps itself up to date.

`hearing` listens for rights that have changed, for changes in the register of applications and for what
is streamed; `keys` reads the signing keys anew when their file was replaced; `forgetting` forgets what is
of no use any more; `duties` has what falls due by the clock: sealing the audit trail, signing the head of
the ledger each day, recording what applications have read, closing surveys whose time is over, giving
out places that became free, settling claims, taking back credit that was lent, judging anew the standings
that a day, a fact or a pack has made stale, counting progress by what players told and looking for
doubts about it, having people told of what waits for them, and having certificates sealed. `webhooks`
tells applications of changes, `rounds` is how each of them goes on, whatever fails.
"""

import asyncio

from app.request import Resources
from app.request.upkeep.duties import (
    close_surveys,
    collect_loans,
    count_progress,
    count_reads,
    count_standings,
    fill_places,
    queue_messages,
    record_uses,
    seal,
    seal_certificates,
    send_messages,
    settle_claims,
    sign_heads,
)
from app.request.upkeep.forgetting import tidy, tidy_files, tidy_files_in_rounds
from app.request.upkeep.hearing import listen
from app.request.upkeep.keys import keys_file, ledger_keys_file, watch_keys
from app.request.upkeep.province import exchange_with_province, fetch_from_province
from app.request.upkeep.rounds import Duty, again
from app.request.upkeep.webhooks import make_webhook_messages, send_webhook_messages

__all__ = ["keep_up", "keys_file", "ledger_keys_file", "record_uses", "tidy_files"]


async def keep_up(held: Resources) -> None:
    """Do all of it until cancelled."""
    work: list[Duty] = [
        listen, tidy, tidy_files_in_rounds, seal, sign_heads, count_reads, close_surveys,
        fill_places, settle_claims, queue_messages, send_messages, collect_loans, count_standings,
        count_progress,
        make_webhook_messages, send_webhook_messages,
        exchange_with_province, fetch_from_province,
    ]  # fmt: skip
    if held.sealer is not None:
        work.append(seal_certificates)
    if held.settings.signing_keys is None:
        work.append(watch_keys)
    async with asyncio.TaskGroup() as tasks:
        for each in work:
            tasks.create_task(again(each, held))
