"""An export (导出): a list asked for as a file, made beside the requests, and kept for some days."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Index,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.exchange.exports.listed import LISTS
from app.domain.exchange.exports.reading import Wanted
from app.domain.exchange.exports.refusals import (
    ExportByDelegate,
    ExportNotFound,
    ExportsTooLarge,
    TooManyExports,
)
from app.domain.progress import ProgressFields, ProgressState, cancel_work, progress_constraints
from app.queue import enqueue
from app.sql import Connection, Row, Statement, new_id
from app.tabular import TabularFormat

JOB = "write_export"
KEPT = timedelta(days=3)
"""How long the file of an export can be fetched."""
MOST_OPEN = 5
"""How many exports of one account wait or are being made."""
MOST_BYTES = 4_000_000_000
"""Bytes of the files that are kept for one account together."""
_SHOWN_AT_MOST = 100


class ExportParameter(BaseModel):
    """By what a list is chosen or filtered: a parameter of its operation."""

    name: str = Field(max_length=60, description="参数名 / name, as the list's operation has it")
    value: str = Field(max_length=200, description="取值 / value, as in an address")


Names = list[str]
Parameters = list[ExportParameter]


class GivenParameter(ExportParameter, Command):
    """One that is asked for."""


Given = list[GivenParameter]


class ExportFields(BaseModel):
    """Which list, with which filters, as which file."""

    list: str = Field(max_length=60, description="清单 / id of the list's operation")
    sort: str | None = Field(
        default=None,
        max_length=41,
        description="排序，前加 - 为降序 / order",
    )
    format: TabularFormat = Field(
        default=TabularFormat.CSV,
        description="文件格式 / csv, xlsx or jsonl",
        sa_type=text_enum(TabularFormat),
    )


class Export(ExportFields, ProgressFields, Table, table=True):
    """An export of an account, with the ceiling that it was asked for under."""

    __table_args__ = (
        *progress_constraints(),
        CheckConstraint(
            "num_nonnulls(size, sha256, expires_at) IN (0, 3)"
            " AND (state <> 'done' OR size IS NOT NULL)",
            name="file",
        ),
        Index(None, "account_id", "id"),
        Index(None, "created_at"),
    )

    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    client_id: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    scopes: Sequence[str] | None = Field(default=None, sa_type=ARRAY(Text))
    parameters: Sequence[Mapping[str, str]] = Field(sa_type=JSONB)
    columns: Sequence[str] | None = Field(default=None, sa_type=ARRAY(Text))
    created_at: datetime = Field(sa_type=MOMENT)
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = Field(default=None, sa_type=Text)
    expires_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ExportView(ProgressFields, ExportFields):
    """An export as whoever asked for it sees it; `done` counts rows."""

    id: UUID = Field(description="标识 / key")
    parameters: Parameters = Field(description="筛选条件 / filters")
    columns: Names | None = Field(description="列，空为全部 / columns; null for all")
    created_at: datetime = Field(description="申请时间 / when it was asked for")
    size: int | None = Field(description="文件字节数 / bytes of the file")
    sha256: str | None = Field(description="文件的 SHA-256 / of the file")
    expires_at: datetime | None = Field(description="文件保留至 / until when the file is kept")


class NewExport(ExportFields, Command):
    """An export to be made."""

    parameters: Given = Field(
        default=[],
        max_length=30,
        description="筛选条件 / filters, as the list's operation has them",
    )
    columns: Names | None = Field(
        default=None, max_length=100, description="列，默认全部 / only these, in this order"
    )

    def wanted(self) -> Wanted:
        """What is wanted; refused where it cannot be meant."""
        given = [(each.name, each.value) for each in self.parameters]
        return Wanted.of(self.list, given, columns=self.columns, sort=self.sort, format=self.format)


class ExportLink(BaseModel):
    """Where the file of an export can be fetched, for some minutes, without a token."""

    url: str = Field(description="下载地址，相对于本服务 / address, relative to this deployment")
    expires_at: datetime = Field(description="失效时间 / when it ends")


class ExportedColumn(BaseModel):
    """A column of a list."""

    name: str = Field(description="字段名 / name")
    title: str = Field(description="中文列名 / what it is called")


Columns = list[ExportedColumn]


class ExportableList(BaseModel):
    """A list that can be exported."""

    list: str = Field(description="清单 / id of the list's operation")
    parameters: Names = Field(description="可用筛选条件 / its parameters")
    required: Names = Field(description="必填的筛选条件 / those that it needs")
    columns: Columns = Field(description="列 / its columns")


# What may be asked.

_SHOWN = [col(getattr(Export, name)) for name in ExportView.model_fields]
_OF_ACCOUNT = col(Export.account_id) == bindparam("of_account", type_=Uuid)
_ceiling = cast(bindparam("ceiling"), ARRAY(Text))
# What was read under a higher ceiling, or without one, an application must not come by through its file.
_UNDER_CEILING = or_(_ceiling.is_(None), col(Export.scopes).op("<@")(_ceiling))
_ONE = Statement(
    select(*_SHOWN).where(
        col(Export.id) == bindparam("key", type_=Uuid), _OF_ACCOUNT, _UNDER_CEILING
    )
)
_OWN = Statement(
    select(*_SHOWN)
    .where(_OF_ACCOUNT, _UNDER_CEILING)
    .order_by(col(Export.id).desc())
    .limit(_SHOWN_AT_MOST)
)


def _ceiling_of(actor: Actor) -> Names | None:
    return None if actor.scopes is None else sorted(actor.scopes)


async def list_exportable_lists(db: Connection, actor: Actor) -> list[Row]:  # noqa: ARG001  no row is read
    """The lists that can be exported; what of each the actor sees, the list itself decides."""
    actor.require_free()
    return [
        {
            "list": each.name,
            "parameters": list(each.parameters),
            "required": list(each.required),
            "columns": [{"name": c.name, "title": c.title} for c in each.columns],
        }
        for each in LISTS.values()
    ]


async def list_exports(db: Connection, actor: Actor) -> list[Row]:
    """One's own exports of the last days, the latest first."""
    actor.require_free()
    return await db.all(_OWN, of_account=actor.account_id, ceiling=_ceiling_of(actor))


async def get_export(db: Connection, actor: Actor, *, export_id: UUID) -> Row:
    """One of one's own exports."""
    actor.require_free()
    found = await db.one(
        _ONE, key=export_id, of_account=actor.account_id, ceiling=_ceiling_of(actor)
    )
    if found is None:
        raise ExportNotFound
    return found


# What may be done.

_HOLD_ACCOUNT = Statement(
    select(col(Account.id))
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .with_for_update(key_share=True)
)


_KEPT_BYTES = Statement(
    select(func.coalesce(func.sum(col(Export.size)), 0)).where(
        _OF_ACCOUNT, col(Export.expires_at) > bindparam("now", type_=MOMENT)
    )
)


async def create_export(db: Connection, actor: Actor, *, new: NewExport, now: datetime) -> Row:
    """Have a list made into a file; refused at once where the list itself would be."""
    if actor.on_behalf_of is not None:
        raise ExportByDelegate("account:own")
    await new.wanted().read(db, actor, now=now, limit=1)
    await db.one(_HOLD_ACCOUNT, account_id=actor.account_id)
    open_ = (ProgressState.WAITING, ProgressState.RUNNING)
    own = await db.all(_OWN, of_account=actor.account_id, ceiling=None)
    if sum(each["state"] in open_ for each in own) >= MOST_OPEN:
        raise TooManyExports(most=MOST_OPEN)
    if await db.value(_KEPT_BYTES, of_account=actor.account_id, now=now) > MOST_BYTES:
        raise ExportsTooLarge(most=MOST_BYTES)
    export_id = new_id()
    row: dict[str, Any] = {
        "id": export_id,
        **new.model_dump(),
        "state": ProgressState.WAITING,
        "done": 0,
        "tries": 0,
        "account_id": actor.account_id,
        "client_id": actor.client_id,
        "scopes": _ceiling_of(actor),
        "created_at": now,
    }
    await db.insert(Export, row)
    await enqueue(db, JOB, about=export_id)
    return await get_export(db, actor, export_id=export_id)


async def cancel_export(db: Connection, actor: Actor, *, export_id: UUID, now: datetime) -> Row:
    """Cancel one's own export, before or while it is made."""
    await get_export(db, actor, export_id=export_id)
    await cancel_work(db, Export, row_id=export_id, now=now)
    return await get_export(db, actor, export_id=export_id)
