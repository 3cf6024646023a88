"""Where files lie: a folder below the data folder, or a bucket of an S3-compatible object store.

Both through one library (obstore), so that a deployment moves from one to the other without a change
of code. What it is for, `app.domain.training.files.store` says.
"""

import secrets
from asyncio import to_thread
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from app.domain.training.files import Archive, FileLinks
from app.security import secret_file
from app.settings import Settings

_PIECE: Final = 1_000_000
"""Bytes of a piece on its way out."""
_PART: Final = 5 * 1024 * 1024
"""Bytes of a piece on its way in: the least that S3 takes as a part of a larger object."""


class Storage:
    """Implements `FileStore` on an object store of obstore's.

    Its calls are made in threads: what it does on an event loop itself does not end with the process.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store, self._folder = store, folder

    async def write(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Keep these pieces under a name; if they end in an exception, nothing is kept."""
        writer = await to_thread(
            obstore.open_writer, self._store, name, buffer_size=_PART, max_concurrency=2
        )
        try:
            async for piece in pieces:
                await to_thread(writer.write, piece)
        except BaseException:
            # What has been handed on would otherwise lie about unfinished.
            await to_thread(writer.close)
            await self.remove([name])
            raise
        await to_thread(writer.close)

    async def read(self, name: str, start: int, end: int) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to `end`, in pieces; raises `FileNotFoundError`."""
        if end <= start:
            return
        found = await to_thread(obstore.get, self._store, name, options={"range": (start, end)})
        pieces = iter(found.stream(min_chunk_size=_PIECE))
        while (piece := await to_thread(next, pieces, None)) is not None:
            yield bytes(piece)

    async def move(self, name: str, to: str) -> None:
        """Give what is under a name another, whatever that held."""
        await to_thread(obstore.rename, self._store, name, to)

    async def remove(self, names: Sequence[str]) -> None:
        """Forget what is under these names; one that holds nothing is no fault."""
        for name in names:
            with suppress(FileNotFoundError):
                await to_thread(obstore.delete, self._store, name)

    async def remove_unfinished(self, before: datetime) -> None:
        """Forget what a process that was killed had begun to write before a moment, under no name.

        In a folder that is a file beside the one to be, which the library does not list. The parts in
        a bucket are forgotten by a rule of the bucket: whoever sets it up says so there.
        """
        if self._folder is not None:
            await to_thread(_remove_begun, self._folder, before.timestamp())

    async def names(self, folder: str, before: datetime) -> AsyncGenerator[list[str]]:
        """The names in a folder that were written before a moment, some at a time."""
        found = iter(obstore.list(self._store, folder, chunk_size=500))
        while (part := await to_thread(next, found, None)) is not None:
            yield [each["path"] for each in part if each["last_modified"] < before]


def _remove_begun(folder: Path, before: float) -> None:
    """Remove the files that were begun in a folder, which have a number after their name."""
    for path in folder.glob("**/*#*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()


def open_storage(settings: Settings) -> Storage:
    """The place for files that the settings name."""
    if settings.file_bucket is None:
        folder = settings.data_folder / "files"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Storage(LocalStore(folder), folder)
    access, secret = settings.file_access_key, settings.file_secret_key
    if access is None or secret is None:
        raise RuntimeError("set YANXUN_FILE_ACCESS_KEY and YANXUN_FILE_SECRET_KEY for the bucket")
    where = {} if settings.file_endpoint is None else {"endpoint": settings.file_endpoint}
    store = S3Store(
        settings.file_bucket,
        config={  # type: ignore[arg-type]  # a type of the stubs alone
            "region": settings.file_region,
            "access_key_id": access.get_secret_value(),
            "secret_access_key": secret.get_secret_value(),
            **where,
        },
        client_options={"allow_http": where.get("endpoint", "").startswith("http://")},
    )
    return Storage(store)


def open_archive(settings: Settings) -> Archive:
    """The files of this deployment; the key that signs links is made where there is none."""
    given = settings.file_link_key
    text = (
        secret_file.read_or_create(
            settings.data_folder / "file_link_key", lambda: secrets.token_hex(32)
        )
        if given is None
        else given.get_secret_value()
    )
    return Archive(open_storage(settings), FileLinks(text.strip().encode()), settings.file_quota)
