"""A reconciliation (对账): all that we count as handed over to the province, against all that it holds."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import UNITS, Level
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, UniqueViolationError, new_id


class ReconciliationState(StrEnum):
    """How far it has come (对账状态)."""

    RUNNING = "running"
    """对账中"""
    DONE = "done"
    """已完成"""


class DisagreementKind(StrEnum):
    """What does not agree (差异类型)."""

    MISSING_HERE = "missing_here"
    """省平台有，本市无"""
    MISSING_THERE = "missing_there"
    """本市有，省平台无"""
    DIFFERENT = "different"
    """两边内容或状态不一致"""


class ReconciliationFields(BaseModel):
    """How far it has come, and what it found."""

    state: ReconciliationState = Field(
        description="状态 / state", sa_type=text_enum(ReconciliationState)
    )
    agreeing: int = Field(
        description="一致数 / records on which both agree",
        sa_column_kwargs={"server_default": text("0")},
    )
    differing: int = Field(
        description="差异数 / differences", sa_column_kwargs={"server_default": text("0")}
    )
    failure: str | None = Field(
        default=None, max_length=60, description="最近一次失败 / code of the last failure"
    )
    asked_at: datetime = Field(description="发起时间 / when it was asked for", sa_type=MOMENT)
    done_at: datetime | None = Field(
        default=None, description="完成时间 / when it was done", sa_type=MOMENT
    )


class Reconciliation(ReconciliationFields, Placed, Table, table=True):
    """A reconciliation of one city; of each city one runs at a time."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("county_id = city_id AND school_id IS NULL", name="belongs_to_city"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_once"),
        CheckConstraint("(state = 'done') = (next_at IS NULL)", name="taken_up_until_done"),
        Index(
            "uq_reconciliation_running", "city_id", unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(None, "city_id", "id"),
        Index("ix_reconciliation_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )  # fmt: skip

    id: UUID = key()
    reached: str = Field(
        default="", max_length=120, sa_column_kwargs={"server_default": text("''")}
    )
    """The key up to which both sides were compared."""
    next_at: datetime | None = Field(sa_type=MOMENT)
    asked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ReconciliationView(ReconciliationFields):
    """A reconciliation as both faces show it."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="所属市 / city")


class DifferenceFields(BaseModel):
    """What does not agree, as either side says it."""

    kind: DisagreementKind = Field(
        description="差异类型 / what does not agree", sa_type=text_enum(DisagreementKind)
    )
    key: str = Field(max_length=120, description="记录键 / key of the record")
    our_state: str | None = Field(default=None, max_length=20, description="本市状态 / state here")
    their_state: str | None = Field(
        default=None, max_length=20, description="省平台状态 / state there"
    )
    our_digest: str | None = Field(
        default=None, max_length=64, description="本市摘要 / digest here"
    )
    their_digest: str | None = Field(
        default=None, max_length=64, description="省平台摘要 / digest there"
    )


class ReconciliationDifference(DifferenceFields, Placed, Table, table=True):
    """One difference, in the place of its reconciliation; it is never changed."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("county_id = city_id AND school_id IS NULL", name="belongs_to_city"),
        Index(None, "reconciliation_id", "key", "id"),
    )

    id: UUID = key()
    reconciliation_id: UUID = Field(foreign_key="reconciliation.id", sa_type=Uuid)


class DifferenceView(DifferenceFields):
    """A difference as both faces show it."""

    id: UUID = Field(description="标识 / key")
    reconciliation_id: UUID = Field(description="对账 / reconciliation")


class NewReconciliation(Command):
    """Whose records are to be compared."""

    city_id: UUID = Field(description="市 / city")


# What can be refused.


class ReconciliationNotFound(NotFound):
    """There is no such reconciliation for the one who asks."""

    code = "reconciliation_not_found"
    zh = "未找到该对账。"
    en = "There is no such reconciliation."


class DifferenceNotFound(NotFound):
    """There is no such difference for the one who asks."""

    code = "reconciliation_difference_not_found"
    zh = "未找到该对账差异。"
    en = "There is no such difference."


class ReconciliationNeedsCity(Invalid):
    """The province is asked for a whole city."""

    code = "reconciliation_needs_city"
    zh = "对账须以市为单位。"
    en = "A reconciliation is of a whole city."


class ReconciliationRunning(Conflict):
    """One runs already."""

    code = "reconciliation_running"
    zh = "该市的对账正在进行。"
    en = "A reconciliation of this city is running already."


# What may be asked.

RECONCILIATIONS = Door(
    table=Reconciliation,
    view=ReconciliationView,
    read=Permission.PROVINCE_READ,
    missing=ReconciliationNotFound,
    sorts={"created": ()},
)
DIFFERENCES = Door(
    table=ReconciliationDifference,
    view=DifferenceView,
    read=Permission.PROVINCE_READ,
    missing=DifferenceNotFound,
    filters={
        "reconciliation_id": col(ReconciliationDifference.reconciliation_id),
        "kind": col(ReconciliationDifference.kind),
    },
    sorts={"key": (col(ReconciliationDifference.key),)},
)


async def get_reconciliation(db: Connection, actor: Actor, *, reconciliation_id: UUID) -> Row:
    """One reconciliation."""
    return await RECONCILIATIONS.get(db, actor, reconciliation_id)


async def list_reconciliations(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """The reconciliations of the actor's cities."""
    return await RECONCILIATIONS.page(db, actor, page)


async def list_reconciliation_differences(
    db: Connection,
    actor: Actor,
    *,
    reconciliation_id: UUID,
    page: PageRequest,
    kind: DisagreementKind | None = None,
) -> Page:
    """What a reconciliation found not to agree, by the keys of the records."""
    await RECONCILIATIONS.get(db, actor, reconciliation_id)
    filters = {"reconciliation_id": reconciliation_id, "kind": kind}
    return await DIFFERENCES.page(db, actor, page, filters=filters)


# What may be done.


async def start_reconciliation(
    db: Connection, actor: Actor, *, new: NewReconciliation, now: datetime
) -> Row:
    """Ask for a reconciliation; a process carries it out beside the requests."""
    exchange = Permission.PROVINCE_EXCHANGE
    unit = await UNITS.get(db, actor, new.city_id, permission=exchange)
    if unit["level"] != Level.CITY:
        raise ReconciliationNeedsCity
    reconciliation_id = new_id()
    row = {
        "id": reconciliation_id,
        "city_id": new.city_id,
        "county_id": new.city_id,
        "school_id": None,
        "state": ReconciliationState.RUNNING,
        "asked_at": now,
        "asked_by": actor.account_id,
        "next_at": now,
    }
    try:
        await db.insert(Reconciliation, row)
    except UniqueViolationError:
        raise ReconciliationRunning from None
    return await RECONCILIATIONS.get(db, actor, reconciliation_id)
