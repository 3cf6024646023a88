"""A file (文件): content known by its digest, with what it shows, who may open it, and where it belongs.

A file belongs to the unit where it was handed in, and stays there when its teacher moves on: what it
shows is that school's. What it is attached to lets others see that it is there; `sharing` says who of
them may open it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    Uuid,
    any_,
    bindparam,
    or_,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.files.apart import shows_expense
from app.domain.training.files.contents import FileName, MediaKind
from app.domain.training.files.links import FileLinks, FilePurpose
from app.sql import Connection, Row, Statement


class FileSharing(StrEnum):
    """How far a file goes beyond the unit it belongs to (共享范围)."""

    UNIT = "unit"
    """仅本单位"""
    ACTIVITY = "activity"
    """所附活动的组织者"""
    COUNTY = "county"
    """主管教育局"""
    CITY = "city"
    """全市"""


class FileFields(BaseModel):
    """What is said of a file by who hands it in."""

    name: FileName = Field(
        min_length=1, max_length=200, description="文件名 / its name, without a path"
    )
    shows_pupils: bool = Field(default=False, description="是否出现学生 / whether it shows pupils")
    consent: str | None = Field(
        default=None,
        min_length=2,
        max_length=200,
        description="学生监护人同意的凭据编号 / reference of the consent of the pupils' guardians",
    )
    sharing: FileSharing = Field(
        default=FileSharing.UNIT,
        description="共享范围，默认仅本单位 / how far it goes; by default no further than the unit",
        sa_type=text_enum(FileSharing),
    )


class File(FileFields, Placed, Table, table=True):
    """A file that was handed in, placed by the unit where it was. Its content lies in the file store."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint(
            "NOT shows_pupils OR sharing = 'unit' OR consent IS NOT NULL", name="pupils_stay_inside"
        ),
        Index(None, "sha256"),
        Index(None, "unit_id", "id"),
        Index(None, "school_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "city_id", "id"),
        Index(None, "teacher_id", "id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    sha256: str = Field(max_length=64)
    size: int = Field(sa_type=BigInteger)
    media_type: str = Field(max_length=100)
    kind: MediaKind = Field(sa_type=text_enum(MediaKind))
    uploaded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    uploaded_at: datetime = Field(sa_type=MOMENT)


class FileView(FileFields):
    """A file as both faces show it; its content is fetched by a link."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / unit that it belongs to")
    teacher_id: UUID | None = Field(
        description="上传教师，由单位上传时为空 / teacher who handed it in, null for the unit itself"
    )
    kind: MediaKind = Field(description="类别 / kind")
    media_type: str = Field(description="媒体类型 / media type")
    size: int = Field(description="大小，字节 / bytes")
    sha256: str = Field(description="内容摘要 / SHA-256 of the content, hexadecimal")
    uploaded_at: datetime = Field(description="上传时间 / when it was handed in")


class FileLink(BaseModel):
    """Where the content can be fetched, for some minutes, without a token."""

    url: str = Field(description="下载地址，相对于本服务 / address, relative to this deployment")
    expires_at: datetime = Field(description="失效时间 / when it ends")


class NewFileLink(Command):
    """For what a link is wanted."""

    purpose: FilePurpose = Field(default=FilePurpose.DOWNLOAD, description="用途 / purpose")


class FileSharingChange(Command):
    """Who else may open a file."""

    sharing: FileSharing = Field(description="共享范围 / how far it goes")
    consent: str | None = Field(
        default=None,
        min_length=2,
        max_length=200,
        description="同意凭据编号 / reference of the consent; the one that there is stays if not given",
    )


# What can be refused.


class FileNotFound(NotFound):
    """There is no such file for the one who asks."""

    code = "file_not_found"
    zh = "未找到该文件。"
    en = "There is no such file."


class PupilsStayInside(Invalid):
    """A file that shows pupils goes beyond its unit only with their guardians' consent (R211)."""

    code = "file_consent_missing"
    zh = "出现学生的文件默认仅限本单位；向外共享须填写监护人同意的凭据编号。"
    en = "A file that shows pupils stays inside its unit unless the guardians' consent is named."


def check_sharing(sharing: FileSharing, *, shows_pupils: bool, consent: str | None) -> None:
    """Refuse to let a file that shows pupils go beyond its unit without consent."""
    if shows_pupils and sharing is not FileSharing.UNIT and consent is None:
        raise PupilsStayInside


# What may be asked.

_place = {name: col(getattr(File, name)) for name in ("city_id", "county_id", "school_id")}
_is_bureaus = col(File.school_id).is_(None)


_is_apart = shows_expense(col(File.id))


def _shared(*sharing: FileSharing) -> ColumnElement[bool]:
    return or_(*(col(File.sharing) == each for each in sharing))


def _in_county(counties: Any) -> ColumnElement[bool]:
    """What the bureau in charge opens: its own files, and what schools share with it."""
    shown = _is_bureaus | _shared(FileSharing.COUNTY, FileSharing.CITY)
    return (_place["county_id"] == any_(counties)) & shown & ~_is_apart


def _in_city(cities: Any) -> ColumnElement[bool]:
    """What the city opens: its own files, what is shared with it, and it is in charge of its schools."""
    in_charge = (_place["county_id"] == _place["city_id"]) & (
        _is_bureaus | _shared(FileSharing.COUNTY)
    )
    here = _place["city_id"] == any_(cities)
    return here & (_shared(FileSharing.CITY) | in_charge) & ~_is_apart


FILES = Door(
    table=File,
    view=FileView,
    # Not what attendance is read with: whoever stands for schools of others reads that there too.
    read=Permission.FILE_READ,
    missing=FileNotFound,
    places={
        "city_id": _in_city,
        "county_id": _in_county,
        "school_id": lambda schools: (_place["school_id"] == any_(schools)) & ~_is_apart,
        "teacher_id": col(File.teacher_id),
    },
    filters={"unit_id": col(File.unit_id), "kind": col(File.kind)},
    sorts={"created": ()},
)


async def get_file(db: Connection, actor: Actor, *, file_id: UUID) -> Row:
    """What is known of one file: one's own, of one's unit, or shared with it."""
    return await FILES.get(db, actor, file_id)


async def list_files(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: MediaKind | None = None,
) -> Page:
    """One's own files, those of one's unit and those shared with it, in the order of handing in."""
    return await FILES.page(db, actor, page, filters={"unit_id": unit_id, "kind": kind})


async def files_by_id(
    db: Connection, actor: Actor, *, file_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many files by their keys; None where the actor may not open one."""
    return await FILES.by_id(db, actor, file_ids, columns=columns)


_SENT = (col(getattr(File, name)) for name in ("name", "sha256", "size", "media_type"))
_STORED = Statement(select(*_SENT).where(col(File.id) == bindparam("file_id", type_=Uuid)))


async def stored_file(db: Connection, *, file_id: UUID) -> Row:
    """What is needed to send a file for which a link was signed."""
    found = await db.one(_STORED, file_id=file_id)
    if found is None:
        raise FileNotFound
    return found


# What may be done.


def link_to(links: FileLinks, file_id: UUID, new: NewFileLink, now: datetime) -> dict[str, Any]:
    """A link to a file that the one who asks may open."""
    url, expires_at = links.path(file_id, new.purpose, now)
    return {"url": url, "expires_at": expires_at}


async def create_file_link(
    db: Connection,
    actor: Actor,
    *,
    file_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to a file that the actor may open; that it was asked for is recorded."""
    await FILES.get(db, actor, file_id)
    return link_to(links, file_id, new, now)


_SHARE = Statement(
    update(File)
    .where(col(File.id) == bindparam("file_id", type_=Uuid))
    .values(
        sharing=bindparam("new_sharing", type_=text_enum(FileSharing)),
        consent=bindparam("new_consent"),
    )
)


async def share_file(
    db: Connection, actor: Actor, *, file_id: UUID, change: FileSharingChange
) -> Row:
    """Let a file of the actor's unit go further, or less far.

    For a teacher's own file the unit decides it, by whoever keeps attendance there, not the teacher.
    """
    file = await FILES.get(db, actor, file_id, permission=Permission.ATTENDANCE_WRITE, lock=True)
    consent = change.consent or file["consent"]
    check_sharing(change.sharing, shows_pupils=file["shows_pupils"], consent=consent)
    await db.run(_SHARE, file_id=file_id, new_sharing=change.sharing, new_consent=consent)
    # It may have gone out of the actor's own sight.
    return file | {"sharing": change.sharing.value, "consent": consent}
