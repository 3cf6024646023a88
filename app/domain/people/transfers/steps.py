"""What every step of a transfer begins with: the transfer and its sides, held, and whose step it is."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Conflict
from app.domain.organisation.units import Unit, UnitClosed, UnitNotFound
from app.domain.people.transfers.transfer import (
    TRANSFERS,
    TransferKind,
    TransferSide,
    TransferState,
)
from app.sql import Connection, Row, Statement

# What can be refused.


class TransferNotThere(Conflict):
    """It has gone further, or has ended: this step is not its next."""

    code = "transfer_not_there"
    zh = "该调动当前状态为“{state}”，不能办理此步骤。"
    en = "The transfer is {state}: this step cannot be taken."


class OtherSideActs(Conflict):
    """This step is the other side's."""

    code = "transfer_other_side"
    zh = "此步骤由另一方办理。"
    en = "This step is for the other side to take."


# What may be done.

_UNITS = Statement(
    select(*(col(getattr(Unit, name)) for name in ("id", "level", "county_id", "closed_on")))
    .where(
        col(Unit.id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        col(Unit.city_id) == bindparam("city_id", type_=Uuid),
    )
    .order_by(col(Unit.id))
    .with_for_update(key_share=True, read=True)
)


async def hold_sides(
    db: Connection, *, city_id: UUID, from_unit_id: UUID, to_unit_id: UUID
) -> tuple[Row, Row]:
    """Both sides, which until the transaction ends are neither closed nor moved.

    They are held in the order of their keys, as whatever closes or merges schools holds them.
    """
    rows = await db.all(_UNITS, city_id=city_id, unit_ids=[from_unit_id, to_unit_id])
    units = {row["id"]: row for row in rows}
    if to_unit_id not in units:
        raise UnitNotFound
    if units[to_unit_id]["closed_on"] is not None:
        raise UnitClosed(day=units[to_unit_id]["closed_on"].isoformat())
    return units[from_unit_id], units[to_unit_id]


class _Held(BaseModel):
    """What the steps need of a transfer."""

    id: UUID
    teacher_id: UUID
    kind: TransferKind
    city_id: UUID
    from_unit_id: UUID
    from_county_id: UUID
    to_unit_id: UUID
    to_county_id: UUID
    proposer: TransferSide
    state: TransferState


_STEPS = replace(TRANSFERS, view=_Held, computed={}, joined=None)


async def hold_transfer(
    db: Connection, actor: Actor, *, transfer_id: UUID, lock: bool = True
) -> Row:
    """The transfer, locked unless told otherwise, if the actor may act for one of its sides."""
    permission = Permission.TRANSFER_WRITE
    return await _STEPS.get(db, actor, transfer_id, permission=permission, lock=lock)


def require_state(held: Row, *states: TransferState) -> None:
    """Refuse a step that is not the next one."""
    if held["state"] not in states:
        raise TransferNotThere(state=held["state"])


def require_side(actor: Actor, held: Row, side: TransferSide) -> None:
    """Refuse whoever does not act for this side."""
    name = "from" if side is TransferSide.LEAVING else "to"
    place: dict[str, Any] = {
        "city_id": held["city_id"],
        "county_id": held[f"{name}_county_id"],
        "school_id": held[f"{name}_unit_id"],
    }
    if not actor.scope(Permission.TRANSFER_WRITE).covers(place):
        raise OtherSideActs
