"""Sealing (电子印章): each certificate is given to a seal service once its document is made.

A certificate is issued whether it is sealed or not, and says which. What could not be sealed is tried
again, later and later; what is sealed is never sealed again: the row is held while the service is asked,
and the service is given a reference by which it knows what it sealed before.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import col

from app.domain.base import MOMENT
from app.domain.credits.certificates.certificate import (
    Certificate,
    CertificateState,
    SealState,
)
from app.domain.credits.certificates.documents import (
    Press,
    make_document,
    read_printed,
)
from app.sql import Connection, Statement

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)


class Seal(NamedTuple):
    """A seal that was set: whose, whether it is a mere simulation, and the proof over the document."""

    name: str
    simulated: bool
    signature: bytes


class SealFailed(Exception):
    """The service did not seal: it is away, or refuses. What it says is for the log alone."""


class Sealer(Protocol):
    """A seal service (电子印章服务). What it is asked twice for one reference it seals once."""

    async def seal(self, *, reference: UUID, digest: str, document: bytes) -> Seal:
        """The seal on this document, whose SHA-256 is `digest`; raises `SealFailed`."""


# What may be done.

_NEXT = Statement(
    select(col(Certificate.id), col(Certificate.seal_tries))
    .where(
        col(Certificate.state) == CertificateState.ISSUED,
        col(Certificate.seal_state) != SealState.SEALED,
        col(Certificate.seal_due_at) <= bindparam("now", type_=MOMENT),
    )
    .order_by(col(Certificate.seal_due_at), col(Certificate.id))
    .limit(1)
    .with_for_update(skip_locked=True)
)


async def seal_next_certificate(
    db: Connection, *, sealer: Sealer, press: Press, now: datetime
) -> bool:
    """Have the certificate sealed that has waited longest, and say whether there was one.

    Of many processes each takes another. Where the service fails, the certificate waits (`pending`)
    twice as long as the last time.
    """
    waiting = await db.one(_NEXT, now=now)
    if waiting is None:
        return False
    certificate_id, tries = waiting["id"], waiting["seal_tries"]
    printed = await read_printed(db, certificate_id=certificate_id)
    assert printed is not None  # noqa: S101  it is locked
    document = await make_document(db, printed=printed, press=press)
    digest = sha256(document).hexdigest()
    try:
        seal = await sealer.seal(reference=certificate_id, digest=digest, document=document)
    except Exception:  # noqa: BLE001  however a service fails, the certificate stands and waits
        wait = min(FIRST_WAIT * 2 ** min(tries, 20), LONGEST_WAIT)
        later = {"seal_tries": tries + 1, "seal_due_at": now + wait}
        await db.change(Certificate, certificate_id, {"seal_state": SealState.PENDING, **later})
        return True
    sealed = {
        "seal_state": SealState.SEALED, "seal_name": seal.name, "seal_at": now,
        "seal_simulated": seal.simulated,
    }  # fmt: skip
    _, stated = await press.keep(printed | {"sha256": digest} | sealed)
    proof = {"seal_signature": seal.signature, "seal_sha256": stated, "seal_tries": tries + 1}
    await db.change(Certificate, certificate_id, sealed | proof)
    return True
