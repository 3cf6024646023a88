"""Drafting a document: what it says, to whom it is addressed, on what it rests."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, delete, union
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.networks import Network
from app.domain.organisation.units import UNITS, Level, Unit, hold_unit, place_of
from app.domain.quality.official_documents.bases import check_bases
from app.domain.quality.official_documents.days import check_order, check_years
from app.domain.quality.official_documents.document import DOCUMENTS, plain_number
from app.domain.quality.official_documents.table import (
    LONGEST_NUMBER,
    DocumentBasis,
    DocumentFields,
    OfficialDocument,
)
from app.domain.quality.official_documents.vocabulary import (
    BUREAUS_ALONE,
    SETS_OF,
    AddresseeSet,
    DocumentKind,
    DocumentState,
)
from app.domain.training.audiences import among_targets
from app.domain.training.files import FILES, FileSharing, check_sharing
from app.sql import Connection, Row, Statement, new_id


class DocumentDraft(DocumentFields, Command):
    """The whole of what a draft says; what is left out is not said."""

    addressee_ids: list[UUID] = Field(
        default_factory=list, max_length=500,
        description="主送单位：下属单位，或本单位及下属单位设立的片区 / units and networks addressed",
    )  # fmt: skip
    addressee_sets: list[AddresseeSet] = Field(
        default_factory=list, max_length=len(AddresseeSet),
        description="主送范围，按印发当天展开 / sets of units, as they are on the day of issue",
    )  # fmt: skip
    basis_ids: list[UUID] = Field(
        default_factory=list, max_length=50, description="依据文件 / documents that it rests on"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_years(
            self.issued_on, self.published_on, self.valid_from, self.valid_to, self.receive_by
        )
        check_order(
            self.issued_on, self.published_on,
            zh="公布日期不能早于成文日期。", en="It is not published before it is issued.",
        )  # fmt: skip
        begins = self.valid_from or self.issued_on
        if begins is not None and self.valid_to is not None and self.valid_to <= begins:
            raise Unfit("有效期须在施行之后届满。", "It ends after it comes into force.")
        if self.number is not None and not 0 < len(plain_number(self.number)) <= LONGEST_NUMBER:
            raise Unfit(
                f"文号须含文字或数字，合体字符展开后不超过 {LONGEST_NUMBER} 个字。",
                f"A number has letters or digits, {LONGEST_NUMBER} at most in plain characters.",
            )
        return self


class NewOfficialDocument(DocumentDraft):
    """A document to be drafted, or an outside one to be registered."""

    unit_id: UUID = Field(description="发文或登记单位 / unit that issues or registers it")


# What can be refused.


class DocumentWrongState(Conflict):
    """What is asked for is not done with a document in this state."""

    code = "document_wrong_state"
    zh = "文件当前状态为“{state}”，不能执行此操作。"
    en = "The document is '{state}', so this cannot be done now."


class DocumentIssuerUnfit(Invalid):
    """A unit of this level does not issue documents of this kind."""

    code = "document_issuer_unfit"
    zh = "学校不能制发“{kind}”类文件。"
    en = "A school issues no document of the kind '{kind}'."


class DocumentAddresseeOutside(Invalid):
    """A unit addresses those below it."""

    code = "document_addressee_outside"
    zh = "主送对象须为发文单位的下属单位、其设立的片区，或其所有的范围。"
    en = "A document is addressed to units below the issuer, and to networks and sets that it has."


def check_document_state(document: Row, state: DocumentState) -> None:
    """Refuse what is not done in the state of the document."""
    if document["state"] != state:
        raise DocumentWrongState(state=document["state"])


# What may be done.

_UNIT_ID = bindparam("unit_id", type_=Uuid)
_TARGETS = Statement(union(*(among_targets(table, _UNIT_ID) for table in (Unit, Network))))
_CLEAR = Statement(
    delete(DocumentBasis).where(
        col(DocumentBasis.document_id) == bindparam("document_id", type_=Uuid)
    )
)


def check_issuer(level: str, kind: str, issuer: str | None) -> None:
    """Refuse a kind of document that is not for a unit of this level to issue itself."""
    if level == Level.SCHOOL and issuer is None and kind in BUREAUS_ALONE:
        raise DocumentIssuerUnfit(kind=DocumentKind(kind).value)


async def _checked(
    db: Connection,
    actor: Actor,
    unit: Row,
    document_id: UUID,
    draft: DocumentDraft,
    today: date,
) -> dict[str, object]:
    """The columns that a draft of this unit fills, once it has been looked through."""
    check_issuer(unit["level"], draft.kind, draft.issuer)
    targets = list(dict.fromkeys(draft.addressee_ids))
    sets = list(dict.fromkeys(draft.addressee_sets))
    if unit["id"] in targets or not SETS_OF[Level(unit["level"])].issuperset(sets):
        raise DocumentAddresseeOutside
    if targets and len(await db.all(_TARGETS, targets=targets, unit_id=unit["id"])) < len(targets):
        raise DocumentAddresseeOutside
    day = draft.issued_on or today
    await check_bases(db, actor, document_id=document_id, basis_ids=draft.basis_ids, day=day)
    if draft.file_id is not None:  # Held, so that nobody forgets it meanwhile.
        file = await FILES.get(db, actor, draft.file_id, lock=True)
        if unit["level"] != Level.SCHOOL:  # A bureau's documents are opened in other units.
            check_sharing(
                FileSharing.CITY, shows_pupils=file["shows_pupils"], consent=file["consent"]
            )
    return {
        **draft.model_dump(include=set(DocumentFields.model_fields)),
        "plain_number": None if draft.number is None else plain_number(draft.number),
        "addressee_ids": targets,
        "addressee_sets": [each.value for each in sets],
    }


async def _write_bases(db: Connection, document_id: UUID, basis_ids: Sequence[UUID]) -> None:
    rows = [
        {"document_id": document_id, "basis_id": basis_id} for basis_id in dict.fromkeys(basis_ids)
    ]
    await db.insert_all(DocumentBasis, rows)


async def create_official_document(
    db: Connection, actor: Actor, *, new: NewOfficialDocument, now: datetime
) -> Row:
    """Draft a document of a unit, or begin to register one that others issued."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.DOCUMENT_WRITE)
    document_id = new_id()
    said = await _checked(db, actor, unit, document_id, new, civil_date(now))
    row = {
        "id": document_id, **said, **place_of(unit), "state": DocumentState.DRAFT,
        "created_by": actor.account_id,
    }  # fmt: skip
    await db.insert(OfficialDocument, row)
    await _write_bases(db, document_id, new.basis_ids)
    return await DOCUMENTS.get(db, actor, document_id)


async def open_document(
    db: Connection,
    actor: Actor,
    *,
    document_id: UUID,
    state: DocumentState = DocumentState.DRAFT,
    permission: Permission = Permission.DOCUMENT_WRITE,
) -> Row:
    """A document in this state with which the actor may do this; it stays locked."""
    document = await DOCUMENTS.get(db, actor, document_id, permission=permission, lock=True)
    check_document_state(document, state)
    return document


async def rewrite_official_document(
    db: Connection, actor: Actor, *, document_id: UUID, draft: DocumentDraft, now: datetime
) -> Row:
    """Let a draft say this instead; what was issued stands."""
    document = await open_document(db, actor, document_id=document_id)
    unit = await UNITS.get(db, actor, document["unit_id"])
    said = await _checked(db, actor, unit, document_id, draft, civil_date(now))
    await db.change(OfficialDocument, document_id, said)
    await db.run(_CLEAR, document_id=document_id)
    await _write_bases(db, document_id, draft.basis_ids)
    return await DOCUMENTS.get(db, actor, document_id)
