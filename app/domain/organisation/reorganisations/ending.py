"""What ends with a unit: its code, its attachments, what is said of it, what it had arranged itself."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, func, or_, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.holders import end_grants_over
from app.domain.organisation.attachments import UnitAttachment
from app.domain.organisation.committees import Committee
from app.domain.organisation.departments import Department
from app.domain.organisation.designations import Designation
from app.domain.organisation.facts import end_facts
from app.domain.organisation.names_and_codes import UnitCode
from app.domain.organisation.networks import Network, NetworkMember
from app.domain.organisation.reorganisations.pairs import end_pairs
from app.domain.organisation.responsibilities import Responsibility
from app.sql import Connection, Statement

_FACTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Designation, ("unit_id",)),
    (Responsibility, ("unit_id",)),
    (NetworkMember, ("school_id",)),
)
"""What others say of a unit, and to what it belongs."""
_CLOSE_PARTS = tuple(
    Statement(
        update(part)
        .where(
            col(part.unit_id) == bindparam("unit_id", type_=Uuid),
            or_(col(part.valid_to).is_(None), col(part.valid_to) > bindparam("on", type_=Date)),
        )
        .values(valid_to=func.greatest(bindparam("on", type_=Date), col(part.valid_from)))
    )
    for part in (Department, Network, Committee)
)
"""What it had arranged itself: its departments, its networks, its committees."""


async def end_attachments(
    db: Connection, actor: Actor, *, unit_id: UUID, on: date, now: datetime
) -> None:
    """End to what a school belongs and what belongs to it, with what its accounts may do there.

    The accounts must still be where they were.
    """
    ended = await end_facts(
        db, table=UnitAttachment, owners=("unit_id", "head_id"), owner=unit_id, on=on, now=now
    )
    attached = [row["unit_id"] for row in ended if row["head_id"] == unit_id]
    if attached:
        await end_grants_over(db, actor, subject_ids=attached, holders_at=unit_id, now=now)


async def end_what_holds(db: Connection, *, unit_id: UUID, on: date, now: datetime) -> None:
    """End all else that holds of a unit. Its code is void, and never given again."""
    await end_facts(
        db, table=UnitCode, owners=("unit_id",), owner=unit_id, on=on, now=now, kept=True
    )
    for table, owners in _FACTS:
        await end_facts(db, table=table, owners=owners, owner=unit_id, on=on, now=now)
    for statement in _CLOSE_PARTS:
        await db.run(statement, unit_id=unit_id, on=on)
    await end_pairs(db, unit_id=unit_id, on=on)
