"""What a certificate costs: a batch for an activity of 2,000 is approved, then documents are set."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID

from obstore.store import LocalStore
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.credits.certificates import (
    Certificate,
    NewCertificateBatch,
    Press,
    approve_certificate_batch,
    draw_up_certificate_batch,
    get_certificate_document,
)
from app.domain.credits.recognition import recognise_activity
from app.security.passwords import new_verification_code
from app.sql import Connection, Statement
from app.storage import Storage
from app.typesetting import Typesetter
from bench.city import Chosen, city_actor, hold_sitting
from bench.direct import Timed, attend, undone

DOCUMENTS = 50

_ISSUED = Statement(
    select(col(Certificate.id))
    .where(col(Certificate.batch_id) == bindparam("batch_id", type_=Uuid))
    .order_by(col(Certificate.serial))
    .limit(DOCUMENTS + 1)
)


async def certificates(pool: Pool, owner_url: str, chosen: Chosen) -> Timed:
    """One certificate: its share of the batch that is approved, and its document."""
    actor, moment = city_actor(chosen), datetime.now(UTC)
    async with undone(pool) as db:
        sitting = await hold_sitting(db, chosen)
        await attend(db, owner_url, chosen, sitting)
        await recognise_activity(db, actor, activity_id=sitting.activity_id, now=moment)
        new = NewCertificateBatch(activity_id=sitting.activity_id)
        batch = await draw_up_certificate_batch(db, actor, new=new, now=moment)
        began = time.perf_counter()
        done = await approve_certificate_batch(
            db, replace(actor, account_id=chosen.approver_id), batch_id=batch["id"],
            new_code=new_verification_code, now=moment,
        )  # fmt: skip
        issuing = 1000 * (time.perf_counter() - began) / done["issued"]
        setting = await _set(db, actor, batch["id"])
    compared = f"issued {issuing:.2f} ms, of {done['issued']} at once; document {setting:.1f} ms"
    return Timed("证书 one certificate", issuing + setting, compared, "≤ 30 ms")


async def _set(db: Connection, actor: Actor, batch_id: UUID) -> float:
    """The milliseconds in which a document of the batch is set and kept."""
    times = []
    with TemporaryDirectory() as folder:
        store = Storage(LocalStore(folder), Path(folder))
        press = Press(Typesetter(), store, "https://yanxun.example")
        for row in await db.all(_ISSUED, batch_id=batch_id):
            began = time.perf_counter()
            await get_certificate_document(db, actor, certificate_id=row["id"], press=press)
            times.append(1000 * (time.perf_counter() - began))
    # The first reads the template and the fonts.
    return median(times[1:])
