"""What a transfer of credit is, what of it can be refused, and what may be asked."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from unicodedata import normalize
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid
from sqlmodel import Field as Column
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, text_enum
from app.domain.credits.packs.parts import Amount, Code, CreditLevel
from app.domain.credits.standings.table import TOTAL
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, follows_teacher
from app.domain.plain_text import plain_text
from app.sql import Connection, Row

MOST_CREDITS = 200
"""How many lines one document may have."""


class TransferDirection(StrEnum):
    """Which way the credit goes."""

    IN = "in"
    """转入"""
    OUT = "out"
    """转出"""


_Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
_Numbered = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class CreditTransferFields(BaseModel):
    """The document from which a transfer follows."""

    authority: _Named = Field(description="对方主管部门 / the other authority")
    document_number: _Numbered = Field(description="证明文号 / number of the document")
    decided_on: date = Field(description="证明日期 / date of the document")


_OPENING, _CLOSING = "〔【[〈《{", "〕】]〉》}"
_ALIKE = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))


def document_key(authority: str, document_number: str) -> tuple[str, str]:
    """What two spellings of one document have in common: it moves credit once, however it is typed.

    Width, case and spaces do not tell numbers apart, nor does which brackets are around the year; all other
    signs do, for 7-1 is not 71.
    """
    number = "".join(normalize("NFKC", document_number).casefold().split())
    return plain_text(authority) or authority, number.translate(_ALIKE)


class CreditTransfer(Placed, Table, table=True):
    """A transfer that was registered; it is never changed. What it entered or struck is in the ledger."""

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint(
            "teacher_id",
            "direction",
            "authority",
            "document_number",
            name="uq_credit_transfer_document",
        ),
        CheckConstraint("entries >= 1", name="moves_something"),
        *(Index(None, place, "recorded_at", "id") for place in ("teacher_id", *PLACE)),
    )

    id: UUID = key()
    teacher_id: UUID = Column(sa_type=Uuid)
    school_id: UUID = Column(sa_type=Uuid)
    direction: TransferDirection = Column(sa_type=text_enum(TransferDirection))
    authority: str = Column(max_length=200)
    document_number: str = Column(max_length=100)
    decided_on: date
    entries: int
    hours: Decimal = Column(sa_type=TOTAL)
    credits: Decimal = Column(sa_type=TOTAL)
    recorded_at: datetime = Column(sa_type=MOMENT)
    recorded_by: UUID = Column(foreign_key="account.id", sa_type=Uuid)


class CreditTransferView(CreditTransferFields):
    """A transfer as both faces show it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    direction: TransferDirection = Field(description="转入或转出 / which way")
    entries: int = Field(description="记录条数 / how many entries were moved")
    hours: Decimal = Field(description="学时合计 / their hours")
    credits: Decimal = Field(description="学分合计 / their credits")
    recorded_at: datetime = Field(description="登记时间 / when it was registered")


class TransferredCredit(Command):
    """One line of the other authority's document."""

    earned_on: date = Field(description="取得日期 / day on which it was earned")
    hours: Amount = Field(le=1000, description="学时 / hours")
    credits: Amount = Field(le=1000, description="学分 / credits")
    level: CreditLevel | None = Field(default=None, description="层级 / level")
    activity_kind: Code | None = Field(default=None, description="活动类型 / kind of activity")
    mode: Code | None = Field(default=None, description="培训方式 / mode")
    channel: Code | None = Field(default=None, description="培训途径 / channel")
    content: list[Code] = Field(default=[], max_length=20, description="内容标签 / content tags")


class NewTransferIn(CreditTransferFields, Command):
    """What another authority certifies as earned."""

    items: list[TransferredCredit] = Field(
        min_length=1, max_length=MOST_CREDITS, description="逐条学分 / line by line"
    )


class NewTransferOut(CreditTransferFields, Command):
    """What is certified to another authority, and counts there."""

    entry_ids: list[UUID] | None = Field(
        default=None, min_length=1, max_length=MOST_CREDITS,
        description="转出的记录；不填则为全部有效记录 / which entries; left out: all in force",
    )  # fmt: skip


# What can be refused.


class CreditTransferNotFound(NotFound):
    """There is no such transfer for the one who asks."""

    code = "credit_transfer_not_found"
    zh = "未找到该学分转移。"
    en = "There is no such transfer of credit."


class DocumentRegistered(Conflict):
    """A document moves credit once."""

    code = "credit_transfer_registered"
    zh = "该教师已登记过“{authority}”{number}号证明。"
    en = "Document {number} of {authority} is registered for this teacher already."


class TransferFromTheFuture(Invalid):
    """What is certified was earned by the day of the document, and that has come."""

    code = "credit_transfer_in_future"
    zh = "证明日期不能晚于今天，取得日期不能晚于证明日期。"
    en = (
        "The document is not of a later day than today, and nothing in it was earned after its day."
    )


class NothingToTransfer(Conflict):
    """No entry of the person is in force."""

    code = "nothing_to_transfer"
    zh = "该教师没有可转出的有效学分记录。"
    en = "The teacher has no entry in force."


class EntryNotInForce(Conflict):
    """Only what stands in the person's own ledger can leave it."""

    code = "credit_entry_not_in_force"
    zh = "记录 {entry} 不是该教师的有效学分记录。"
    en = "{entry} is no entry in force of this teacher."


# What may be asked.

CREDIT_TRANSFERS = Door(
    table=CreditTransfer,
    view=CreditTransferView,
    read=Permission.CREDIT_READ,
    missing=CreditTransferNotFound,
    places={name: col(getattr(CreditTransfer, name)) for name in ("teacher_id", *PLACE)},
    filters={"teacher_id": col(CreditTransfer.teacher_id)},
    sorts={"recorded_at": (col(CreditTransfer.recorded_at),)},
)


async def get_credit_transfer(db: Connection, actor: Actor, *, credit_transfer_id: UUID) -> Row:
    """One transfer."""
    return await CREDIT_TRANSFERS.get(db, actor, credit_transfer_id)


async def list_credit_transfers(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """What was transferred for a teacher, in the order in which it was registered."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    return await CREDIT_TRANSFERS.page(db, actor, page, filters={"teacher_id": teacher_id})
