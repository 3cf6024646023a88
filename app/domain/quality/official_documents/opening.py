"""Opening the document itself: a link to its file."""

from datetime import datetime
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.quality.official_documents.document import DOCUMENTS
from app.domain.quality.official_documents.vocabulary import DocumentState
from app.domain.training.files import FILES, FileLinks, FileNotFound, NewFileLink, link_to
from app.sql import Connection, Row


async def create_document_file_link(
    db: Connection,
    actor: Actor,
    *,
    document_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to the file of a document that the actor may read.

    Once it is issued, whoever reads the document opens its file, however far the file itself goes.
    That of a draft is opened by those for whom the file is.
    """
    document = await DOCUMENTS.get(db, actor, document_id)
    if document["file_id"] is None:
        raise FileNotFound
    if document["state"] != DocumentState.ISSUED:
        await FILES.get(db, actor, document["file_id"])
    return link_to(links, document["file_id"], new, now)
