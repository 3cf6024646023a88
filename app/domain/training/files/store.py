"""Where the bytes of files lie, and what else files need from outside: named here, handed in."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.training.files.links import FileLinks


class FileStore(Protocol):
    """A place for bytes, by name: a folder or an object store. A name holds all of a file or nothing."""

    async def write(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Keep these pieces under a name; if they end in an exception, nothing is kept."""

    def read(self, name: str, start: int, end: int) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to `end`, in pieces; raises `FileNotFoundError`."""

    async def move(self, name: str, to: str) -> None:
        """Give what is under a name another, whatever that held."""

    async def remove(self, names: Sequence[str]) -> None:
        """Forget what is under these names; one that holds nothing is no fault."""

    async def remove_unfinished(self, before: datetime) -> None:
        """Forget what a process that was killed had begun to write before a moment, under no name."""

    def names(self, folder: str, before: datetime) -> AsyncGenerator[list[str]]:
        """The names in a folder that were written before a moment, some at a time."""


class FileScanner(Protocol):
    """Something that knows malicious files. There is none unless the deployment brings one."""

    async def finds(self, pieces: AsyncIterator[bytes]) -> str | None:
        """What is wrong with the file, None where nothing was found."""


@dataclass(frozen=True)
class Archive:
    """The files of a deployment: where they lie, how their links are signed, how much each unit has."""

    store: FileStore
    links: FileLinks
    quota: int
    """Bytes that the files of one school or one bureau may have together."""
    scanner: FileScanner | None = None
