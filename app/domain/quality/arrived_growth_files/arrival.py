"""An arrived growth file (外来成长档案): a record that another city signed, kept beside the person.

It is kept as it came, and is none of our own records: nothing of it counts, and no credit follows from it.
Credit comes in by a credit transfer, which is decided on its own papers.
"""

from datetime import datetime
from json import dumps
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, follows_teacher
from app.domain.quality.archive_volumes import ArchiveOfOneself
from app.domain.quality.arrived_growth_files.issuer import read_trusted
from app.domain.quality.growth_releases import (
    GrowthRecordWrong,
    Opens,
    VerifiedRecord,
    issuer_of,
    verify_record,
)
from app.domain.training.files import FILES, Archive, stored_name
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

LARGEST = 20_000_000
"""Bytes of the largest record that is taken in."""


class ArrivedGrowthFileFields(BaseModel):
    """What a record says of itself."""

    issuer: str = Field(max_length=220, description="签发方标识 / who signed it")
    issuer_name: str = Field(max_length=200, description="签发方名称 / name of who signed it")
    authority: str = Field(max_length=200, description="原主管部门 / bureau that it comes from")
    record_id: str = Field(max_length=100, description="记录编号 / identification of the record")
    person_name: str = Field(max_length=100, description="所载姓名 / name that it states")
    made_at: datetime = Field(description="制作时间 / when it was made", sa_type=MOMENT)
    sha256: str = Field(max_length=64, description="记录摘要 / SHA-256 of the record")
    pieces: int = Field(description="件数 / pieces")


class ArrivedGrowthFile(ArrivedGrowthFileFields, Placed, Table, table=True):
    """A record that arrived; it is never changed, and goes along with its teacher."""

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("city_id", "issuer", "record_id"),
        CheckConstraint("pieces >= 1", name="pieces"),
        *(Index(None, name, "id") for name in ("teacher_id", *PLACE)),
        Index(None, "file_id"),
    )

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    file_id: UUID = Field(foreign_key="file.id", sa_type=Uuid)
    document: dict[str, Any] = Field(sa_type=JSONB)
    arrived_at: datetime = Field(sa_type=MOMENT)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ArrivedGrowthFileView(ArrivedGrowthFileFields):
    """A record that arrived, as both faces show it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    file_id: UUID = Field(description="原文件 / the file as it came")
    arrived_at: datetime = Field(description="接收时间 / when it was taken in")


class ArrivedPieceView(BaseModel):
    """A piece of a foreign record."""

    school_year: int = Field(description="学年 / school year")
    number: int = Field(description="件号 / number within its volume")
    kind: str = Field(description="材料类别 / kind, in the words of who signed it")
    title: str = Field(description="题名 / title")
    made_on: str = Field(description="形成日期 / day from which it is")
    content: str = Field(description="内容（JSON文本） / what it says, a JSON text")


class NewArrivedGrowthFile(Command):
    """The file in which a record came, handed in before as a text (`text/plain`)."""

    file_id: UUID = Field(description="文件 / file")


# What can be refused.


class ArrivedGrowthFileNotFound(NotFound):
    """There is no such record for the one who asks."""

    code = "arrived_growth_file_not_found"
    zh = "未找到该外来成长档案。"
    en = "There is no such growth file from elsewhere."


class GrowthIssuerUnknown(Conflict):
    """The city takes nothing in from who signed it."""

    code = "growth_issuer_unknown"
    zh = "本市未认可该签发方：{issuer}。"
    en = "The city takes in no records of this issuer: {issuer}."


class GrowthFileOfAnother(Conflict):
    """The record is about somebody of another name."""

    code = "growth_file_of_another"
    zh = "档案所载姓名与该教师不符。"
    en = "The record states another name than this teacher's."


class GrowthFileArrived(Conflict):
    """The record was taken in before."""

    code = "growth_file_arrived"
    zh = "该档案已接收，不能重复接收。"
    en = "This record was taken in before."


class GrowthFileTooLarge(Invalid):
    """The file is larger than a record may be."""

    code = "growth_file_too_large"
    zh = "档案文件过大，不得超过{most}字节。"
    en = "The file is too large: a record has at most {most} bytes."


# What may be asked.

ARRIVED_GROWTH_FILES = Door(
    table=ArrivedGrowthFile,
    view=ArrivedGrowthFileView,
    read=Permission.ARCHIVE_READ,
    missing=ArrivedGrowthFileNotFound,
    places={"teacher_id": col(ArrivedGrowthFile.teacher_id)},
    filters={"teacher_id": col(ArrivedGrowthFile.teacher_id)},
    sorts={"created": ()},
)
_DOCUMENT = Statement(
    select(col(ArrivedGrowthFile.document)).where(
        col(ArrivedGrowthFile.id) == bindparam("arrival_id", type_=Uuid)
    )
)


async def get_arrived_growth_file(db: Connection, actor: Actor, *, arrival_id: UUID) -> Row:
    """One record that arrived."""
    return await ARRIVED_GROWTH_FILES.get(db, actor, arrival_id)


async def list_arrived_growth_files(
    db: Connection, actor: Actor, *, page: PageRequest, teacher_id: UUID | None = None
) -> Page:
    """The records that arrived for people in the actor's place, and for oneself."""
    return await ARRIVED_GROWTH_FILES.page(db, actor, page, filters={"teacher_id": teacher_id})


async def list_arrived_pieces(db: Connection, actor: Actor, *, arrival_id: UUID) -> list[Row]:
    """What a foreign record says, piece by piece, as it came."""
    await ARRIVED_GROWTH_FILES.get(db, actor, arrival_id)
    document = await db.value(_DOCUMENT, arrival_id=arrival_id)
    return [
        {
            "school_year": volume["school_year"],
            **{name: piece[name] for name in ("number", "kind", "title", "made_on")},
            "content": dumps(piece["content"], ensure_ascii=False),
        }
        for volume in document["volumes"]
        for piece in volume["pieces"]
    ]


# What may be done.


async def take_in_growth_file(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    new: NewArrivedGrowthFile,
    archive: Archive,
    opens: Opens,
    now: datetime,
) -> Row:
    """Keep a record of another city beside a teacher, after its signature, seals and name were checked."""
    write = Permission.ARCHIVE_WRITE
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=write)
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise ArchiveOfOneself
    file = await FILES.get(db, actor, new.file_id, lock=True)
    text = await _content(archive, file)
    name, verified = await _verified(db, teacher, text, opens)
    row = {
        "id": new_id(),
        "teacher_id": teacher_id,
        **{name: teacher[name] for name in PLACE},
        **_said(verified.record),
        "issuer": verified.issuer,
        "issuer_name": name,
        "sha256": verified.sha256,
        "pieces": verified.pieces,
        "file_id": file["id"],
        "document": verified.record,
        "arrived_at": now,
        "recorded_by": actor.account_id,
    }
    try:
        async with db.transaction():
            await db.insert(ArrivedGrowthFile, row)
    except UniqueViolationError:
        raise GrowthFileArrived from None
    return await ARRIVED_GROWTH_FILES.get(db, actor, row["id"])


async def _verified(
    db: Connection, teacher: Row, text: bytes, opens: Opens
) -> tuple[str, VerifiedRecord]:
    """The record in a file and who signed it; refused unless the city trusts them, and it is the person's."""
    did = issuer_of(text)
    trusted = await read_trusted(db, city_id=teacher["city_id"], did=did)
    if trusted is None:
        raise GrowthIssuerUnknown(issuer=did[:220])
    verified = verify_record(text, trusted["keys"], opens)
    if verified.issuer != did:
        raise GrowthIssuerUnknown(issuer=verified.issuer[:220])
    if verified.record["person"]["name"] != teacher["name"]:
        raise GrowthFileOfAnother
    return trusted["name"], verified


async def _content(archive: Archive, file: Row) -> bytes:
    if file["size"] > LARGEST:
        raise GrowthFileTooLarge(most=LARGEST)
    read = archive.store.read(stored_name(file["sha256"]), 0, file["size"])
    return b"".join([piece async for piece in read])


def _said(record: dict[str, Any]) -> Row:
    """What is kept of a record in columns; refused where it is longer than such a thing can be."""
    try:
        made_at = datetime.fromisoformat(record["made_at"])
    except ValueError:
        made_at = None
    too_long = max(len(record["id"]) - 100, len(record["person"]["name"]) - 100)
    if made_at is None or made_at.tzinfo is None or too_long > 0 or len(record["authority"]) > 200:
        raise GrowthRecordWrong(reason_zh="内容不完整。", reason="parts are missing.")
    return {
        "record_id": record["id"],
        "made_at": made_at,
        "authority": record["authority"],
        "person_name": record["person"]["name"],
    }
