"""Putting a volume together from the records, and checking it.

Nothing is copied by hand: each kind is read from its records with the permission of whoever puts the volume
together, and what a sealed volume of the year holds already, unchanged, is left out. Until the volume has
been checked it can be put together anew, which replaces its pieces.
"""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, delete, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.quality.archive_volumes.catalogue import CATALOGUE, Catalogued
from app.domain.quality.archive_volumes.of_school import OF_SCHOOL
from app.domain.quality.archive_volumes.of_teacher import OF_TEACHER
from app.domain.quality.archive_volumes.of_year import year_results_to_file
from app.domain.quality.archive_volumes.pieces import hash_of
from app.domain.quality.archive_volumes.source import MOST
from app.domain.quality.archive_volumes.table import (
    ArchivePiece,
    ArchiveVolume,
    of_year_and_owner,
)
from app.domain.quality.archive_volumes.vocabulary import ArchiveKind, PieceKind, VolumeState
from app.domain.quality.archive_volumes.volume import (
    ARCHIVE_VOLUMES,
    ArchiveOfOneself,
    ArchiveVolumeWrongState,
)
from app.sql import Connection, Row, Statement, new_id


class ArchiveCheck(Command):
    """Whether a volume is complete and in order."""

    passed: bool = Field(description="是否通过 / whether it passes, or else goes back")
    opinion: str = Field(min_length=1, max_length=2000, description="检查意见 / what is said")


# What can be refused.


class ArchiveNothingToFile(Conflict):
    """There is nothing to file that is not in a sealed volume of the year already."""

    code = "archive_nothing_to_file"
    zh = "该学年没有可归档的新材料。"
    en = "There is nothing of that year to file that is not filed already."


class ArchiveCheckedByAssembler(Conflict):
    """Who put a volume together, or for whom it was done, does not check it."""

    code = "archive_checked_by_assembler"
    zh = "归集人不能检查自己归集的案卷。"
    en = "Whoever put a volume together does not check it."


# What may be done.

_FILED = Statement(
    select(col(ArchivePiece.kind), col(ArchivePiece.source_id), col(ArchivePiece.facts_sha256))
    .join(ArchiveVolume, col(ArchiveVolume.id) == col(ArchivePiece.volume_id))
    .where(of_year_and_owner(), col(ArchiveVolume.id) != bindparam("volume_id", type_=Uuid))
)
_CLEAR = Statement(
    delete(ArchivePiece).where(
        col(ArchivePiece.volume_id) == bindparam("volume_id", type_=Uuid)
    )
)  # fmt: skip


async def assemble_archive_volume(
    db: Connection, actor: Actor, *, volume_id: UUID, now: datetime
) -> Row:
    """Put a volume together from the records, or anew as long as it has not been checked."""
    write = Permission.ARCHIVE_WRITE
    volume = await ARCHIVE_VOLUMES.get(db, actor, volume_id, permission=write, lock=True)
    if volume["state"] not in {VolumeState.OPENED, VolumeState.ASSEMBLED}:
        raise ArchiveVolumeWrongState(state=volume["state"])
    pieces = await _gathered(db, actor, volume, now)
    if not pieces:
        raise ArchiveNothingToFile
    await db.run(_CLEAR, volume_id=volume_id)
    await db.insert_all(ArchivePiece, pieces)
    values = {
        "state": VolumeState.ASSEMBLED, "pieces": len(pieces), "check_opinion": None,
        "assembled_at": now, "assembled_by": actor.account_id, "assembled_for": actor.on_behalf_of,
    }  # fmt: skip
    await db.change(ArchiveVolume, volume_id, values)
    return await ARCHIVE_VOLUMES.get(db, actor, volume_id)


async def _gathered(db: Connection, actor: Actor, volume: Row, now: datetime) -> list[Row]:
    """The pieces of a volume, each kind by one statement; refused where one may not be read."""
    archive = ArchiveKind(volume["kind"])
    owner = volume["teacher_id"] or volume["school_id"]
    year = volume["school_year"]
    filed = {
        (row["kind"], row["source_id"], row["facts_sha256"])
        for row in await db.all(
            _FILED, kind=archive, school_year=year, owner_id=owner, volume_id=volume["id"]
        )
    }
    place = await _place(db, volume)
    span = {"since": date(year, 9, 1), "before": date(year + 1, 9, 1)}
    statements = OF_SCHOOL if archive is ArchiveKind.SCHOOL else OF_TEACHER
    pieces: list[Row] = []
    for line in CATALOGUE:
        if line.archive is not archive:
            continue
        actor.require(line.permission, place)
        if line.kind is PieceKind.YEAR_RESULT:
            rows = await year_results_to_file(db, actor, owner_id=owner, school_year=year, now=now)
        else:
            rows = await db.all(statements[line.kind], owner_id=owner, **span)
        for row in rows:
            piece = _piece(line, volume["id"], row)
            if (line.kind, row["source_id"], piece["facts_sha256"]) not in filed:
                pieces.append(piece | {"number": len(pieces) + 1})
    return pieces[:MOST]


_PLACE = Statement(
    select(
        col(ArchiveVolume.city_id), col(ArchiveVolume.county_id), col(ArchiveVolume.school_id),
        col(ArchiveVolume.teacher_id),
    ).where(col(ArchiveVolume.id) == bindparam("volume_id", type_=Uuid))
)  # fmt: skip


async def _place(db: Connection, volume: Row) -> Row:
    place = await db.one(_PLACE, volume_id=volume["id"])
    assert place is not None  # noqa: S101  it is locked
    return place


def _piece(line: Catalogued, volume_id: UUID, row: Row) -> Row:
    """A piece as it is filed."""
    content: dict[str, Any] = {"origin": row["origin"], **row["facts"]}
    if row["file_id"] is not None:
        content["file"] = {
            "name": row["file_name"], "sha256": row["file_sha256"],
            "size": str(row["file_size"]), "media_type": row["media_type"],
        }  # fmt: skip
    kind, title, made_on = PieceKind(line.kind), row["title"], row["made_on"]
    salt, said = secrets.token_hex(16), (kind.value, title, made_on.isoformat(), content)
    return {
        "id": new_id(),
        "volume_id": volume_id,
        "kind": kind,
        "source_id": row["source_id"],
        "teacher_id": row["teacher_id"],
        "title": title,
        "made_on": made_on,
        "origin": row["origin"],
        "retention_years": line.years,
        "shows_pupils": bool(row["shows_pupils"]),
        "file_id": row["file_id"],
        "file_size": row["file_size"],
        "facts_sha256": hash_of(*said, salt=""),
        "sha256": hash_of(*said, salt=salt),
        "salt": salt,
        "content": content,
    }


async def check_archive_volume(
    db: Connection, actor: Actor, *, volume_id: UUID, check: ArchiveCheck, now: datetime
) -> Row:
    """Pass a volume, or send it back to be put together anew; never one's own work or file."""
    permission = Permission.ARCHIVE_CHECK
    volume = await ARCHIVE_VOLUMES.get(db, actor, volume_id, permission=permission, lock=True)
    if volume["state"] != VolumeState.ASSEMBLED:
        raise ArchiveVolumeWrongState(state=volume["state"])
    if await is_oneself(db, actor, teacher_ids=[volume["teacher_id"]]):
        raise ArchiveOfOneself
    assembled = await db.one(_ASSEMBLED, volume_id=volume_id) or {}
    if not actor.accounts.isdisjoint(assembled.values()):
        raise ArchiveCheckedByAssembler
    if check.passed:
        values: dict[str, Any] = {
            "state": VolumeState.CHECKED, "checked_at": now, "checked_by": actor.account_id,
        }  # fmt: skip
    else:
        nobody = dict.fromkeys(("assembled_at", "assembled_by", "assembled_for"))
        values = {"state": VolumeState.OPENED, **nobody}
    await db.change(ArchiveVolume, volume_id, values | {"check_opinion": check.opinion})
    return await ARCHIVE_VOLUMES.get(db, actor, volume_id)


_ASSEMBLED = Statement(
    select(col(ArchiveVolume.assembled_by), col(ArchiveVolume.assembled_for)).where(
        col(ArchiveVolume.id) == bindparam("volume_id", type_=Uuid)
    )
)
