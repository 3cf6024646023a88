"""What waits in the workflow of official documents: the receipt that is to be confirmed."""

from sqlalchemy import and_, exists, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.organisation.units import Unit
from app.domain.quality.official_documents import (
    DocumentAddressee,
    OfficialDocument,
    is_repealed,
)

_addressee = DocumentAddressee.__table__  # type: ignore[attr-defined]

OF_DOCUMENTS = (
    Waiting(
        kind=TaskKind.DOCUMENT_TO_RECEIVE,
        permission=Permission.DOCUMENT_WRITE,
        table=OfficialDocument,
        rows=beside(
            OfficialDocument,
            DocumentAddressee,
            _addressee.c.document_id == col(OfficialDocument.id),
        ),
        title=col(OfficialDocument.title),
        since=col(OfficialDocument.issued_at),
        due=col(OfficialDocument.receive_by),
        at=_addressee.c.unit_id,
        above=col(OfficialDocument.unit_id),
        waits=and_(
            _addressee.c.received_at.is_(None),
            col(OfficialDocument.receive_by).is_not(None),
            ~is_repealed(OfficialDocument.__table__, TODAY),  # type: ignore[attr-defined]
            # Nobody confirms for a unit that was closed meanwhile.
            exists(
                select(col(Unit.id)).where(
                    col(Unit.id) == _addressee.c.unit_id, col(Unit.closed_on).is_(None)
                )
            ),
        ),
    ),
)
