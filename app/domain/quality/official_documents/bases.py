"""On what a document rests: only on what holds on the day on which it is issued."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, select

from app.domain.access.actors import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.quality.official_documents.document import DOCUMENTS, status_on
from app.domain.quality.official_documents.table import OfficialDocument
from app.domain.quality.official_documents.vocabulary import DocumentStatus
from app.sql import Connection, Statement

# What can be refused.


class DocumentBasisOfItself(Invalid):
    """A document does not rest on itself."""

    code = "document_basis_of_itself"
    zh = "文件不能以自身为依据。"
    en = "A document does not rest on itself."


class DocumentBasisUnknown(Invalid):
    """A basis is no document that the one who drafts can see."""

    code = "document_basis_unknown"
    zh = "依据文件不存在：{basis}。"
    en = "There is no such document to rest on: {basis}."


class DocumentBasisNotInForce(Conflict):
    """What is a draft, yet to come, expired or repealed on the day is no basis."""

    code = "document_basis_not_in_force"
    zh = "《{title}》在 {day} 的效力为“{status}”，不能作为依据。"
    en = "'{title}' is '{status}' on {day}, so nothing rests on it."


# What may be asked.

_D = OfficialDocument.__table__  # type: ignore[attr-defined]
_STANDING = Statement(
    select(_D.c.id, _D.c.title, status_on(bindparam("day", type_=Date)).label("status"))
    .where(_D.c.id == any_(bindparam("document_ids", type_=ARRAY(Uuid))))
    .order_by(_D.c.id)
    .with_for_update(read=True)
)
"""How documents stand on a day; none of them is repealed until the transaction ends."""


async def check_bases(
    db: Connection, actor: Actor, *, document_id: UUID, basis_ids: Sequence[UUID], day: date
) -> None:
    """Refuse a basis that is the document itself, is not there for the actor, or does not hold on the day."""
    if document_id in basis_ids:
        raise DocumentBasisOfItself
    if not basis_ids:
        return
    seen = await DOCUMENTS.by_id(db, actor, basis_ids, columns=frozenset({"id"}))
    for basis_id, row in seen.items():
        if row is None:
            raise DocumentBasisUnknown(basis=str(basis_id))
    for row in await db.all(_STANDING, document_ids=list(seen), day=day):
        if row["status"] != DocumentStatus.IN_FORCE:
            raise DocumentBasisNotInForce(
                title=row["title"], day=day.isoformat(), status=row["status"]
            )
