"""Sealing a volume: the hashes of its pieces, signed. Whatever comes later goes into a supplement.

The volume is locked while it is sealed, as it is while it is put together: a piece is either under the seal
or in the next volume. The database refuses to change what is sealed, whoever asks.
"""

from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.credits.certificates import Issuer, Signer
from app.domain.errors import Conflict
from app.domain.quality.archive_volumes.pieces import hash_of, pieces_in_order, spelt
from app.domain.quality.archive_volumes.source import SCHOOL_NAME
from app.domain.quality.archive_volumes.table import ArchiveVolume
from app.domain.quality.archive_volumes.vocabulary import VolumeState
from app.domain.quality.archive_volumes.volume import (
    ARCHIVE_VOLUMES,
    ArchiveOfOneself,
    ArchiveVolumeWrongState,
)
from app.sql import Connection, Row

AT_ONCE = 100
"""Pieces that are read at a time."""


# What can be refused.


class ArchivePieceAltered(Conflict):
    """A piece does not say what it said when it was filed."""

    code = "archive_piece_altered"
    zh = "第{number}件的内容与归集时的摘要不符，不能封卷。"
    en = "Piece {number} is not what it was when it was filed: the volume cannot be sealed."


# What may be asked.


def retained_until(school_year: int, years: int) -> date:
    """The first day after a retention, which is counted from the January after the school year."""
    return date(school_year + 2 + years, 1, 1)


# What may be done.


async def seal_archive_volume(
    db: Connection,
    actor: Actor,
    *,
    volume_id: UUID,
    signer: Signer,
    issuer: Issuer,
    now: datetime,
) -> Row:
    """Seal a volume that was checked: from now on nothing in it changes."""
    check = Permission.ARCHIVE_CHECK
    volume = await ARCHIVE_VOLUMES.get(db, actor, volume_id, permission=check, lock=True)
    if volume["state"] != VolumeState.CHECKED:
        raise ArchiveVolumeWrongState(state=volume["state"])
    if await is_oneself(db, actor, teacher_ids=[volume["teacher_id"]]):
        raise ArchiveOfOneself
    manifest, years = await _manifest(db, volume_id)
    digest = sha256(spelt(manifest)).hexdigest()
    claims = {
        "iss": issuer.did,
        "iat": int(now.timestamp()),
        "jti": f"urn:uuid:{volume_id}",
        "title": volume["title"],
        "school": await db.value(SCHOOL_NAME, school_id=volume["school_id"]),
        "manifest_sha256": digest,
        "manifest": manifest,
    }
    longest = max((each for each in years if each is not None), default=0)
    permanent = None in years
    values = {
        "state": VolumeState.SEALED, "sealed_at": now, "sealed_by": actor.account_id,
        "seal": signer.sign_once(claims), "manifest_sha256": digest, "permanent": permanent,
        "retained_until": None if permanent else retained_until(volume["school_year"], longest),
    }  # fmt: skip
    await db.change(ArchiveVolume, volume_id, values)
    return await ARCHIVE_VOLUMES.get(db, actor, volume_id)


async def _manifest(db: Connection, volume_id: UUID) -> tuple[list[list[Any]], set[int | None]]:
    """Number and hash of each piece, and for how many years they are kept; each is looked at again."""
    manifest: list[list[Any]] = []
    years: set[int | None] = set()
    async for rows in pieces_in_order(db, volume_id=volume_id, at_once=AT_ONCE):
        for row in rows:
            said = row["kind"], row["title"], row["made_on"].isoformat(), row["content"]
            if hash_of(*said, salt=row["salt"]) != row["sha256"]:
                raise ArchivePieceAltered(number=row["number"])
            manifest.append([row["number"], row["sha256"]])
            years.add(row["retention_years"])
    return manifest, years
