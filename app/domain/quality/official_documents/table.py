"""What an official document is: its fields, and its tables with those of what hangs on it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Index,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.quality.official_documents.vocabulary import DocumentKind, DocumentState

LONGEST_NUMBER = 100
"""Characters of a document's number, also written out in plain ones (㍿, ㎏)."""


class DocumentFields(BaseModel):
    """What a document is, by whom, and when it holds."""

    title: str = Field(min_length=1, max_length=300, description="标题 / title")
    kind: DocumentKind = Field(description="文种 / kind", sa_type=text_enum(DocumentKind))
    number: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_NUMBER,
        description="文号，按原文所印 / number, as it is printed; null for a document without one",
    )  # fmt: skip
    issuer: str | None = Field(
        default=None, min_length=1, max_length=100,
        description="原发文机关，本单位自发时为空 / who issued it, where that is no unit of the register"
        " and the unit only registers it",
    )  # fmt: skip
    issued_on: date | None = Field(
        default=None,
        description="成文日期，自发文件默认印发当天 / date of issue; by default the day of issuing",
    )
    published_on: date | None = Field(
        default=None,
        description="公布日期，可与成文日期不同 / date of publication, which may differ",
    )
    valid_from: date | None = Field(
        default=None, description="施行日期，默认成文日期 / first day in force; the date of issue"
    )
    valid_to: date | None = Field(
        default=None, description="有效期届满日（不含），未规定时为空 / first day without it"
    )
    receive_by: date | None = Field(
        default=None, description="签收期限（含） / day by which its addressees confirm receipt"
    )
    remark: str | None = Field(
        default=None, min_length=1, max_length=500,
        description="登记说明，如原件日期、文号的印刷缺漏 / what the register notes, as defects of the print",
    )  # fmt: skip
    file_id: UUID | None = Field(
        default=None, description="文件正本 / the document itself", foreign_key="file.id",
        sa_type=Uuid,
    )  # fmt: skip


class OfficialDocument(DocumentFields, Placed, Versioned, Table, table=True):
    """An official document, placed by the unit that issues it, or that registers an outside one."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        CheckConstraint("published_on >= issued_on", name="published_after_issue"),
        CheckConstraint("successor_id <> id", name="no_successor_of_itself"),
        CheckConstraint(
            "num_nonnulls(issued_at, issued_by) = CASE state WHEN 'issued' THEN 2 ELSE 0 END",
            name="issued",
        ),
        CheckConstraint(
            "state = 'draft' OR num_nonnulls(issued_on, valid_from) = 2", name="issued_has_days"
        ),
        CheckConstraint(
            "num_nonnulls(repealed_on, repeal_reason, repealed_by) IN (0, 3)", name="repealed"
        ),
        CheckConstraint("repealed_on IS NULL OR state = 'issued'", name="repealed_was_issued"),
        CheckConstraint("successor_id IS NULL OR repealed_on IS NOT NULL", name="superseded"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        Index(
            "uq_official_document_number", "unit_id", "plain_number", unique=True,
            postgresql_where=text("state = 'issued'"),
        ),
        Index(None, "successor_id", postgresql_where=text("successor_id IS NOT NULL")),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    plain_number: str | None = Field(default=None, max_length=LONGEST_NUMBER)
    """The number as it is compared: whatever brackets and signs the print has lost."""
    addressee_ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
    addressee_sets: list[str] = Field(sa_type=ARRAY(Text))
    state: DocumentState = Field(sa_type=text_enum(DocumentState))
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    issued_at: datetime | None = Field(default=None, sa_type=MOMENT)
    issued_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    repealed_on: date | None = None
    """The first day on which it no longer holds, since it was repealed."""
    repeal_reason: str | None = Field(default=None, max_length=500)
    repealed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    successor_id: UUID | None = Field(
        default=None, foreign_key="official_document.id", sa_type=Uuid
    )


class DocumentBasis(Table, table=True):
    """That a document rests on another (依据)."""

    __table_args__ = (
        CheckConstraint("document_id <> basis_id", name="no_basis_of_itself"),
        Index(None, "basis_id", "document_id"),
    )

    document_id: UUID = Field(primary_key=True, foreign_key="official_document.id", sa_type=Uuid)
    basis_id: UUID = Field(primary_key=True, foreign_key="official_document.id", sa_type=Uuid)


class DocumentAddressee(Table, table=True):
    """A unit to which a document was issued (主送单位), and that it confirmed receipt (签收)."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(received_at, received_by) IN (0, 2)", name="received"),
        Index(None, "unit_id", "document_id"),
        Index(None, "document_id", postgresql_where=text("received_at IS NULL")),
    )

    document_id: UUID = Field(primary_key=True, foreign_key="official_document.id", sa_type=Uuid)
    unit_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    received_at: datetime | None = Field(default=None, sa_type=MOMENT)
    received_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
