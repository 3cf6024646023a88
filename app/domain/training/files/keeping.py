"""Handing a file in: the bytes pass by once, in pieces, and only what is as it says is kept.

Three steps, so that nothing waits for a slow sender with a transaction open: `check_upload` (may this
be handed in here), `Received.of` (the bytes come, under a name of their own), `upload_file` (the content
gets the name that its digest gives it, and its row). A content that is there already is kept once.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import hold_unit, place_of
from app.domain.people.teachers import Teacher, TeacherNotFound
from app.domain.training.files.contents import Content, check_content, check_size, kind_of
from app.domain.training.files.file import (
    FILES,
    File,
    FileFields,
    FileSharing,
    check_sharing,
)
from app.domain.training.files.store import Archive
from app.domain.turns import take_turn
from app.sql import Connection, Row, Statement, new_id


class NewFile(FileFields, Command):
    """What is said of a file that is handed in."""

    media_type: str = Field(max_length=100, description="媒体类型 / media type")
    unit_id: UUID | None = Field(
        default=None,
        description="所属单位，教师上传本人文件时不填 / unit, left out for a teacher's own file",
    )


# What can be refused.


class FileDigestWrong(Invalid):
    """What arrived is not what was sent: the digest is another."""

    code = "file_digest_wrong"
    zh = "文件内容与 Content-Digest 不符，请重新上传。"
    en = "What arrived does not have the digest that Content-Digest names: send it again."


class FileEmpty(Invalid):
    """A file without content is nothing."""

    code = "file_empty"
    zh = "文件为空。"
    en = "The file is empty."


class FileQuotaReached(Conflict):
    """The unit's files have taken all the room that there is for them."""

    code = "file_quota_reached"
    zh = "本单位的文件空间已用完（共 {quota} 字节）。"
    en = "The unit's files have taken all their room ({quota} bytes)."


class PupilsSharedByUnit(Conflict):
    """Whether a teacher's file that shows pupils goes beyond the unit, the unit decides."""

    code = "file_shared_by_unit"
    zh = "出现学生的文件由单位决定是否向外共享：请先以“仅本单位”上传。"
    en = "Your unit decides whether a file that shows pupils goes further: hand it in for the unit."


class FileRefusedByScanner(Invalid):
    """The deployment's scanner takes the file for malicious."""

    code = "file_malicious"
    zh = "文件未通过安全检查。"
    en = "The file did not pass the security check."


# What may be done.

_OWN_PLACE = Statement(
    select(*(col(getattr(Teacher, name)) for name in PLACE)).where(
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid)
    )
)
_USED = Statement(
    select(func.coalesce(func.sum(col(File.size)), 0)).where(
        col(File.unit_id) == bindparam("unit_id", type_=Uuid)
    )
)


def stored_name(sha256: str) -> str:
    """The name of a content in the file store."""
    return f"kept/{sha256[:2]}/{sha256}"


async def hold_content(db: Connection, *, sha256: str) -> None:
    """Wait until nobody else keeps or forgets this content, and let nobody until the transaction ends."""
    await take_turn(db, f"file content {sha256}")


async def _place_of(db: Connection, actor: Actor, new: NewFile) -> Row:
    """The place of a file that the actor may hand in: the unit that is named, or the teacher's own."""
    if new.unit_id is None:
        actor.require(Permission.PARTICIPATE, {"teacher_id": actor.teacher_id})
        place = await db.one(_OWN_PLACE, teacher_id=actor.teacher_id)
        if place is None:
            raise TeacherNotFound
        return place
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.ATTENDANCE_WRITE)
    return place_of(unit)


async def _check_room(db: Connection, place: Row, size: int, archive: Archive) -> int:
    """Refuse what there is no room for among the files of its unit; how much room there is."""
    used = await db.value(_USED, unit_id=place["school_id"] or place["county_id"])
    if used + size > archive.quota:
        raise FileQuotaReached(quota=archive.quota)
    return int(archive.quota - used)


def _check_said(new: NewFile) -> None:
    """Refuse what cannot be said of a file."""
    check_sharing(new.sharing, shows_pupils=new.shows_pupils, consent=new.consent)
    if new.unit_id is None and new.shows_pupils and new.sharing is not FileSharing.UNIT:
        raise PupilsSharedByUnit


async def check_upload(
    db: Connection, actor: Actor, *, new: NewFile, size: int, archive: Archive
) -> int:
    """Refuse, before its bytes come, a file that would be refused after them; how many may come.

    `size` is what is known of it by then, possibly nothing.
    """
    check_size(new.media_type, size)
    _check_said(new)
    return await _check_room(db, await _place_of(db, actor, new), size, archive)


@dataclass(frozen=True)
class Received:
    """A file whose bytes have come: what they are, and under which name they wait."""

    name: str
    content: Content

    @classmethod
    async def of(
        cls,
        archive: Archive,
        pieces: AsyncIterator[bytes],
        *,
        new: NewFile,
        sha256: bytes | None,
        room: int | None = None,
    ) -> "Received":
        """Take the pieces in, in bounded memory; refused, and forgotten, where it is not as it says.

        Of more bytes than there is `room` for, those that come first are all that is taken.
        """
        name, content = f"incoming/{new_id()}", Content()
        kind_of(new.media_type)

        async def noted() -> AsyncIterator[bytes]:
            async for piece in pieces:
                check_size(new.media_type, content.size + len(piece))
                if room is not None and content.size + len(piece) > room:
                    raise FileQuotaReached(quota=archive.quota)
                if piece:
                    content.add(piece)
                    yield piece
            if not content.size:
                raise FileEmpty
            if sha256 is not None and bytes.fromhex(content.sha256) != sha256:
                raise FileDigestWrong
            check_content(new.media_type, content)

        await archive.store.write(name, noted())
        received = cls(name, content)
        if archive.scanner is not None:
            found = await archive.scanner.finds(archive.store.read(name, 0, content.size))
            if found is not None:
                await received.forget(archive)
                raise FileRefusedByScanner
        return received

    async def forget(self, archive: Archive) -> None:
        """Throw the bytes away."""
        await archive.store.remove([self.name])


async def upload_file(
    db: Connection,
    actor: Actor,
    *,
    new: NewFile,
    received: Received,
    archive: Archive,
    now: datetime,
) -> Row:
    """Keep a file whose bytes have come, as the actor's own or as the unit's."""
    content = received.content
    _check_said(new)
    place = await _place_of(db, actor, new)
    await take_turn(db, f"files of {place['school_id'] or place['county_id']}")
    await _check_room(db, place, content.size, archive)
    await hold_content(db, sha256=content.sha256)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(FileFields.model_fields)),
        **{name: place[name] for name in PLACE},
        "teacher_id": actor.teacher_id if new.unit_id is None else None,
        "sha256": content.sha256,
        "size": content.size,
        "media_type": new.media_type,
        "kind": kind_of(new.media_type),
        "uploaded_by": actor.account_id,
        "uploaded_at": now,
    }
    await db.insert(File, row)
    # Over the same content where it is kept already: how long it takes tells nobody whether it was.
    await archive.store.move(received.name, stored_name(content.sha256))
    return await FILES.get(db, actor, row["id"])
