"""Reading volumes and their index, opening one, and keeping it from being destroyed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import and_, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, civil_date
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import Level, NotASchool, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS
from app.domain.quality.archive_volumes.table import (
    ArchivePiece,
    ArchivePieceFields,
    ArchiveVolume,
    ArchiveVolumeFields,
    by_volume,
    of_year_and_owner,
)
from app.domain.quality.archive_volumes.vocabulary import ArchiveKind, PieceKind, VolumeState
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class ArchiveVolumeView(ArchiveVolumeFields):
    """A volume as both faces show it."""

    id: UUID = Field(description="标识 / key")
    school_id: UUID = Field(description="学校 / school")
    teacher_id: UUID | None = Field(description="教师，学校档案为空 / teacher, null for a school's")
    state: VolumeState = Field(description="状态 / state")
    pieces: int = Field(description="件数 / how many pieces")
    opened_at: datetime = Field(description="立卷时间 / when it was opened")
    assembled_at: datetime | None = Field(description="归集时间 / when it was put together")
    checked_at: datetime | None = Field(description="检查通过时间 / when it passed the check")
    check_opinion: str | None = Field(description="检查意见 / what the check said")
    sealed_at: datetime | None = Field(description="封卷时间 / when it was sealed")
    seal: str | None = Field(description="封签：签名的件目摘要（JWS） / signed list of hashes")
    manifest_sha256: str | None = Field(description="件目摘要 / SHA-256 of the list of hashes")
    permanent: bool | None = Field(description="是否永久保管 / whether it is kept for ever")
    retained_until: date | None = Field(description="保管期满日 / first day after its retention")
    hold_reason: str | None = Field(description="暂停销毁的原因 / why it is not to be destroyed")
    held_at: datetime | None = Field(description="暂停销毁时间 / since when")
    destroyed_at: datetime | None = Field(description="销毁时间 / when it was destroyed")


class ArchivePieceView(ArchivePieceFields):
    """A line of the index; what a piece says is in the bundle, whose retrieval is recorded."""

    id: UUID = Field(description="标识 / key")
    volume_id: UUID = Field(description="案卷 / volume")
    teacher_id: UUID | None = Field(description="所涉教师 / teacher whom it is about")
    file_id: UUID | None = Field(description="附件 / its file")
    file_size: int | None = Field(description="附件大小，字节 / bytes of its file")


class NewArchiveVolume(Command):
    """Of which school year a volume is opened."""

    school_year: int = Field(
        ge=1990, le=2100, description="学年，以开始年份表示 / school year, by the year it begins in"
    )


class ArchiveHold(Command):
    """Why a volume must not be destroyed; without a reason the hold is lifted."""

    reason: str | None = Field(
        default=None, min_length=2, max_length=500,
        description="原因，如诉讼、审计；不填则解除 / why; left out: the hold is lifted",
    )  # fmt: skip


# What can be refused.


class ArchiveVolumeNotFound(NotFound):
    """There is no such volume for the one who asks."""

    code = "archive_volume_not_found"
    zh = "未找到该案卷。"
    en = "There is no such volume."


class ArchivePieceNotFound(NotFound):
    """There is no such piece for the one who asks."""

    code = "archive_piece_not_found"
    zh = "未找到该件。"
    en = "There is no such piece."


class ArchiveYearNotBegun(Invalid):
    """The school year has not begun."""

    code = "archive_year_not_begun"
    zh = "{year}学年尚未开始，不能立卷。"
    en = "The school year {year} has not begun."


class ArchiveVolumeUnsealed(Conflict):
    """A volume of that year is still being made: what is to be filed belongs into that one."""

    code = "archive_volume_unsealed"
    zh = "该学年已有未封卷的案卷，请先完成。"
    en = "A volume of that school year is not sealed yet: finish that one first."


class ArchiveVolumeWrongState(Conflict):
    """What is to be done belongs to another moment of the volume."""

    code = "archive_volume_wrong_state"
    zh = "案卷当前状态为“{state}”，不能执行此操作。"
    en = "The volume is '{state}': this cannot be done with it now."


class ArchiveOfOneself(Conflict):
    """Nobody checks, seals or decides on their own growth file."""

    code = "archive_of_oneself"
    zh = "不能检查、封存或决定本人的成长档案。"
    en = "Nobody checks, seals or decides on their own growth file."


# What may be asked.

ARCHIVE_VOLUMES = Door(
    table=ArchiveVolume,
    view=ArchiveVolumeView,
    read=Permission.ARCHIVE_READ,
    missing=ArchiveVolumeNotFound,
    places={"teacher_id": col(ArchiveVolume.teacher_id)},
    filters={
        "school_id": col(ArchiveVolume.school_id),
        "teacher_id": col(ArchiveVolume.teacher_id),
        "kind": col(ArchiveVolume.kind),
        "school_year": col(ArchiveVolume.school_year),
        "state": col(ArchiveVolume.state),
        "expired": lambda wanted: (
            and_(
                col(ArchiveVolume.state) == VolumeState.SEALED,
                func.coalesce(col(ArchiveVolume.retained_until) <= TODAY, False),
            )
            == wanted
        ),
    },
    sorts={"school_year": (col(ArchiveVolume.school_year),), "created": ()},
)
ARCHIVE_PIECES = Door(
    table=ArchivePiece,
    view=ArchivePieceView,
    read=Permission.ARCHIVE_READ,
    missing=ArchivePieceNotFound,
    places=by_volume(col(ArchivePiece.volume_id)),
    filters={"volume_id": col(ArchivePiece.volume_id), "kind": col(ArchivePiece.kind)},
    sorts={"number": (col(ArchivePiece.number),)},
)


async def get_archive_volume(db: Connection, actor: Actor, *, volume_id: UUID) -> Row:
    """One volume."""
    return await ARCHIVE_VOLUMES.get(db, actor, volume_id)


async def list_archive_volumes(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    teacher_id: UUID | None = None,
    kind: ArchiveKind | None = None,
    school_year: int | None = None,
    state: VolumeState | None = None,
    expired: bool | None = None,
) -> Page:
    """The volumes of the actor's place, and those of one's own growth file."""
    filters = {
        "school_id": school_id, "teacher_id": teacher_id, "kind": kind,
        "school_year": school_year, "state": state, "expired": expired,
    }  # fmt: skip
    return await ARCHIVE_VOLUMES.page(db, actor, page, filters=filters)


async def list_archive_pieces(
    db: Connection,
    actor: Actor,
    *,
    volume_id: UUID,
    page: PageRequest,
    kind: PieceKind | None = None,
) -> Page:
    """The index of one volume, in its order."""
    await ARCHIVE_VOLUMES.get(db, actor, volume_id)
    return await ARCHIVE_PIECES.page(
        db, actor, page, filters={"volume_id": volume_id, "kind": kind}
    )


async def archive_volumes_by_id(
    db: Connection, actor: Actor, *, volume_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many volumes by their keys; None where the actor may not see one."""
    return await ARCHIVE_VOLUMES.by_id(db, actor, volume_ids, columns=columns)


# What may be done.

_LAST = Statement(
    select(func.coalesce(func.max(col(ArchiveVolume.number)), 0)).where(of_year_and_owner())
)


async def open_school_volume(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewArchiveVolume, now: datetime
) -> Row:
    """Open a volume of a school's archive; where one of the year is sealed, a supplement to it."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.ARCHIVE_WRITE)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    whose = {"kind": ArchiveKind.SCHOOL, "teacher_id": None, **place_of(unit)}
    return await _open(db, actor, whose=whose, owner=unit, year=new.school_year, now=now)


async def open_growth_volume(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewArchiveVolume, now: datetime
) -> Row:
    """Open a volume of a teacher's growth file; where one of the year is sealed, a supplement."""
    write = Permission.ARCHIVE_WRITE
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=write, lock=True)
    place = {name: teacher[name] for name in PLACE}
    whose = {"kind": ArchiveKind.GROWTH, "teacher_id": teacher_id, **place}
    return await _open(db, actor, whose=whose, owner=teacher, year=new.school_year, now=now)


async def _open(
    db: Connection, actor: Actor, *, whose: Row, owner: Row, year: int, now: datetime
) -> Row:
    if year > school_year_of(civil_date(now)):
        raise ArchiveYearNotBegun(year=year)
    kind = whose["kind"]
    last = await db.value(_LAST, kind=kind, school_year=year, owner_id=owner["id"])
    number = last + 1
    what = "成长档案" if kind is ArchiveKind.GROWTH else "校本研训档案"
    row = {
        "id": new_id(),
        **whose,
        "school_year": year,
        "number": number,
        "title": f"{owner['name'][:100]}{year}—{year + 1}学年{what}"
        + (f"（补充卷{number - 1}）" if number > 1 else ""),
        "state": VolumeState.OPENED,
        "pieces": 0,
        "opened_at": now,
        "opened_by": actor.account_id,
    }
    try:
        async with db.transaction():
            await db.insert(ArchiveVolume, row)
    except UniqueViolationError:
        raise ArchiveVolumeUnsealed from None
    return await ARCHIVE_VOLUMES.get(db, actor, row["id"])


async def hold_archive_volume(
    db: Connection, actor: Actor, *, volume_id: UUID, hold: ArchiveHold, now: datetime
) -> Row:
    """Keep a volume from being destroyed whatever its retention, or lift that."""
    check = Permission.ARCHIVE_CHECK
    held = await ARCHIVE_VOLUMES.get(db, actor, volume_id, permission=check, lock=True)
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise ArchiveOfOneself
    if held["state"] == VolumeState.DESTROYED:
        raise ArchiveVolumeWrongState(state=held["state"])
    is_held = hold.reason is not None
    values = {
        "hold_reason": hold.reason,
        "held_at": now if is_held else None,
        "held_by": actor.account_id if is_held else None,
    }
    await db.change(ArchiveVolume, volume_id, values)
    return await ARCHIVE_VOLUMES.get(db, actor, volume_id)
