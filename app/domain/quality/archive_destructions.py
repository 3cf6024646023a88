"""Destruction (档案销毁): proposed once the retention is over, decided by a second person.

What the pieces say is blanked, and their hold on files ends. The volume, its index with every hash, and its
seal remain: they are the list of what was destroyed (销毁清册). A volume that is held is not destroyed.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, bindparam, null, select, text, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, civil_date, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.archive_volumes import (
    ARCHIVE_VOLUMES,
    ArchiveOfOneself,
    ArchivePiece,
    ArchiveVolume,
    ArchiveVolumeWrongState,
    VolumeState,
    by_volume,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class DestructionState(StrEnum):
    """What became of a proposal (状态)."""

    PROPOSED = "proposed"
    """待审批"""
    AGREED = "agreed"
    """已同意，已销毁"""
    REFUSED = "refused"
    """不同意，继续保管"""


class DestructionFields(BaseModel):
    """Why a volume is to be destroyed."""

    reason: str = Field(min_length=2, max_length=500, description="销毁理由 / why")


class ArchiveDestruction(DestructionFields, Table, table=True):
    """A proposal and what was decided; it is kept for ever."""

    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(opinion, decided_by, decided_at)"
            " = CASE WHEN state = 'proposed' THEN 0 ELSE 3 END",
            name="decided",
        ),
        CheckConstraint("decided_by <> proposed_by", name="two_persons"),
        Index(
            "uq_archive_destruction_proposed", "volume_id", unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index(None, "volume_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    volume_id: UUID = Field(foreign_key="archive_volume.id", sa_type=Uuid)
    state: DestructionState = Field(sa_type=text_enum(DestructionState))
    proposed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    proposed_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    proposed_at: datetime = Field(sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=500)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ArchiveDestructionView(DestructionFields):
    """A proposal as both faces show it."""

    id: UUID = Field(description="标识 / key")
    volume_id: UUID = Field(description="案卷 / volume")
    state: DestructionState = Field(description="状态 / state")
    proposed_by: UUID = Field(description="提出人账号 / account of who proposed it")
    proposed_at: datetime = Field(description="提出时间 / when")
    opinion: str | None = Field(description="审批意见 / what was decided, in words")
    decided_by: UUID | None = Field(description="审批人账号 / account of who decided")
    decided_at: datetime | None = Field(description="审批时间 / when")


class NewArchiveDestruction(DestructionFields, Command):
    """A proposal to destroy a volume whose retention is over."""


class ArchiveDestructionDecision(Command):
    """What the second person decides."""

    agreed: bool = Field(description="是否同意销毁 / whether it is destroyed")
    opinion: str = Field(min_length=2, max_length=500, description="审批意见 / why")


# What can be refused.


class ArchiveDestructionNotFound(NotFound):
    """There is no such proposal for the one who asks."""

    code = "archive_destruction_not_found"
    zh = "未找到该销毁申请。"
    en = "There is no such proposal to destroy a volume."


class ArchiveRetained(Conflict):
    """The volume is to be kept, for a time or for ever."""

    code = "archive_retained"
    zh = "案卷尚在保管期内，不能销毁。"
    en = "The volume is still to be kept: its retention is not over."


class ArchiveHeld(Conflict):
    """The volume is held, whatever its retention."""

    code = "archive_held"
    zh = "案卷已暂停销毁（{reason}）。"
    en = "The volume is held and cannot be destroyed ({reason})."


class ArchiveDestructionProposed(Conflict):
    """A proposal waits already."""

    code = "archive_destruction_proposed"
    zh = "该案卷已有待审批的销毁申请。"
    en = "A proposal to destroy the volume waits already."


class ArchiveDestructionDecided(Conflict):
    """It was decided before."""

    code = "archive_destruction_decided"
    zh = "该销毁申请已审批。"
    en = "This proposal was decided before."


class ArchiveDestructionByProposer(Conflict):
    """Two persons destroy a volume."""

    code = "archive_destruction_by_proposer"
    zh = "提出人不能审批自己的销毁申请。"
    en = "Whoever proposed it does not decide."


# What may be asked.

ARCHIVE_DESTRUCTIONS = Door(
    table=ArchiveDestruction,
    view=ArchiveDestructionView,
    read=Permission.ARCHIVE_READ,
    missing=ArchiveDestructionNotFound,
    places=by_volume(col(ArchiveDestruction.volume_id)),
    filters={
        "volume_id": col(ArchiveDestruction.volume_id),
        "state": col(ArchiveDestruction.state),
    },
    sorts={"created": ()},
)


async def list_archive_destructions(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    volume_id: UUID | None = None,
    state: DestructionState | None = None,
) -> Page:
    """What was proposed in the actor's place, and decided."""
    filters = {"volume_id": volume_id, "state": state}
    return await ARCHIVE_DESTRUCTIONS.page(db, actor, page, filters=filters)


# What may be done: the volume is locked before the proposal.

_BLANK = Statement(
    update(ArchivePiece)
    .where(col(ArchivePiece.volume_id) == bindparam("of_volume", type_=Uuid))
    .values(content=null(), salt=null(), file_id=null())
)


_PROPOSERS = Statement(
    select(col(ArchiveDestruction.proposed_by), col(ArchiveDestruction.proposed_for)).where(
        col(ArchiveDestruction.id) == bindparam("destruction_id", type_=Uuid)
    )
)


def _check_expired(volume: Row, now: datetime) -> None:
    """Refuse to destroy a volume unless it is sealed, its retention over, and not held."""
    if volume["state"] != VolumeState.SEALED:
        raise ArchiveVolumeWrongState(state=volume["state"])
    if volume["hold_reason"] is not None:
        raise ArchiveHeld(reason=volume["hold_reason"])
    if volume["permanent"] or volume["retained_until"] > civil_date(now):
        raise ArchiveRetained


async def propose_archive_destruction(
    db: Connection, actor: Actor, *, volume_id: UUID, new: NewArchiveDestruction, now: datetime
) -> Row:
    """Propose to destroy a volume whose retention is over; another person decides."""
    write = Permission.ARCHIVE_WRITE
    volume = await ARCHIVE_VOLUMES.get(db, actor, volume_id, permission=write, lock=True)
    if await is_oneself(db, actor, teacher_ids=[volume["teacher_id"]]):
        raise ArchiveOfOneself
    _check_expired(volume, now)
    row = {
        "id": new_id(),
        "volume_id": volume_id,
        **new.model_dump(),
        "state": DestructionState.PROPOSED,
        "proposed_by": actor.account_id,
        "proposed_for": actor.on_behalf_of,
        "proposed_at": now,
    }
    try:
        async with db.transaction():
            await db.insert(ArchiveDestruction, row)
    except UniqueViolationError:
        raise ArchiveDestructionProposed from None
    return await ARCHIVE_DESTRUCTIONS.get(db, actor, row["id"])


async def decide_archive_destruction(
    db: Connection,
    actor: Actor,
    *,
    destruction_id: UUID,
    decision: ArchiveDestructionDecision,
    now: datetime,
) -> Row:
    """Agree, and what the pieces say is gone; or refuse, and the volume is kept on."""
    check = Permission.ARCHIVE_CHECK
    found = await ARCHIVE_DESTRUCTIONS.get(db, actor, destruction_id, permission=check)
    volume_id = found["volume_id"]
    volume = await ARCHIVE_VOLUMES.get(db, actor, volume_id, permission=check, lock=True)
    held = await ARCHIVE_DESTRUCTIONS.get(db, actor, destruction_id, permission=check, lock=True)
    if held["state"] != DestructionState.PROPOSED:
        raise ArchiveDestructionDecided
    # Who proposed it, and for whom: two persons destroy a volume, whoever acts for one of them.
    proposers = await db.one(_PROPOSERS, destruction_id=destruction_id) or {}
    if not actor.accounts.isdisjoint(proposers.values()):
        raise ArchiveDestructionByProposer
    if await is_oneself(db, actor, teacher_ids=[volume["teacher_id"]]):
        raise ArchiveOfOneself
    state = DestructionState.REFUSED
    if decision.agreed:
        _check_expired(volume, now)
        gone = {"state": VolumeState.DESTROYED, "destroyed_at": now}
        await db.change(ArchiveVolume, volume_id, gone)
        await db.run(_BLANK, of_volume=volume_id)
        state = DestructionState.AGREED
    values = {
        "state": state, "opinion": decision.opinion, "decided_by": actor.account_id,
        "decided_at": now,
    }  # fmt: skip
    await db.change(ArchiveDestruction, destruction_id, values)
    return await ARCHIVE_DESTRUCTIONS.get(db, actor, destruction_id)
