"""An official document as it is shown: who sees it, how it stands on a day, what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, case, exists, false, func, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import TODAY
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.plain_text import plain_text
from app.domain.quality.official_documents.table import (
    DocumentAddressee,
    DocumentBasis,
    DocumentFields,
    OfficialDocument,
)
from app.domain.quality.official_documents.vocabulary import (
    AddresseeSet,
    DocumentKind,
    DocumentState,
    DocumentStatus,
)
from app.sql import Connection, Row


class DocumentView(DocumentFields):
    """A document as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发文或登记单位 / unit that issues or registers it")
    state: DocumentState = Field(description="状态 / how far it has come")
    status: DocumentStatus = Field(description="今日效力 / how it stands today")
    addressee_ids: list[UUID] = Field(description="主送单位与片区 / units and networks addressed")
    addressee_sets: list[AddresseeSet] = Field(description="主送范围 / sets of units addressed")
    basis_ids: list[UUID] = Field(description="依据文件 / documents that it rests on")
    issued_at: datetime | None = Field(description="印发操作时间 / when it was issued here")
    repealed_on: date | None = Field(description="废止日期 / first day without it, once repealed")
    repeal_reason: str | None = Field(description="废止说明 / why it was repealed")
    successor_id: UUID | None = Field(description="代替它的文件 / document that takes its place")


class OfficialDocumentNotFound(NotFound):
    """There is no such document for the one who asks."""

    code = "official_document_not_found"
    zh = "未找到该文件。"
    en = "There is no such document."


# What may be asked.

_D: Any = OfficialDocument.__table__  # type: ignore[attr-defined]


def plain_number(number: str) -> str:
    """A document's number as it is compared: without brackets, spaces and the last 号.

    国发〔2012〕41号 and the 国发201241 of a print that lost its signs are one number, for a year has four
    digits; what was printed stays as it is.
    """
    return plain_text(number).removesuffix("号")


def is_repealed(document: Any, day: Any) -> ColumnElement[bool]:
    """The predicate 'this document, by its columns, was repealed by that day'."""
    repealed: ColumnElement[bool] = func.coalesce(document.c.repealed_on <= day, false())
    return repealed


def status_on(day: Any) -> ColumnElement[str]:
    """How a document stands on a day: its own days say so, and nobody sets it."""
    return case(
        (_D.c.state == DocumentState.DRAFT, DocumentStatus.DRAFT.value),
        (_D.c.repealed_on <= day, DocumentStatus.REPEALED.value),
        (_D.c.valid_to <= day, DocumentStatus.EXPIRED.value),
        (_D.c.valid_from > day, DocumentStatus.TO_COME.value),
        else_=DocumentStatus.IN_FORCE.value,
    )


def is_open_to(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'this document was issued to one of these units', or to nobody in particular.

    Whoever is below a unit that is addressed reads it too. One without addressees, as what a bureau
    registers of others, is for all below the unit that has it.
    """
    unit_id = col(DocumentAddressee.unit_id)
    addressed = col(DocumentAddressee.document_id) == _D.c.id
    named = exists(select(unit_id).where(addressed, unit_id == any_(addresses)))
    nobody = ~exists(select(unit_id).where(addressed))
    return and_(
        _D.c.state == DocumentState.ISSUED, or_(named, nobody & (_D.c.unit_id == any_(addresses)))
    )


def rests_on(basis_id: Any) -> ColumnElement[bool]:
    """The predicate 'this document rests on that one'."""
    return exists(
        select(col(DocumentBasis.basis_id)).where(
            col(DocumentBasis.document_id) == _D.c.id, col(DocumentBasis.basis_id) == basis_id
        )
    )


_bases = (
    select(col(DocumentBasis.basis_id))
    .where(col(DocumentBasis.document_id) == _D.c.id)
    .order_by(col(DocumentBasis.basis_id))
    .correlate(_D)
)

DOCUMENTS = Door(
    table=OfficialDocument,
    view=DocumentView,
    read=Permission.DOCUMENT_READ,
    missing=OfficialDocumentNotFound,
    audience=is_open_to,
    computed={"status": status_on(TODAY), "basis_ids": func.array(_bases.scalar_subquery())},
    filters={
        "unit_id": _D.c.unit_id,
        "kind": _D.c.kind,
        "state": _D.c.state,
        "number": _D.c.plain_number,
        "in_force_on": lambda day: status_on(day) == DocumentStatus.IN_FORCE.value,
        "basis_id": rests_on,
    },
    sorts={"created": (), "issued_on": (func.coalesce(_D.c.issued_on, date(2999, 12, 31)),)},
)
"""Documents: kept where they are placed, and shown to whom they are issued."""


async def get_official_document(db: Connection, actor: Actor, *, document_id: UUID) -> Row:
    """One document of the actor's place, or issued to it."""
    return await DOCUMENTS.get(db, actor, document_id)


async def list_official_documents(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: DocumentKind | None = None,
    state: DocumentState | None = None,
    number: str | None = None,
    in_force_on: date | None = None,
    basis_id: UUID | None = None,
) -> Page:
    """The documents that were drafted, issued or registered in the actor's place.

    A number is found however its brackets were printed; `basis_id` asks what rests on a document.
    """
    filters = {
        "unit_id": unit_id, "kind": kind, "state": state, "in_force_on": in_force_on,
        "basis_id": basis_id, "number": None if number is None else plain_number(number),
    }  # fmt: skip
    return await DOCUMENTS.page(db, actor, page, filters=filters)


async def list_addressed_documents(
    db: Connection, actor: Actor, *, page: PageRequest, in_force_on: date | None = None
) -> Page:
    """The documents that were issued to the actor's units, or to those above them."""
    return await DOCUMENTS.page(
        db, actor, page, filters={"in_force_on": in_force_on}, published=True
    )


async def documents_by_id(
    db: Connection, actor: Actor, *, document_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many documents by their keys; None for what the actor may not see."""
    return await DOCUMENTS.by_id(db, actor, document_ids, columns=columns)
