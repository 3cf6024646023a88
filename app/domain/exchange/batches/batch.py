"""A batch (批次): a closed set of ledger entries, given to the province as files.

The set is bounded by change versions, below the oldest transaction running when it was made, and the
ledger is append-only: so a batch holds the same entries in the same bytes whenever it is read. Batches
that name no period follow each other, and every entry is in exactly one of them; a batch of a period
(say, a month to be sent again) stands beside them.
"""

from collections.abc import AsyncIterator
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, model_validator
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    Numeric,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.exchange.batches.content import Content, ContentFormat
from app.domain.organisation.units import UNITS, Level
from app.domain.paging import Page, PageRequest
from app.domain.people.provisions import record_batch_provision
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

TOTAL = Numeric(14, 2)
"""A sum of amounts."""


class BatchFields(BaseModel):
    """Which period, and what is in it."""

    number: int = Field(description="市内批次号，从1起 / number within the city, from 1")
    recorded_from: datetime | None = Field(
        description="入账时间起（含） / recorded from, inclusive; null: since the batch before",
        sa_type=MOMENT,
    )
    recorded_to: datetime | None = Field(
        description="入账时间止（不含） / recorded before; null: until it was made", sa_type=MOMENT
    )
    layout: int = Field(description="内容格式版本 / version of the content's columns")
    entries: int = Field(description="记录数，含冲销 / entries, reversals included")
    reversals: int = Field(description="其中冲销数 / reversals among them")
    teachers: int = Field(description="涉及教师数 / teachers whom they are about")
    hours: Decimal = Field(description="学时合计 / sum of hours", sa_type=TOTAL)
    credits: Decimal = Field(description="学分合计 / sum of credits", sa_type=TOTAL)
    created_at: datetime = Field(
        description="生成时间 / when it was made",
        sa_type=MOMENT,
        sa_column_kwargs={"server_default": func.now()},
    )


class ProvinceBatch(BatchFields, Placed, Table, table=True):
    """A batch of one city, with the bounds of its entries' change versions."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("city_id", "number"),
        CheckConstraint("county_id = city_id AND school_id IS NULL", name="belongs_to_city"),
        CheckConstraint("recorded_to > recorded_from", name="ends_after_it_begins"),
        CheckConstraint("entries > 0 AND entries >= reversals", name="holds_something"),
        CheckConstraint("length(sha256_jsonl) = 32 AND length(sha256_csv) = 32", name="hashes"),
        Index(None, "city_id", "id"),
    )

    id: UUID = key()
    from_transaction: int = Field(sa_type=BigInteger)
    """The first transaction whose entries may be in it."""
    before_transaction: int = Field(sa_type=BigInteger)
    """The first transaction whose entries are not."""
    sha256_jsonl: bytes = Field(sa_type=LargeBinary)
    sha256_csv: bytes = Field(sa_type=LargeBinary)
    created_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class BatchView(BatchFields):
    """The manifest of a batch, as both faces show it."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="所属市 / city")
    sha256_jsonl: str = Field(
        description="JSON Lines 内容的 SHA-256 / of the content as JSON Lines"
    )
    sha256_csv: str = Field(description="CSV 内容的 SHA-256 / of the content as CSV")


class NewBatch(Command):
    """A batch to be made: of a period, or else of everything that no batch holds yet."""

    city_id: UUID = Field(description="市 / city")
    recorded_from: AwareDatetime | None = Field(
        default=None, description="入账时间起（含） / recorded from, inclusive"
    )
    recorded_to: AwareDatetime | None = Field(
        default=None, description="入账时间止（不含） / recorded before"
    )

    @model_validator(mode="after")
    def _period_is_whole(self) -> "NewBatch":
        if (self.recorded_from is None) != (self.recorded_to is None):
            raise Unfit("起止时间须同时填写或都不填。", "Give both ends of the period, or neither.")
        if self.recorded_from and self.recorded_to and self.recorded_from >= self.recorded_to:
            raise Unfit("终止时间须晚于起始时间。", "The period must end after it begins.")
        return self


# What can be refused.


class BatchNotFound(NotFound):
    """There is no such batch for the one who asks."""

    code = "batch_not_found"
    zh = "未找到该批次。"
    en = "There is no such batch."


class NotACity(Invalid):
    """The province is given batches of a whole city."""

    code = "batch_needs_city"
    zh = "批次须以市为单位生成。"
    en = "A batch is of a whole city."


class BatchEmpty(Conflict):
    """There is no entry to put into it."""

    code = "batch_empty"
    zh = "没有可上报的学分记录。"
    en = "There is no entry that the batch would hold."


class BatchAlreadyMade(Conflict):
    """Another batch of the city was made at the same moment."""

    code = "batch_made_meanwhile"
    zh = "同一时刻已生成另一批次，请重试。"
    en = "Another batch was made at the same moment: try again."


# What may be asked.


def _hexadecimal(name: str) -> Any:
    return func.encode(col(getattr(ProvinceBatch, name)), literal_column("'hex'"))


BATCHES = Door(
    table=ProvinceBatch,
    view=BatchView,
    read=Permission.PROVINCE_EXCHANGE,
    missing=BatchNotFound,
    computed={name: _hexadecimal(name) for name in ("sha256_jsonl", "sha256_csv")},
    filters={"city_id": col(ProvinceBatch.city_id)},
    sorts={"created": ()},
)


async def get_batch(db: Connection, actor: Actor, *, batch_id: UUID) -> Row:
    """The manifest of one batch."""
    return await BATCHES.get(db, actor, batch_id)


async def list_batches(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """The batches that the actor may fetch, in the order of their making (or `-created`)."""
    return await BATCHES.page(db, actor, page)


_CONTENT = Statement(
    select(*(col(getattr(ProvinceBatch, each.name)) for each in fields(Content))).where(
        col(ProvinceBatch.id) == bindparam("batch_id", type_=Uuid)
    )
)


async def stream_batch(
    db: Connection, actor: Actor, *, batch_id: UUID, written_as: ContentFormat
) -> AsyncIterator[bytes]:
    """The content of a batch, in pieces; within a transaction."""
    content = await open_batch(db, actor, batch_id=batch_id)
    async for piece in content.pieces(db, written_as):
        yield piece


async def open_batch(db: Connection, actor: Actor, *, batch_id: UUID) -> Content:
    """What a batch holds, to be read within a transaction."""
    await BATCHES.get(db, actor, batch_id)
    return await read_content(db, batch_id=batch_id)


async def read_content(db: Connection, *, batch_id: UUID) -> Content:
    """The same for background work, which somebody was let begin."""
    [bounds] = await db.all(_CONTENT, batch_id=batch_id)
    return Content(**bounds)


_ENTRIES = Statement(
    select(col(ProvinceBatch.entries)).where(
        col(ProvinceBatch.id) == bindparam("batch_id", type_=Uuid)
    )
)


async def count_entries(db: Connection, *, batch_id: UUID) -> int:
    """How many entries a batch holds, as its manifest says."""
    return int(await db.value(_ENTRIES, batch_id=batch_id))


# What may be done.

_LAST = Statement(
    select(
        func.coalesce(func.max(col(ProvinceBatch.number)), literal_column("0")).label("number"),
        func.coalesce(
            func.max(col(ProvinceBatch.before_transaction)).filter(
                col(ProvinceBatch.recorded_from).is_(None)
            ),
            literal_column("0"),
        ).label("before_transaction"),
        literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint").label("horizon"),
    ).where(col(ProvinceBatch.city_id) == bindparam("city_id", type_=Uuid))
)


async def create_batch(db: Connection, actor: Actor, *, new: NewBatch, now: datetime) -> Row:
    """Close a batch: of a period, or of every entry of the city that no batch holds yet.

    It is recorded as provided to the province.
    """
    exchange = Permission.PROVINCE_EXCHANGE
    unit = await UNITS.get(db, actor, new.city_id, permission=exchange)
    if unit["level"] != Level.CITY:
        raise NotACity
    [last] = await db.all(_LAST, city_id=new.city_id)
    content = Content(
        city_id=new.city_id,
        recorded_from=new.recorded_from,
        recorded_to=new.recorded_to,
        from_transaction=0 if new.recorded_from else last["before_transaction"],
        before_transaction=last["horizon"],
    )
    figures = await content.figures(db)
    if not figures["entries"]:
        raise BatchEmpty
    batch_id = new_id()
    row = {
        "id": batch_id,
        "county_id": new.city_id,
        "school_id": None,
        "number": last["number"] + 1,
        **asdict(content),
        **figures,
        "created_by": actor.account_id,
    }
    try:
        await db.insert(ProvinceBatch, row)
    except UniqueViolationError:
        raise BatchAlreadyMade from None
    await record_batch_provision(db, batch=row, people=figures["teachers"], now=now)
    return await BATCHES.get(db, actor, batch_id)
