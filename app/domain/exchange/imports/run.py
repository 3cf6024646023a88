"""An import: its table, what is shown of it, its door, and what may be asked of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, CheckConstraint, Computed, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.exchange.imports.kind import ImportSubject
from app.domain.paging import Page, PageRequest
from app.domain.progress import ProgressFields, ProgressState, progress_constraints
from app.sql import Connection, Row


class ImportStage(StrEnum):
    """How far an import has come (阶段)."""

    RECEIVED = "received"
    """已接收: the file is here, nothing is known of it"""
    CHECKED = "checked"
    """已核对: what it would change is known; after a part of it was entered, too"""
    APPLIED = "applied"
    """已导入"""
    UNDONE = "undone"
    """已撤回"""
    CANCELLED = "cancelled"
    """已取消"""


class ImportWork(StrEnum):
    """What is being done with an import, or was last (作业)."""

    CHECK = "check"
    APPLY = "apply"
    UNDO = "undo"


class ImportOptions(BaseModel):
    """How a file is meant."""

    overwrite: bool = Field(
        default=False,
        description="是否覆盖人工更正的内容 / whether what was corrected by hand is written over",
    )
    full_roster: bool = Field(
        default=False,
        description="是否为所涉学校的完整名册 / whether it names everybody of its schools",
    )
    shrink_share: int = Field(
        default=10, ge=0, le=100,
        description="完整名册允许缺少的比例（%） / percent of a school that a full roster may lack",
    )  # fmt: skip


class ImportFields(ImportOptions):
    """What a file is about, and how it is meant."""

    subject: ImportSubject = Field(
        description="导入类别 / what it is about", sa_type=text_enum(ImportSubject)
    )
    file_name: str = Field(min_length=1, max_length=200, description="文件名 / name of the file")


class ShrunkSchool(BaseModel):
    """A school of which a full roster lacks more than it may."""

    unit_id: UUID = Field(description="学校 / school")
    name: str = Field(description="名称 / name")
    registered: int = Field(description="系统登记人数 / registered here")
    missing: int = Field(description="文件中缺少人数 / of these not in the file")


class Import(ImportFields, ProgressFields, Placed, Table, table=True):
    """A file that is taken over, placed by the unit below which it may change anything."""

    __table_args__ = (
        *place_constraints(),
        *progress_constraints(),
        CheckConstraint("shrink_share BETWEEN 0 AND 100", name="shrink_share"),
        *(
            Index(None, name, "created_at", "id")
            for name in ("school_id", "county_id", "city_id")
        ),
        Index(None, "unit_id", "sha256"),
        Index(None, "created_by", "created_at"),
        Index(
            "ix_import_at_work", "asked_by",
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    stage: ImportStage = Field(sa_type=text_enum(ImportStage))
    work: ImportWork = Field(sa_type=text_enum(ImportWork))
    sha256: str = Field(max_length=64)
    size: int
    stored_size: int
    """Bytes of the sealed file in the store, while it is kept there (`forgetting`)."""
    mark: int = 0
    """The number of the last row that the work under way has dealt with."""
    columns: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    unknown: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    creates: int = 0
    changes: int = 0
    unchanged: int = 0
    rejects: int = 0
    missing: int = 0
    applied: int = 0
    undone: int = 0
    shrunk: list[dict[str, Any]] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "[]"})
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    asked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    """Who asked for the work under way: it is done with that account's rights."""
    client_id: UUID | None = Field(default=None, sa_type=Uuid)
    scopes: list[str] | None = Field(default=None, sa_type=ARRAY(Text))
    """The ceiling of whoever asked for the work under way, null without one."""
    applied_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ImportView(ImportFields, ProgressFields):
    """An import as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="导入范围 / unit below which it may change anything")
    stage: ImportStage = Field(description="阶段 / how far it has come")
    work: ImportWork = Field(description="当前或最近的作业 / what is being done, or was last")
    sha256: str = Field(description="文件摘要 / digest of the file")
    size: int = Field(description="文件字节数 / bytes of the file")
    columns: list[str] = Field(description="识别出的字段 / fields that its columns fill")
    unknown: list[str] = Field(description="未识别的表头 / headers that were not understood")
    creates: int = Field(description="新增行数 / rows that enter something new")
    changes: int = Field(description="变更行数 / rows that change something")
    unchanged: int = Field(description="无变化行数 / rows that change nothing")
    rejects: int = Field(description="被拒行数 / rows that cannot be entered")
    missing: int = Field(
        description="完整名册中缺少的人数（不会被删除） / who a full roster lacks; nobody is removed"
    )
    applied: int = Field(description="已导入行数 / rows that were entered")
    undone: int = Field(description="已撤回行数 / rows that were taken back")
    shrunk: list[ShrunkSchool] = Field(
        description="缺少过多的学校 / schools of which it lacks more than it may"
    )
    created_at: datetime = Field(description="上传时间 / when it was handed in")
    created_by: UUID = Field(description="上传账号 / who handed it in")
    applied_at: datetime | None = Field(description="导入完成时间 / when all of it was entered")


# What can be refused.


class ImportNotFound(NotFound):
    """There is no such import for the one who asks."""

    code = "import_not_found"
    zh = "未找到该导入。"
    en = "There is no such import."


# What may be asked.

IMPORTS = Door(
    table=Import,
    view=ImportView,
    read=Permission.IMPORT_WRITE,
    missing=ImportNotFound,
    filters={
        "unit_id": col(Import.unit_id),
        "subject": col(Import.subject),
        "stage": col(Import.stage),
        "state": col(Import.state),
    },
    sorts={"created": (col(Import.created_at),)},
)


async def get_import(db: Connection, actor: Actor, *, import_id: UUID) -> Row:
    """One import in the actor's place, with how far it has come."""
    return await IMPORTS.get(db, actor, import_id)


async def list_imports(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    subject: ImportSubject | None = None,
    stage: ImportStage | None = None,
    state: ProgressState | None = None,
) -> Page:
    """The imports in the actor's place, the first handed in first unless sorted otherwise."""
    filters = {"unit_id": unit_id, "subject": subject, "stage": stage, "state": state}
    return await IMPORTS.page(db, actor, page, filters=filters)
