"""Receipt of a document (签收): which units were addressed, and which have confirmed that it came."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Boolean, Date, Uuid, and_, bindparam, not_, or_, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date
from app.domain.errors import Conflict
from app.domain.organisation.units import Unit, hold_unit
from app.domain.quality.official_documents.document import DOCUMENTS, is_repealed
from app.domain.quality.official_documents.drafting import check_document_state
from app.domain.quality.official_documents.table import DocumentAddressee, OfficialDocument
from app.domain.quality.official_documents.vocabulary import DocumentState
from app.sql import Connection, Row, Statement


class DocumentReceiptView(BaseModel):
    """How a document stands with one unit that was addressed."""

    document_id: UUID = Field(description="文件 / document")
    unit_id: UUID = Field(description="主送单位 / unit addressed")
    name: str = Field(description="单位名称 / its name")
    received_at: datetime | None = Field(description="签收时间 / when receipt was confirmed")
    received_by: UUID | None = Field(description="签收账号 / account that did so")
    receive_by: date | None = Field(description="签收期限 / day by which it is due")
    overdue: bool = Field(description="是否逾期未签收 / whether that day is over without it")


class ReceivingUnit(Command):
    """For which unit receipt is confirmed."""

    unit_id: UUID = Field(description="签收单位 / unit for which it is confirmed")


# What can be refused.


class DocumentNotAddressed(Conflict):
    """The document was not issued to this unit."""

    code = "document_not_addressed"
    zh = "该文件未主送该单位。"
    en = "The document was not issued to this unit."


# What may be asked.

_A = DocumentAddressee.__table__  # type: ignore[attr-defined]
_D = OfficialDocument.__table__  # type: ignore[attr-defined]
_DOCUMENT = bindparam("document_id", type_=Uuid)
_today = bindparam("today", type_=Date)
_missing = and_(_A.c.received_at.is_(None), col(Unit.closed_on).is_(None), ~is_repealed(_D, _today))
"""Nobody confirms for a unit that was closed meanwhile, nor what was repealed."""
_late = _missing & (_D.c.receive_by < _today)
_RECEIPTS = (
    select(
        _A.c.document_id, _A.c.unit_id, col(Unit.name), _A.c.received_at, _A.c.received_by,
        _D.c.receive_by, _late.is_(True).label("overdue"),
    )
    .join_from(_A, Unit, _A.c.unit_id == col(Unit.id))
    .join(_D, _A.c.document_id == _D.c.id)
    .where(_A.c.document_id == _DOCUMENT)
)  # fmt: skip
_LISTED = Statement(
    _RECEIPTS.where(or_(not_(bindparam("missing", type_=Boolean)), _missing)).order_by(
        col(Unit.name), col(Unit.id)
    )
)
_ONE = Statement(_RECEIPTS.where(_A.c.unit_id == bindparam("unit_id", type_=Uuid)))


async def list_document_receipts(
    db: Connection, actor: Actor, *, document_id: UUID, missing: bool = False, now: datetime
) -> list[Row]:
    """How a document stands with each unit to which it was issued, by name; only who still has to confirm."""
    await DOCUMENTS.get(db, actor, document_id, permission=Permission.DOCUMENT_WRITE)
    today = civil_date(now)
    return await db.all(_LISTED, document_id=document_id, missing=missing, today=today)


# What may be done.

_RECEIVE = Statement(
    update(DocumentAddressee)
    .where(
        _A.c.document_id == _DOCUMENT,
        _A.c.unit_id == bindparam("of_unit", type_=Uuid),
        _A.c.received_at.is_(None),
    )
    .values(received_at=bindparam("now", type_=MOMENT), received_by=bindparam("by", type_=Uuid))
)


async def receive_official_document(
    db: Connection, actor: Actor, *, document_id: UUID, receiving: ReceivingUnit, now: datetime
) -> Row:
    """Confirm for a unit that a document has come; the first time counts."""
    document = await DOCUMENTS.get(db, actor, document_id)
    check_document_state(document, DocumentState.ISSUED)
    unit_id = receiving.unit_id
    await hold_unit(db, actor, unit_id=unit_id, permission=Permission.DOCUMENT_WRITE)
    await db.run(_RECEIVE, document_id=document_id, of_unit=unit_id, by=actor.account_id, now=now)
    receipt = await db.one(_ONE, document_id=document_id, unit_id=unit_id, today=civil_date(now))
    if receipt is None:
        raise DocumentNotAddressed
    return receipt
