"""What a file may be, and whether it is what it says: pure, decided by its content alone.

The list is short on purpose. Nothing on it runs in a browser (no HTML, no SVG), and an office document
with macros is refused. What is looked at: the beginning, the end, whether it is text, and, of old office
documents, whether a part is called what macros are called.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any

from pydantic import StringConstraints

from app.domain.errors import Invalid

_MEGABYTE = 1_000_000
_HEAD = 4_096
_TAIL = 262_144
"""The end of an office document lists its parts: some eighty bytes for each."""


_MACROS = "_VBA_PROJECT".encode("utf-16-le")


class MediaKind(StrEnum):
    """What sort of file it is (文件类别)."""

    DOCUMENT = "document"
    """文档"""
    IMAGE = "image"
    """图片"""
    AUDIO = "audio"
    """音频"""
    VIDEO = "video"
    """视频"""


LARGEST: dict[MediaKind, int] = {
    MediaKind.DOCUMENT: 100 * _MEGABYTE,
    MediaKind.IMAGE: 20 * _MEGABYTE,
    MediaKind.AUDIO: 300 * _MEGABYTE,
    MediaKind.VIDEO: 2_000 * _MEGABYTE,
}
"""Bytes of the largest file of each kind."""


FileName = Annotated[
    str,
    StringConstraints(
        pattern=r"^[^\x00-\x1f\x7f-\x9f/\\\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]+$"
    ),
]
"""Without what is no character, a path, or lets a name be read from its end."""


@dataclass
class Content:
    """What is kept of a file while it passes by: its digest, its size, its two ends."""

    size: int = 0
    head: bytes = b""
    tail: bytes = b""
    has_null: bool = False
    has_macros: bool = False
    """As the directory of an old office document says it (MS-OVBA 2.2.1), which may lie anywhere."""
    _digest: Any = field(default_factory=sha256, repr=False)

    def add(self, piece: bytes) -> None:
        """Take note of the next piece."""
        self._digest.update(piece)
        joined = self.tail[-len(_MACROS) :] + piece
        self.has_macros = self.has_macros or _MACROS in joined
        self.size += len(piece)
        if len(self.head) < _HEAD:
            self.head += piece[: _HEAD - len(self.head)]
        self.tail = (self.tail + piece)[-_TAIL:] if len(piece) < _TAIL else piece[-_TAIL:]
        self.has_null = self.has_null or b"\0" in piece

    @property
    def sha256(self) -> str:
        """The digest of what has passed, in hexadecimal."""
        return str(self._digest.hexdigest())


def _begins(*beginnings: bytes) -> Callable[[Content], bool]:
    return lambda content: content.head.startswith(beginnings)


def _riff(form: bytes) -> Callable[[Content], bool]:
    return lambda content: content.head.startswith(b"RIFF") and content.head[8:12] == form


def _is_mp4(content: Content) -> bool:
    return content.head[4:8] == b"ftyp"


def _is_pdf(content: Content) -> bool:
    return content.head.startswith(b"%PDF-") and b"%%EOF" in content.tail[-1024:]


def _is_mp3(content: Content) -> bool:
    head = content.head
    in_step = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06
    return head.startswith(b"ID3") or bool(in_step)


def _is_text(content: Content) -> bool:
    if content.has_null or not content.size:
        return False
    head = content.head
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as problem:
            # The beginning may end within a character.
            if problem.start >= _HEAD - 4:
                return True
        else:
            return True
    return False


def _office(folder: bytes) -> Callable[[Content], bool]:
    """A document of Office Open XML, by the parts that the end of the archive lists."""

    def is_office(content: Content) -> bool:
        parts = content.tail[content.tail.find(b"PK\x01\x02") :]
        return (
            content.head.startswith(b"PK\x03\x04")
            and b"PK\x05\x06" in content.tail[-66_000:]
            and b"[Content_Types].xml" in parts
            and folder in parts
            and b"vbaProject" not in parts
        )

    return is_office


def _is_old_office(content: Content) -> bool:
    begins = content.head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    return begins and not content.has_macros


_OPEN_XML = "application/vnd.openxmlformats-officedocument."

MEDIA_TYPES: dict[str, tuple[MediaKind, Callable[[Content], bool]]] = {
    "application/pdf": (MediaKind.DOCUMENT, _is_pdf),
    f"{_OPEN_XML}wordprocessingml.document": (MediaKind.DOCUMENT, _office(b"word/")),
    f"{_OPEN_XML}spreadsheetml.sheet": (MediaKind.DOCUMENT, _office(b"xl/")),
    f"{_OPEN_XML}presentationml.presentation": (MediaKind.DOCUMENT, _office(b"ppt/")),
    "application/msword": (MediaKind.DOCUMENT, _is_old_office),
    "application/vnd.ms-excel": (MediaKind.DOCUMENT, _is_old_office),
    "application/vnd.ms-powerpoint": (MediaKind.DOCUMENT, _is_old_office),
    "text/plain": (MediaKind.DOCUMENT, _is_text),
    "text/csv": (MediaKind.DOCUMENT, _is_text),
    "image/jpeg": (MediaKind.IMAGE, _begins(b"\xff\xd8\xff")),
    "image/png": (MediaKind.IMAGE, _begins(b"\x89PNG\r\n\x1a\n")),
    "image/webp": (MediaKind.IMAGE, _riff(b"WEBP")),
    "audio/mpeg": (MediaKind.AUDIO, _is_mp3),
    "audio/mp4": (MediaKind.AUDIO, _is_mp4),
    "audio/wav": (MediaKind.AUDIO, _riff(b"WAVE")),
    "video/mp4": (MediaKind.VIDEO, _is_mp4),
    "video/webm": (MediaKind.VIDEO, _begins(b"\x1a\x45\xdf\xa3")),
}
"""What is taken: the media type, its kind, and how its content is known."""

_ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    f"{_OPEN_XML}wordprocessingml.document": (".docx",),
    f"{_OPEN_XML}spreadsheetml.sheet": (".xlsx",),
    f"{_OPEN_XML}presentationml.presentation": (".pptx",),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    "application/vnd.ms-powerpoint": (".ppt",),
    "text/plain": (".txt", ".md"),
    "text/csv": (".csv",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/wav": (".wav",),
    "video/mp4": (".mp4", ".m4v"),
    "video/webm": (".webm",),
}
"""How the name of a file of each type may end; the first is the usual."""


# What can be refused.


class FileKindUnknown(Invalid):
    """Files of this media type are not taken."""

    code = "file_kind_unknown"
    zh = "不接受该类型的文件，可用类型：{allowed}。"
    en = "Files of this type are not taken; there are: {allowed}."


class FileTooLarge(Invalid):
    """The file is larger than one of its kind may be."""

    code = "file_too_large"
    zh = "文件过大：该类文件不得超过 {largest} 字节。"
    en = "The file is too large: one of its kind has at most {largest} bytes."


class FileNotAsSaid(Invalid):
    """The content is not of the type that was said, is cut off, or brings macros along."""

    code = "file_not_as_said"
    zh = "文件内容与所声明的类型（{media_type}）不符、不完整或含有宏。"
    en = "The content is not {media_type}, is incomplete, or contains macros."


def kind_of(media_type: str) -> MediaKind:
    """The kind of a media type; refused where it is not taken."""
    if media_type not in MEDIA_TYPES:
        raise FileKindUnknown(allowed=", ".join(MEDIA_TYPES))
    return MEDIA_TYPES[media_type][0]


def check_size(media_type: str, size: int) -> None:
    """Refuse more bytes than a file of this type may have."""
    largest = LARGEST[kind_of(media_type)]
    if size > largest:
        raise FileTooLarge(largest=largest)


def saved_name(name: str, media_type: str) -> str:
    """The name under which a file is saved: its ending says what was checked, and nothing else.

    A text called `report.hta` would be run by whoever opens it; it is saved as `report.hta.txt`.
    """
    endings = _ENDINGS[media_type]
    return name if name.lower().endswith(endings) else name + endings[0]


def check_content(media_type: str, content: Content) -> None:
    """Refuse what is not what it says."""
    if not MEDIA_TYPES[media_type][1](content):
        raise FileNotAsSaid(media_type=media_type)
