"""Opening a file that is attached to what the actor sees: a link to it, unless it stays inside its unit."""

from datetime import datetime

from app.domain.access.actors import Actor
from app.domain.errors import Conflict, NotAllowed
from app.domain.training.files.file import (
    FILES,
    FileNotFound,
    FileSharing,
    NewFileLink,
    link_to,
)
from app.domain.training.files.links import FileLinks
from app.sql import Connection, Row


class FileKeptInside(Conflict):
    """The file stays inside the unit that it belongs to: it is attached, and cannot be opened here."""

    code = "file_kept_inside"
    zh = "该文件仅限所属单位内部查看。"
    en = "The file stays inside the unit that it belongs to."


async def opens_here(db: Connection, actor: Actor, *, file: Row) -> bool:
    """Whether a file that is attached to what the actor sees is opened there: its `id` and `sharing`.

    One that stays inside its unit is opened by those of the unit alone.
    """
    if file["sharing"] != FileSharing.UNIT:
        return True
    try:
        await FILES.get(db, actor, file["id"])
    except (FileNotFound, NotAllowed):
        return False
    return True


async def link_attached(
    db: Connection,
    actor: Actor,
    *,
    file: Row | None,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
    below: bool = False,
) -> Row:
    """A link to a file that is attached to what the actor sees; None is a file that is not attached there.

    `below`: the people of the file's `unit_id` and of what lies below it open it, too, however far it goes.
    """
    if file is None:
        raise FileNotFound
    if not (below and file["unit_id"] in actor.audience) and not await opens_here(
        db, actor, file=file
    ):
        raise FileKeptInside
    return link_to(links, file["id"], new, now)
