"""Doubts of certificates (证书存疑): credit on which one rests counts no more since it was issued.

It was reversed or corrected, it went to another authority, it was lent and taken back within the cycle, or
it was struck as two records became one.

The certificate still holds, and says what it said. The authority is told by a task and on the certificate's
record; it revokes the certificate, or says why it stands.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, bindparam, func, null, or_, select, update
from sqlalchemy.orm import aliased
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


class Struck(NamedTuple):
    """Credit that counts no more: whose it was, of which day and source, and the entry that says so.

    What was issued before `since` did not rest on it; None where that is not known.
    """

    teacher_id: UUID
    earned_on: date
    source_id: UUID
    entry_id: UUID
    since: datetime | None = None


_KINDS: tuple[Any, ...] = (Uuid, Date, Uuid, Uuid, MOMENT)
_struck = (
    func.unnest(
        *(
            bindparam(f"each_{name}", type_=ARRAY(kind))
            for name, kind in zip(Struck._fields, _KINDS, strict=True)
        )
    )
    .table_valued(*Struck._fields)
    .render_derived()
)
_issued = col(Certificate.state) == CertificateState.ISSUED
_resting = aliased(Certificate)
_concerned = (
    # Of several entries that one certificate rests on, the first is named.
    select(
        col(_resting.id).label("certificate_id"),
        func.min(_struck.c.entry_id.cast(Text)).label("entry"),
    )
    .select_from(_struck)
    .join(
        Teacher,
        or_(
            col(Teacher.id) == _struck.c.teacher_id,
            # Issued to a record that was merged into this one.
            col(Teacher.merged_into_id) == _struck.c.teacher_id,
        ),
    )
    .join(_resting, col(_resting.teacher_id) == col(Teacher.id))
    .where(
        or_(
            _struck.c.earned_on.between(col(_resting.cycle_start), col(_resting.cycle_end)),
            col(_resting.activity_id) == _struck.c.source_id,
        ),
        or_(_struck.c.since.is_(None), _struck.c.since <= col(_resting.issued_at)),
    )
    .group_by(col(_resting.id))
    .subquery()
)
_DOUBT = Statement(
    update(Certificate)
    .where(_issued, col(Certificate.id) == _concerned.c.certificate_id)
    .values(
        doubted_at=bindparam("now", type_=MOMENT),
        doubted_entry_id=_concerned.c.entry.cast(Uuid),
        # What was said of an earlier doubt is in the audit trail.
        upheld_at=null(),
        upheld_by=null(),
        upheld_because=null(),
    )
)


async def doubt_certificates(db: Connection, *, struck: Sequence[Struck], now: datetime) -> int:
    """Mark the certificates that rest on credit which just ceased to count; how many there are.

    Those of its activity, and of the cycles that it counts in. The heads of the persons' chains are held,
    as by whoever issues certificates: none is issued meanwhile on what is struck. One statement.
    """
    if not struck:
        return 0
    columns = zip(Struck._fields, zip(*struck, strict=True), strict=True)
    return await db.run(
        _DOUBT, now=now, **{f"each_{name}": list(values) for name, values in columns}
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
