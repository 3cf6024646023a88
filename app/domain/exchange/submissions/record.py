"""A record (报送记录): one thing that a submission tells the province, and the receipt for it.

Its key names the thing for ever, whichever submission holds it; of one key one record at most is alive,
that is: not rejected. What was accepted or rejected never changes again; the database refuses it.
"""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum


class RecordKind(StrEnum):
    """What a record tells (记录类型)."""

    TEACHER = "teacher"
    """教师名册"""
    TEACHER_END = "teacher_end"
    """教师离册"""
    CREDIT = "credit"
    """学分认定"""
    REVERSAL = "reversal"
    """学分冲销"""
    CERTIFICATE = "certificate"
    """证书"""
    CERTIFICATE_END = "certificate_end"
    """证书失效"""


class RecordState(StrEnum):
    """What the province says of a record (回执)."""

    WAITING = "waiting"
    """尚无回执"""
    PENDING = "pending"
    """待审"""
    ACCEPTED = "accepted"
    """已接收"""
    REJECTED = "rejected"
    """已退回"""


class ReceiptFields(BaseModel):
    """The receipt as far as it has come."""

    state: RecordState = Field(
        description="回执 / what became of it", sa_type=text_enum(RecordState)
    )
    receipt_code: str | None = Field(
        default=None, max_length=60, description="退回代码 / the province's code of the reason"
    )
    receipt_reason: str | None = Field(
        default=None, max_length=500, description="退回原因 / the reason in words"
    )
    receipt_number: str | None = Field(
        default=None, max_length=80, description="省平台受理号 / the province's own number"
    )
    receipt_at: datetime | None = Field(
        default=None, description="回执时间 / when the receipt came", sa_type=MOMENT
    )


class RecordFields(ReceiptFields):
    """What a record tells, and its receipt."""

    ordinal: int = Field(description="序号，从1起 / place in the submission, from 1")
    key: str = Field(max_length=120, description="记录键，恒定不变 / its name for ever")
    kind: RecordKind = Field(description="记录类型 / kind", sa_type=text_enum(RecordKind))
    attempt: int = Field(description="第几次报送 / which time it is sent, from 1")
    subject_id: UUID = Field(description="所述事项 / what it is about", sa_type=Uuid)
    teacher_id: UUID = Field(description="教师 / teacher", foreign_key="teacher.id", sa_type=Uuid)
    digest: str = Field(max_length=64, description="内容摘要（SHA-256） / SHA-256 of the content")


class ProvinceRecord(RecordFields, Placed, Table, table=True):
    """A record with its content as it was put down, in the place of its submission."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("submission_id", "ordinal"),
        UniqueConstraint("submission_id", "key"),
        # What a submission is of is known once its records are written, part by part: it comes after them.
        ForeignKeyConstraint(
            ["submission_id"], ["province_submission.id"], deferrable=True, initially="DEFERRED"
        ),
        CheckConstraint("county_id = city_id AND school_id IS NULL", name="belongs_to_city"),
        CheckConstraint("ordinal >= 1 AND attempt >= 1", name="counted_from_one"),
        CheckConstraint("(state = 'waiting') = (receipt_at IS NULL)", name="has_its_receipt"),
        Index(
            "uq_province_record_alive", "city_id", "key", unique=True,
            postgresql_where=text("state <> 'rejected'"),
        ),
        UniqueConstraint("city_id", "key", "attempt"),
        Index(None, "submission_id", "state", "ordinal"),
        Index(None, "teacher_id"),
        Index(None, "city_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    submission_id: UUID = Field(sa_type=Uuid)
    content: dict[str, Any] = Field(sa_type=JSONB)


class RecordView(RecordFields):
    """A record as both faces show it."""

    id: UUID = Field(description="标识 / key")
    submission_id: UUID = Field(description="报送 / submission")


_encode = msgspec.json.Encoder(order="sorted").encode


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a content in its canonical form: JSON with sorted keys, without blanks, in UTF-8."""
    return sha256(_encode(content)).hexdigest()


def line_of(key: str, digest: str) -> bytes:
    """What a record adds to the bytes over which the digest of its submission is the SHA-256."""
    return f"{key} {digest}\n".encode()


def digest_of_all(records: list[tuple[str, str]]) -> str:
    """SHA-256 over the keys and digests of records in their order, a line of each."""
    return sha256(b"".join(line_of(*record) for record in records)).hexdigest()
