"""The ledger's tables: the entries themselves, and the head of each person's chain.

An entry keeps what was earned, never what a cap left of it, with everything that a rule may ask as
it was on the day. It belongs to the person: who may see it follows the teacher's present place,
while `awarded_*` say where the person was then.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import AMOUNT, MOMENT, Table, Versioned, key, text_enum
from app.domain.credits.packs.parts import EntryKind


class CreditEntryFields(BaseModel):
    """What an entry says, in the words of the ledger."""

    teacher_id: UUID = Field(description="教师 / teacher", foreign_key="teacher.id", sa_type=Uuid)
    sequence: int = Field(description="本人台账序号，从1起 / place in the person's ledger, from 1")
    kind: EntryKind = Field(
        description="类别 / how it came into the ledger", sa_type=text_enum(EntryKind)
    )
    source_kind: str = Field(
        max_length=40,
        description="来源类型：activity 为研修活动，mentorship 为师徒结对，topic 为课题，"
        "self_study 为自主学习课程，entry 为被冲销的记录，transfer 为外单位证明，"
        "transfer_out 为转出的记录，loan、loan_repaid 为预借及其归还 / what it comes from: an "
        "activity, a mentorship, a topic, a self-study, the entry that is reversed, another "
        "authority's document, the entry that went there, a loan and its repayment, or a code "
        "of the pack",
    )
    source_id: UUID = Field(description="来源 / key of the source", sa_type=Uuid)
    attempt: int = Field(description="第几次认定 / which recognition of the source, from 1")
    reverses_id: UUID | None = Field(
        description="所冲销的记录 / entry that this one reverses",
        foreign_key="credit_entry.id",
        sa_type=Uuid,
    )
    earned_on: date = Field(description="取得日期 / civil date of earning")
    recorded_at: datetime = Field(description="入账时间 / when it was recorded", sa_type=MOMENT)
    hours: Decimal = Field(
        description="认定学时，冲销为负 / recognised hours; negative in a reversal", sa_type=AMOUNT
    )
    credits: Decimal = Field(
        description="取得学分，冲销为负 / credits earned; negative in a reversal", sa_type=AMOUNT
    )
    level: str | None = Field(description="层级 / level", max_length=40)
    activity_kind: str | None = Field(description="活动类型 / kind of activity", max_length=40)
    mode: str | None = Field(description="培训方式 / mode", max_length=40)
    role: str | None = Field(description="参与身份 / role in the activity", max_length=40)
    channel: str | None = Field(description="培训途径 / channel", max_length=40)
    content: list[str] = Field(
        description="内容标签 / content tags",
        sa_type=ARRAY(Text),
    )
    awarded_rank: str | None = Field(description="当时职称 / rank on that day", max_length=40)
    awarded_posts: list[str] = Field(
        description="当时岗位 / posts on that day",
        sa_type=ARRAY(Text),
    )
    awarded_school_id: UUID | None = Field(description="当时学校 / school then", sa_type=Uuid)
    awarded_county_id: UUID | None = Field(description="当时主管教育局 / bureau then", sa_type=Uuid)
    pack_id: str | None = Field(description="规则包 / pack it was earned under", max_length=80)
    pack_version: int | None = Field(description="规则包版本 / version of the pack")
    rule_id: str | None = Field(description="认定规则 / earning rule of the pack", max_length=80)
    reason: str | None = Field(description="理由（冲销） / why it was reversed", max_length=500)


class CreditEntry(CreditEntryFields, Versioned, Table, table=True):
    """One line of the ledger. Nobody can change or remove one: the database refuses it."""

    __table_args__ = (
        UniqueConstraint("teacher_id", "sequence"),
        # The source first: what one source earned lies together, and is written and looked up there.
        UniqueConstraint(
            "city_id", "source_kind", "source_id", "teacher_id", "attempt",
            name="uq_credit_entry_source",
        ),
        CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name="names_what_it_is"),
        CheckConstraint(
            "CASE kind WHEN 'reverse' THEN hours <= 0 AND credits <= 0"
            " ELSE hours >= 0 AND credits >= 0 END",
            name="only_reversals_are_negative",
        ),
        CheckConstraint("sequence >= 1 AND attempt >= 1", name="counted_from_one"),
        CheckConstraint("length(hash) = 32 AND length(previous_hash) = 32", name="hashes"),
        Index(
            "uq_credit_entry_reverses_id", "reverses_id", unique=True,
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    city_id: UUID = Field(sa_type=Uuid)
    recorded_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    previous_hash: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class CreditChain(Table, table=True):
    """The head of a person's chain: how many entries there are, and the hash of the last.

    Whoever adds to a ledger holds this row; several are taken in the order of `teacher_id`.
    """

    teacher_id: UUID = Field(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)
    sequence: int
    hash: bytes = Field(sa_type=LargeBinary)
