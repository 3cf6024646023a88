"""Doubts of certificates (证书存疑): credit on which one rests was found wrong after it was issued.

The certificate still holds, and says what it said. The authority is told by a task and on the certificate's
record; it revokes the certificate, or says why it stands.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, null, or_, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT
from app.domain.credits.certificates.certificate import (
    CERTIFICATES,
    Certificate,
    CertificateStands,
    CertificateState,
)
from app.domain.credits.certificates.ending import hold_certificate
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement

# What can be refused.


class CertificateNotDoubted(Conflict):
    """There is nothing to decide about it."""

    code = "certificate_not_doubted"
    zh = "该证书没有待处理的存疑事项。"
    en = "Nothing about this certificate is in doubt."


# What may be done.

_teacher_id = bindparam("of_teacher", type_=Uuid)
_DOUBT = Statement(
    update(Certificate)
    .where(
        col(Certificate.state) == CertificateState.ISSUED,
        or_(
            col(Certificate.teacher_id) == _teacher_id,
            # Issued to a record that was merged into this one.
            col(Certificate.teacher_id).in_(
                select(col(Teacher.id)).where(col(Teacher.merged_into_id) == _teacher_id)
            ),
        ),
        or_(
            bindparam("earned_on", type_=Date).between(
                col(Certificate.cycle_start), col(Certificate.cycle_end)
            ),
            col(Certificate.activity_id) == bindparam("source_id", type_=Uuid),
        ),
    )
    .values(
        doubted_at=bindparam("now", type_=MOMENT),
        doubted_entry_id=bindparam("reversal_id", type_=Uuid),
        # What was said of an earlier doubt is in the audit trail.
        upheld_at=null(),
        upheld_by=null(),
        upheld_because=null(),
    )
)


async def doubt_certificates(
    db: Connection, *, struck: Row, reversal_id: UUID, now: datetime
) -> int:
    """Mark the certificates that rest on an entry which was just reversed; how many there are.

    Those of its activity, and of the cycles that it counts in. The head of the person's chain is held, as
    by whoever issues certificates: none is issued meanwhile on what is struck.
    """
    about = {"of_teacher": struck["teacher_id"], "earned_on": struck["earned_on"]}
    return await db.run(
        _DOUBT, **about, source_id=struck["source_id"], reversal_id=reversal_id, now=now
    )


async def uphold_certificate(
    db: Connection, actor: Actor, *, certificate_id: UUID, stands: CertificateStands, now: datetime
) -> Row:
    """Say why a certificate stands though credit was reversed; for the authority over it."""
    whole = await hold_certificate(db, actor, certificate_id=certificate_id)
    if whole["doubted_at"] is None or whole["upheld_at"] is not None:
        raise CertificateNotDoubted
    upheld = {"upheld_because": stands.reason, "upheld_by": actor.account_id, "upheld_at": now}
    await db.change(Certificate, certificate_id, upheld)
    return await CERTIFICATES.get(db, actor, certificate_id)
