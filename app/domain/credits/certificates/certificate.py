"""A certificate (证书): what it says, as it was on the day of its issue, and whether it still holds."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    any_,
    exists,
    func,
    or_,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Command, Placed, Table, Versioned, key, text_enum
from app.domain.credits.certificates.batch import (
    AboutFields,
    CertificateKind,
    SubjectFields,
    subject_constraints,
)
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.facts.ranks import Rank
from app.domain.people.teachers import PersonName, Teacher, follows_teacher
from app.sql import Connection, Row


class CertificateState(StrEnum):
    """Whether a certificate holds (证书状态)."""

    ISSUED = "issued"
    """有效"""
    REVOKED = "revoked"
    """已撤销"""
    REPLACED = "replaced"
    """已换发"""


class SealState(StrEnum):
    """Whether a certificate bears an electronic seal (电子印章状态; 国办发〔2025〕33号)."""

    UNSEALED = "unsealed"
    """未加盖"""
    PENDING = "pending"
    """已申请，尚未加盖"""
    SEALED = "sealed"
    """已加盖"""


class PrintedFields(AboutFields):
    """What a certificate says; all of it is as it was on the day of the award."""

    number: str = Field(max_length=40, description="证书编号 / number")
    name: PersonName = Field(max_length=60, description="姓名 / name")
    school_name: str = Field(max_length=100, description="学校 / school")
    rank: Rank | None = Field(
        description="职称，未登记为空 / rank, null where none was recorded", sa_type=text_enum(Rank)
    )
    hours: Decimal = Field(description="计入学时 / hours that count", sa_type=AMOUNT)
    credits: Decimal = Field(description="计入学分 / credits that count", sa_type=AMOUNT)
    unit_name: str = Field(max_length=100, description="颁发单位 / unit that awards it")
    authority_name: str = Field(
        max_length=100, description="监制单位 / authority that supervises it"
    )
    issued_on: date = Field(description="发证日期 / day of issue")


class StatedFields(SubjectFields, PrintedFields):
    """The same, and by which rules or for which activity."""


class SealFields(BaseModel):
    """What is known of the electronic seal."""

    seal_state: SealState = Field(
        description="电子印章状态 / whether it is sealed", sa_type=text_enum(SealState)
    )
    seal_name: str | None = Field(max_length=100, description="印章名称 / whose seal it is")
    seal_simulated: bool | None = Field(
        description="是否模拟印章（无法律效力） / whether that is a simulation, without any force"
    )
    seal_at: datetime | None = Field(description="加盖时间 / when it was sealed", sa_type=MOMENT)


class DoubtFields(BaseModel):
    """What came up about credit that a certificate rests on, and what the authority said of it."""

    doubted_at: datetime | None = Field(
        default=None, description="存疑时间，所依学分被冲销 / when credit it rests on was reversed",
        sa_type=MOMENT,
    )  # fmt: skip
    doubted_entry_id: UUID | None = Field(
        default=None, description="有关的冲销记录 / the reversal", foreign_key="credit_entry.id",
        sa_type=Uuid,
    )  # fmt: skip
    upheld_at: datetime | None = Field(
        default=None, description="维持时间，待处理为空 / when it was upheld nevertheless",
        sa_type=MOMENT,
    )  # fmt: skip
    upheld_because: str | None = Field(
        default=None, max_length=500, description="维持理由 / why it stands"
    )


class Certificate(StatedFields, SealFields, DoubtFields, Placed, Versioned, Table, table=True):
    """A certificate; what it says can never be changed. It goes along with its teacher."""

    __table_args__ = (
        follows_teacher(),
        *subject_constraints(),
        UniqueConstraint("city_id", "year", "serial"),
        UniqueConstraint("code"),
        CheckConstraint("serial > 0", name="serial"),
        CheckConstraint(
            "num_nonnulls(ended_because, ended_by, ended_at)"
            " = CASE state WHEN 'issued' THEN 0 ELSE 3 END",
            name="ended",
        ),
        CheckConstraint("num_nonnulls(doubted_at, doubted_entry_id) IN (0, 2)", name="doubted"),
        CheckConstraint(
            "num_nonnulls(upheld_at, upheld_by, upheld_because) IN (0, 3)"
            " AND (upheld_at IS NULL OR doubted_at IS NOT NULL)",
            name="upheld",
        ),
        CheckConstraint(
            "num_nonnulls(seal_name, seal_simulated, seal_at, seal_signature, seal_sha256)"
            " = CASE seal_state WHEN 'sealed' THEN 5 ELSE 0 END",
            name="seal",
        ),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index(
            "uq_certificate_cycle", "teacher_id", "cycle_start", unique=True,
            postgresql_where=text("state = 'issued' AND kind = 'cycle'"),
        ),
        Index(
            "uq_certificate_activity", "teacher_id", "activity_id", unique=True,
            postgresql_where=text("state = 'issued' AND kind = 'activity'"),
        ),
        Index(
            "ix_certificate_to_seal", "seal_due_at", "id",
            postgresql_where=text("state = 'issued' AND seal_state <> 'sealed'"),
        ),
        Index(None, "batch_id"),
        Index(None, "teacher_id", "id"),
        Index(None, "school_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "city_id", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    batch_id: UUID = Field(foreign_key="certificate_batch.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)
    awarded_school_id: UUID = Field(sa_type=Uuid)
    year: int
    serial: int
    """Its place among the certificates of the city and the year, from 1 and without gaps."""
    code: str = Field(max_length=40)
    """By which anybody verifies it: 99 random bits."""
    issued_at: datetime = Field(sa_type=MOMENT)
    replaces_id: UUID | None = Field(default=None, foreign_key="certificate.id", sa_type=Uuid)
    state: CertificateState = Field(sa_type=text_enum(CertificateState))
    ended_because: str | None = Field(default=None, max_length=500)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    upheld_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    sha256: str | None = Field(default=None, max_length=64)
    """Of the document as it was first made; set once."""
    seal_sha256: str | None = Field(default=None, max_length=64)
    """Of the document that states the seal."""
    seal_signature: bytes | None = Field(default=None, sa_type=LargeBinary)
    seal_tries: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    seal_due_at: datetime = Field(sa_type=MOMENT)
    """When sealing is to be tried next."""


class CertificateSeries(Table, table=True):
    """How many certificates a city has numbered in a year."""

    city_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    year: int = Field(primary_key=True)
    last: int


class CertificateView(StatedFields, SealFields, DoubtFields):
    """A certificate as both faces show it to those whose it is."""

    id: UUID = Field(description="标识 / key")
    batch_id: UUID = Field(description="批次 / batch")
    teacher_id: UUID = Field(description="教师 / teacher")
    code: str = Field(description="查验码 / code by which anybody verifies it")
    issued_at: datetime = Field(description="发证时间 / when it was issued")
    replaces_id: UUID | None = Field(description="所换发的证书 / certificate that it replaces")
    state: CertificateState = Field(description="状态 / state")
    ended_because: str | None = Field(description="撤销或换发理由 / why it holds no more")
    ended_at: datetime | None = Field(description="失效时间 / since when it holds no more")
    sha256: str | None = Field(
        description="当前文件摘要，首次生成前为空 / SHA-256 of its document, null until that is made"
    )


class CertificateEnd(Command):
    """Why a certificate is to hold no more."""

    reason: str = Field(min_length=2, max_length=500, description="理由 / why")


class CertificateStands(Command):
    """Why a certificate holds though credit that it rests on was reversed."""

    reason: str = Field(min_length=2, max_length=500, description="维持理由 / why it stands")


# What can be refused.


class CertificateNotFound(NotFound):
    """There is no such certificate for the one who asks, or no certificate has this code."""

    code = "certificate_not_found"
    zh = "未找到该证书，请核对查验码。"
    en = "There is no such certificate: compare the code."


# What may be asked.


def _is_of(teachers: Any) -> ColumnElement[bool]:
    """The predicate 'it is this person's', whose record another may have been merged into."""
    merged = exists().where(
        col(Teacher.id) == col(Certificate.teacher_id),
        col(Teacher.merged_into_id) == any_(teachers),
    )
    return or_(col(Certificate.teacher_id) == any_(teachers), merged)


CERTIFICATES = Door(
    table=Certificate,
    view=CertificateView,
    read=Permission.CERTIFICATE_READ,
    missing=CertificateNotFound,
    places={"teacher_id": _is_of},
    computed={"sha256": func.coalesce(col(Certificate.seal_sha256), col(Certificate.sha256))},
    filters={
        "teacher_id": col(Certificate.teacher_id),
        "batch_id": col(Certificate.batch_id),
        "kind": col(Certificate.kind),
        "state": col(Certificate.state),
    },
    sorts={"created": (), "name": (col(Certificate.name),)},
)


async def get_certificate(db: Connection, actor: Actor, *, certificate_id: UUID) -> Row:
    """One certificate."""
    return await CERTIFICATES.get(db, actor, certificate_id)


async def list_certificates(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    batch_id: UUID | None = None,
    kind: CertificateKind | None = None,
    state: CertificateState | None = None,
) -> Page:
    """The certificates of the people in the actor's place, and one's own."""
    filters = {"teacher_id": teacher_id, "batch_id": batch_id, "kind": kind, "state": state}
    return await CERTIFICATES.page(db, actor, page, filters=filters)
