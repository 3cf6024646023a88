"""Links to files (下载链接): signed, for one file and one purpose, and for some minutes.

Whoever has the link has the file until it ends: that is what lets an image or a player fetch it. The
link names no person, and is not to be kept.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest, digest
from uuid import UUID

from app.domain.errors import NotFound

LIFETIME = timedelta(minutes=10)


class FilePurpose(StrEnum):
    """For what a file is fetched (用途)."""

    VIEW = "view"
    """在线查看"""
    DOWNLOAD = "download"
    """下载"""


class FileLinkWrong(NotFound):
    """The link is not one of ours, was altered, or has ended."""

    code = "file_link_wrong"
    zh = "文件链接无效或已过期，请重新获取。"
    en = "This link is not valid or has expired: ask for another."


@dataclass(frozen=True)
class FileLinks:
    """Signs links and knows them again."""

    key: bytes

    def signature(self, file_id: UUID, purpose: FilePurpose, until: int) -> str:
        """The signature over a file, a purpose and an end in seconds of Unix time (HMAC-SHA256)."""
        signed = f"file\n{file_id}\n{purpose.value}\n{until}".encode()
        return digest(self.key, signed, "sha256").hex()

    def path(self, file_id: UUID, purpose: FilePurpose, now: datetime) -> tuple[str, datetime]:
        """The path of a link that begins now, and when it ends."""
        until = int((now + LIFETIME).timestamp())
        signature = self.signature(file_id, purpose, until)
        query = f"purpose={purpose.value}&until={until}&signature={signature}"
        return f"/files/{file_id}?{query}", datetime.fromtimestamp(until, UTC)

    def check(
        self, file_id: UUID, purpose: FilePurpose, until: int, signature: str, now: datetime
    ) -> None:
        """Refuse a link that has ended, or that is for another file, purpose or time."""
        # As bytes: of texts only plain ones may be compared, and what is given may be anything.
        right = compare_digest(
            self.signature(file_id, purpose, until).encode(), signature.lower().encode()
        )
        if not right or until < now.timestamp():
            raise FileLinkWrong
