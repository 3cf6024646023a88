"""Whether every file that is in the register lies in the store, as it was handed in."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Integer, String, bindparam, func, select
from sqlmodel import col

from app.domain.training.files.file import File
from app.domain.training.files.keeping import stored_name
from app.domain.training.files.store import FileStore
from app.sql import Connection, Statement

_AT_ONCE = 500

_CONTENTS = Statement(
    select(col(File.sha256), func.max(col(File.size)).label("size"))
    .where(col(File.sha256) > bindparam("after", type_=String))
    .group_by(col(File.sha256))
    .order_by(col(File.sha256))
    .limit(bindparam("at_most", type_=Integer))
)
_COUNT = Statement(select(func.count(func.distinct(col(File.sha256)))))


class FileVerification(NamedTuple):
    """How many contents were read, their bytes, and the digests of those that are not as they were."""

    contents: int
    size: int
    missing: list[str]
    changed: list[str]


async def verify_files(
    db: Connection, *, store: FileStore, advance: Callable[[float], None] = lambda _: None
) -> FileVerification:
    """Read every content again and compare its digest; `advance` is told which part is done."""
    whole = await db.value(_COUNT)
    contents = size = 0
    missing: list[str] = []
    changed: list[str] = []
    after = ""
    while rows := await db.all(_CONTENTS, after=after, at_most=_AT_ONCE):
        for row in rows:
            contents, size = contents + 1, size + row["size"]
            digest = await _digest(store, row["sha256"], row["size"])
            if digest is None:
                missing.append(row["sha256"])
            elif digest != row["sha256"]:
                changed.append(row["sha256"])
            advance(contents / whole)
        after = rows[-1]["sha256"]
    return FileVerification(contents, size, missing, changed)


async def _digest(store: FileStore, sha256: str, size: int) -> str | None:
    """The digest of what lies under a name, None where nothing does."""
    digest = hashlib.sha256()
    try:
        async for piece in store.read(stored_name(sha256), 0, size):
            digest.update(piece)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
