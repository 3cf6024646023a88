"""Taking a consent back: what was kept under it is erased at once (PIPL, articles 15 and 47)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT, columns_of
from app.domain.people.optional_data.consent import (
    DataConsent,
    DataConsentNotFound,
    DataConsentView,
    OptionalData,
    require_oneself,
)
from app.domain.people.optional_data.phone import erase_phone
from app.sql import Connection, Row, Statement

# What may be done.

_WITHDRAW = Statement(
    update(DataConsent)
    .where(
        col(DataConsent.id) == bindparam("consent_id", type_=Uuid),
        col(DataConsent.teacher_id) == bindparam("of_teacher", type_=Uuid),
        col(DataConsent.withdrawn_at).is_(None),
    )
    .values(withdrawn_at=bindparam("now", type_=MOMENT))
    .returning(*columns_of(DataConsent, DataConsentView))
)


async def withdraw_data_consent(
    db: Connection, actor: Actor, *, consent_id: UUID, now: datetime
) -> Row:
    """Take one's consent back; what was kept under it is erased in the same transaction."""
    teacher_id = require_oneself(actor)
    row = await db.one(_WITHDRAW, consent_id=consent_id, of_teacher=teacher_id, now=now)
    if row is None:
        raise DataConsentNotFound
    if row["data"] == OptionalData.PHONE:
        await erase_phone(db, teacher_id=teacher_id)
    return row
