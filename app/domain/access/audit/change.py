"""A change (变更): a row before and after, in columns that may be shown.

Changes are written by triggers alone, one statement for all the rows of a statement, with the rights
of the tables' owner: the application can neither leave one out nor make one up. Which tables are
audited, and which columns are hidden, the migrations say (`audited` in `app.database.migrations`).
"""

from collections.abc import Sequence
from typing import Any, NewType
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import BigInteger, Index, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.audit.act import NEXT_IN_TRAIL, THIS_TRANSACTION, AuditAct
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Table
from app.domain.paging import Page, PageRequest
from app.sql import Connection

RowValues = NewType("RowValues", dict[str, Any])
"""Columns of a row by their names; what may not be shown stands as `***`."""


class ChangeFields(BaseModel):
    """Which row, and its columns before and after."""

    table_name: str = Field(max_length=63, description="数据表 / table")
    row_key: str = Field(max_length=200, description="行主键 / key of the row")
    before: RowValues | None = Field(
        default=None,
        description="变更前，新增为空 / before, null for a new row",
        sa_type=JSONB,
    )
    after: RowValues | None = Field(
        default=None,
        description="变更后，删除为空 / after, null for a row that was removed",
        sa_type=JSONB,
    )


class AuditChange(ChangeFields, Table, table=True):
    """A change; of a row that was updated only the columns that differ.

    Its place is the row's, or that of what the row belongs to, as it was at the time.
    """

    __table_args__ = (
        Index(None, "transaction", "id"),
        Index(None, "row_key", "id"),
    )

    id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"server_default": NEXT_IN_TRAIL}
    )
    """Its place among acts and changes, which share one sequence."""
    transaction: int = Field(
        sa_type=BigInteger, sa_column_kwargs={"server_default": THIS_TRANSACTION}
    )
    city_id: UUID | None = Field(default=None, sa_type=Uuid)
    county_id: UUID | None = Field(default=None, sa_type=Uuid)
    school_id: UUID | None = Field(default=None, sa_type=Uuid)


class ChangeView(ChangeFields):
    """A change as both faces show it."""


# What may be asked.

_ACT = (
    (col(AuditChange.transaction) == col(AuditAct.transaction))
    & (col(AuditChange.id) > col(AuditAct.since))
    & (col(AuditChange.id) < col(AuditAct.sequence))
)
"""The predicate 'this change is what that act did'."""

CHANGES = Door(
    table=AuditChange,
    view=ChangeView,
    read=Permission.AUDIT_READ,
    places={name: col(getattr(AuditAct, name)) for name in PLACE},
    joined=AuditAct.__table__.join(AuditChange.__table__, _ACT),  # type: ignore[attr-defined]
    sorts={"created": ()},
)
"""Changes as they belong to their act, and lie where it lies."""


async def changes_of(
    db: Connection,
    actor: Actor,
    *,
    act_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """What each of many acts changed, in the order of its happening."""
    return await CHANGES.pages_of(db, actor, col(AuditAct.id), act_ids, page, columns=columns)
