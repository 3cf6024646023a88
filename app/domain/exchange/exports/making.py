"""Making the file of an export: its list is read once, and goes into the store as it is written."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Text, Uuid, bindparam, delete, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT
from app.domain.exchange.exports.export import (
    KEPT,
    Export,
    GivenParameter,
    NewExport,
    get_export,
)
from app.domain.exchange.exports.refusals import ExportNotFound, ExportNotReady
from app.domain.progress import ProgressState
from app.domain.training.files import FileLinks, FilePurpose, FileStore
from app.domain.training.files.links import LIFETIME
from app.sql import Connection, Row, Statement, new_id

_ASKED = Statement(
    select(
        *(
            col(getattr(Export, name))
            for name in ("id", "account_id", "client_id", "scopes", *NewExport.model_fields)
        )
    ).where(col(Export.id) == bindparam("key", type_=Uuid))
)
_FETCHED = Statement(
    select(
        *(col(getattr(Export, name)) for name in ("id", "list", "format", "size", "sha256"))
    ).where(
        col(Export.id) == bindparam("key", type_=Uuid),
        col(Export.state) == ProgressState.DONE,
        col(Export.expires_at) > bindparam("now", type_=MOMENT),
    )
)


FOLDER: Final = "exports"
"""Where the files lie in the file store."""
_REMEMBERED = timedelta(days=180)
"""Who exported what is known as long as logs are kept (网络安全法, article 21)."""


def stored_export(export_id: UUID) -> str:
    """The name of an export's file in the file store."""
    return f"{FOLDER}/{export_id}"


async def create_export_link(
    db: Connection, actor: Actor, *, export_id: UUID, links: FileLinks, now: datetime
) -> Row:
    """A link to the file of one's own export, for ten minutes at most; that it was asked for is recorded."""
    found = await get_export(db, actor, export_id=export_id)
    if found["state"] != ProgressState.DONE or found["expires_at"] <= now:
        raise ExportNotReady
    # Kept no longer than it is promised, the file would be gone before its link.
    until = int(min(now + LIFETIME, found["expires_at"]).timestamp())
    signature = links.signature(export_id, FilePurpose.DOWNLOAD, until)
    return {
        "url": f"/exports/{export_id}/content?until={until}&signature={signature}",
        "expires_at": datetime.fromtimestamp(until, UTC),
    }


async def read_asked(db: Connection, *, export_id: UUID) -> Row:
    """Who asked for an export, under which ceiling, and for what."""
    found = await db.one(_ASKED, key=export_id)
    if found is None:
        raise ExportNotFound
    return found


async def read_fetched(db: Connection, *, export_id: UUID, now: datetime) -> Row:
    """What is to be known of a file, for whoever has a link to it."""
    found = await db.one(_FETCHED, key=export_id, now=now)
    if found is None:
        raise ExportNotFound
    return found


async def write_export(
    db: Connection,
    actor: Actor,
    *,
    asked: Row,
    store: FileStore,
    now: datetime,
    note: Callable[[int], Awaitable[None]],
) -> tuple[int, str]:
    """Write the file, and say its size and SHA-256; `db` is in a read-only transaction of one state.

    `note` is told after each part how many rows there are; what it raises ends the work, and nothing
    of the file is kept.
    """
    new = NewExport(
        parameters=[GivenParameter(**each) for each in asked["parameters"]],
        **{name: asked[name] for name in ("list", "sort", "format", "columns")},
    )
    digest, size, done = sha256(), 0, 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal size, done
        async for piece, rows in new.wanted().pieces(db, actor, now=now):
            digest.update(piece)
            size, done = size + len(piece), done + rows
            await note(done)
            if piece:
                yield piece

    unfinished = f"incoming/{new_id()}"
    await store.write(unfinished, pieces())
    await store.move(unfinished, stored_export(asked["id"]))
    return size, digest.hexdigest()


_KEEP = Statement(
    update(Export)
    .where(col(Export.id) == bindparam("key", type_=Uuid))
    .values(
        size=bindparam("new_size", type_=BigInteger),
        sha256=bindparam("new_sha256", type_=Text),
        expires_at=bindparam("new_expires_at", type_=MOMENT),
    )
)


async def keep_export(
    db: Connection, *, export_id: UUID, size: int, sha256: str, now: datetime
) -> None:
    """Say that the file is there, and for how long."""
    await db.run(_KEEP, key=export_id, new_size=size, new_sha256=sha256, new_expires_at=now + KEPT)


_FORGET = Statement(
    delete(Export).where(col(Export.created_at) < bindparam("before", type_=MOMENT))
)


async def tidy_exports(db: Connection, *, now: datetime) -> None:
    """Forget what was asked for half a year ago; the files are gone long before."""
    await db.run(_FORGET, before=now - _REMEMBERED)
