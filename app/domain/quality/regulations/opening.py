"""Opening a text of a regulation that is a file: a link to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.quality.regulations.regulation import REGULATIONS
from app.domain.quality.regulations.table import RegulationVersion
from app.domain.training.files import (
    File,
    FileLinks,
    NewFileLink,
    link_attached,
    link_to,
)
from app.sql import Connection, Row, Statement

_FILE_OF = Statement(
    select(col(File.id), col(File.sharing), col(File.unit_id), col(File.shows_pupils))
    .join_from(File, RegulationVersion, col(File.id) == col(RegulationVersion.file_id))
    .where(
        col(RegulationVersion.regulation_id) == bindparam("regulation_id", type_=Uuid),
        col(RegulationVersion.number) == bindparam("number", type_=Integer),
    )
)


async def create_regulation_file_link(
    db: Connection,
    actor: Actor,
    *,
    regulation_id: UUID,
    number: int,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to the file of one text of a regulation that the actor may read.

    Whoever reads the regulation opens it, however far the file itself goes, as they read its words. One
    that shows pupils and stays inside its unit is opened by the people of that unit alone, here too.
    """
    await REGULATIONS.get(db, actor, regulation_id)
    file = await db.one(_FILE_OF, regulation_id=regulation_id, number=number)
    if file is not None and not file["shows_pupils"]:
        return link_to(links, file["id"], new, now)
    return await link_attached(db, actor, file=file, new=new, links=links, now=now, below=True)
