"""The file of an import, as it is kept: in pieces, each sealed, since a roster is full of ID numbers."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID

from app.domain.errors import Invalid
from app.domain.people.identity import PersonalDataCipher
from app.domain.training.files import FileEmpty, FileStore

LARGEST = 256 * 1024 * 1024
"""Bytes of a file: a million rows take about half of it."""
_PIECE = 1_000_000
_LENGTH = 4


class ImportFileTooLarge(Invalid):
    """The file is larger than any that is taken over."""

    code = "import_file_too_large"
    zh = "导入文件不能超过 {largest} 字节，请分成几个文件。"
    en = "A file to import has at most {largest} bytes: split it."


def name_of(import_id: UUID) -> str:
    """The name of an import's file in the store."""
    return f"imports/{import_id}"


def _context(import_id: UUID, number: int) -> str:
    return f"import|file|{import_id}|{number}"


@dataclass
class SealedFile:
    """A file on its way in: sealed piece by piece, and what it is; and on its way out again."""

    import_id: UUID
    cipher: PersonalDataCipher
    size: int = 0
    stored_size: int = 0
    _digest: Any = field(default_factory=sha256)

    @property
    def sha256(self) -> str:
        """The digest of what came in, before it was sealed."""
        return str(self._digest.hexdigest())

    async def sealed(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same pieces, sealed; refused where they are too many, or none."""
        held, number = b"", 0
        async for piece in pieces:
            self.size += len(piece)
            if self.size > LARGEST:
                raise ImportFileTooLarge(largest=LARGEST)
            self._digest.update(piece)
            held += piece
            while len(held) >= _PIECE:
                yield self._seal(held[:_PIECE], number)
                held, number = held[_PIECE:], number + 1
        if not self.size:
            raise FileEmpty
        if held:
            yield self._seal(held, number)

    def _seal(self, piece: bytes, number: int) -> bytes:
        # A text of the same bytes: the cipher seals texts.
        text = piece.decode("latin-1")
        sealed = self.cipher.seal(text, context=_context(self.import_id, number))
        self.stored_size += _LENGTH + len(sealed)
        return len(sealed).to_bytes(_LENGTH) + sealed

    async def opened(self, store: FileStore, stored_size: int) -> AsyncGenerator[bytes]:
        """The pieces of the kept file, opened; raises `FileNotFoundError` where it was forgotten."""
        held, number = b"", 0
        async for stored in store.read(name_of(self.import_id), 0, stored_size):
            held += stored
            while len(held) >= _LENGTH:
                end = _LENGTH + int.from_bytes(held[:_LENGTH])
                if len(held) < end:
                    break
                context = _context(self.import_id, number)
                yield self.cipher.open(held[_LENGTH:end], context=context).encode("latin-1")
                held, number = held[end:], number + 1

    @asynccontextmanager
    async def laid_open(self, store: FileStore, stored_size: int) -> AsyncGenerator[BinaryIO]:
        """The kept file, opened into one without a name, which nobody else can read."""
        with TemporaryFile() as file:
            async for piece in self.opened(store, stored_size):
                file.write(piece)
            yield file
