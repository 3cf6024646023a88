"""The rows of an import: staged as the file gives them, with what each does and why."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.audit import RowValues
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.exchange.imports.kind import ImportAction, ImportSubject
from app.domain.exchange.imports.reasons import Reason
from app.domain.exchange.imports.run import IMPORTS, Import
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class RowState(StrEnum):
    """What became of a row (状态)."""

    STAGED = "staged"
    """待导入, or refused"""
    SETTLED = "settled"
    """无需导入: it is so already, and known to be from an import"""
    APPLIED = "applied"
    """已导入"""
    UNDONE = "undone"
    """已撤回"""
    KEPT = "kept"
    """未能撤回: what rests on it would go too"""


class ImportRow(Table, table=True):
    """A row of a file. What it says is kept by field, what is secret of that sealed, and only until
    the row was entered.
    """

    __table_args__ = (UniqueConstraint("import_id", "number"),)

    id: UUID = key()
    import_id: UUID = Field(foreign_key="import.id", sa_type=Uuid)
    number: int
    """The row as the user's program counts it."""
    digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Alike for rows that say the same in the same place (`known`); nothing can be read from it."""
    action: ImportAction = Field(sa_type=text_enum(ImportAction))
    state: RowState = Field(sa_type=text_enum(RowState))
    given: dict[str, str] = Field(sa_type=JSONB)
    given_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    key: str | None = Field(default=None, max_length=300)
    label: str = Field(max_length=200)
    unit_id: UUID | None = Field(default=None, sa_type=Uuid)
    target_id: UUID | None = Field(default=None, sa_type=Uuid)
    before: dict[str, Any] = Field(sa_type=JSONB)
    after: dict[str, Any] = Field(sa_type=JSONB)
    reasons: list[dict[str, Any]] = Field(sa_type=JSONB)
    applied_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ImportOrigin(Table, table=True):
    """What imports have last written into a thing, by field: what differs from it was corrected since."""

    subject: ImportSubject = Field(primary_key=True, sa_type=text_enum(ImportSubject))
    thing_id: UUID = Field(primary_key=True, sa_type=Uuid)
    import_id: UUID = Field(foreign_key="import.id", sa_type=Uuid)
    written: dict[str, Any] = Field(sa_type=JSONB)
    row_id: UUID | None = Field(default=None, sa_type=Uuid)
    digest: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    """Of the row by which the thing is wholly as it was wanted, and nothing is to be noted."""
    stamp: str | None = None
    """How the thing stood then: as long as it does, that row would change nothing."""


class ImportRowView(BaseModel):
    """A row of a file as both faces show it; personal data masked."""

    id: UUID = Field(description="标识 / key")
    import_id: UUID = Field(description="导入 / import")
    number: int = Field(description="行号 / number of the row in the file")
    action: ImportAction = Field(description="作用 / what it does")
    state: RowState = Field(description="状态 / what became of it")
    label: str = Field(description="对象（脱敏） / what it is about, masked")
    target_id: UUID | None = Field(description="对象标识 / key of what it is about")
    before: RowValues = Field(description="原值 / fields that differ, as they are kept")
    after: RowValues = Field(description="新值 / the same, as the row wants them")
    reasons: list[Reason] = Field(description="原因与提示 / reasons and notes")
    applied_at: datetime | None = Field(description="导入时间 / when it was entered")


# What can be refused.


class ImportRowNotFound(NotFound):
    """There is no such row for the one who asks."""

    code = "import_row_not_found"
    zh = "未找到该导入行。"
    en = "There is no such row of an import."


# What may be asked.

IMPORT_ROWS = Door(
    table=ImportRow,
    view=ImportRowView,
    read=Permission.IMPORT_WRITE,
    missing=ImportRowNotFound,
    places={name: col(getattr(Import, name)) for name in PLACE},
    joined=ImportRow.__table__.join(  # type: ignore[attr-defined]
        Import.__table__,  # type: ignore[attr-defined]
        col(ImportRow.import_id) == col(Import.id),
    ),
    filters={
        "import_id": col(ImportRow.import_id),
        "action": col(ImportRow.action),
        "state": col(ImportRow.state),
    },
    sorts={"number": (col(ImportRow.number),)},
)
"""Rows, placed by their import."""


async def list_import_rows(
    db: Connection,
    actor: Actor,
    *,
    import_id: UUID,
    page: PageRequest,
    action: ImportAction | None = None,
    state: RowState | None = None,
) -> Page:
    """The rows of an import as the file has them: all, or those of one action or state."""
    await IMPORTS.get(db, actor, import_id)
    filters = {"import_id": import_id, "action": action, "state": state}
    return await IMPORT_ROWS.page(db, actor, page, filters=filters)


async def get_import_row(db: Connection, actor: Actor, *, row_id: UUID) -> Row:
    """One row of an import in the actor's place."""
    return await IMPORT_ROWS.get(db, actor, row_id)


async def import_rows_of(
    db: Connection,
    actor: Actor,
    *,
    import_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The rows of each of many imports, as their files have them."""
    return await IMPORT_ROWS.pages_of(
        db, actor, col(ImportRow.import_id), import_ids, page, columns=columns
    )
