"""Sealing (电子印章): each certificate is given to a seal service once its document is made.

A certificate is issued whether it is sealed or not, and says which. What could not be sealed is tried
again, later and later; what is sealed is never sealed again: the row is held while the service is asked,
and the service is given a reference by which it knows what it sealed before.
"""

import logging
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
from app.sql import Connection, Row, Statement

log = logging.getLogger("yanxun")

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
    try:
        async with db.transaction():
            sealed = await _sealed(db, certificate_id, sealer, press, now)
    except (
        Exception
    ):  # however making or sealing it fails, the certificate stands, and others have their turn
        log.warning("certificate %s could not be sealed", certificate_id, exc_info=True)
        wait = min(FIRST_WAIT * 2 ** min(tries, 20), LONGEST_WAIT)
        sealed = {"seal_state": SealState.PENDING, "seal_due_at": now + wait}
    await db.change(Certificate, certificate_id, sealed | {"seal_tries": tries + 1})
    return True


async def _sealed(
    db: Connection, certificate_id: UUID, sealer: Sealer, press: Press, now: datetime
) -> Row:
    """What is to be written of a certificate once it is sealed; its documents are made and kept."""
    printed = await read_printed(db, certificate_id=certificate_id)
    assert printed is not None  # noqa: S101  it is locked
    document = await make_document(db, printed=printed, press=press)
    digest = sha256(document).hexdigest()
    seal = await sealer.seal(reference=certificate_id, digest=digest, document=document)
    sealed = {
        "seal_state": SealState.SEALED, "seal_name": seal.name, "seal_at": now,
        "seal_simulated": seal.simulated,
    }  # fmt: skip
    _, stated = await press.keep(printed | {"sha256": digest} | sealed)
    return sealed | {"seal_signature": seal.signature, "seal_sha256": stated}
