"""Handing a growth file over: the record of what the person let go, signed, and the provision that it is.

Only sealed volumes are in it, of these only the kinds and years that the person chose, and never a piece
whose file shows pupils (R211). No number of an identity paper is in any piece. Files themselves do not go
along: their names and digests do, so that whoever is given them otherwise can compare.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ARRAY, Integer, Text, Uuid, any_, bindparam, func, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import civil_date, utc_text
from app.domain.credits.certificates import Issuer, Signer
from app.domain.errors import Conflict
from app.domain.organisation.units import Unit
from app.domain.people.provisions import DataCategory, record_growth_provision
from app.domain.people.teachers import Teacher
from app.domain.quality.archive_volumes import (
    ArchiveOfOneself,
    ArchivePiece,
    ArchiveVolume,
    PieceKind,
    VolumeState,
)
from app.domain.quality.growth_releases.record import compose, digest_of
from app.domain.quality.growth_releases.release import (
    GROWTH_RELEASES,
    GrowthRelease,
    GrowthReleaseOver,
    ReleaseState,
)
from app.sql import Connection, Row, Statement

MOST = 5_000
"""Pieces of one record; a growth file of thirty years has fewer."""

_CATEGORIES = {
    PieceKind.CREDIT: DataCategory.CREDITS,
    PieceKind.CERTIFICATE: DataCategory.CREDITS,
    PieceKind.YEAR_RESULT: DataCategory.CREDITS,
    PieceKind.HONOUR: DataCategory.CAREER,
    PieceKind.MENTORSHIP: DataCategory.CAREER,
}


class GrowthRecordView(BaseModel):
    """A record that has left: it is given out once, here."""

    release_id: UUID = Field(description="授权 / release")
    file_name: str = Field(description="文件名 / name to save it under")
    sha256: str = Field(description="记录摘要 / SHA-256 of the record")
    pieces: int = Field(description="件数 / pieces")
    document: str = Field(
        description="签名的成长档案文件（JSON文本） / the signed file, a JSON text"
    )


# What can be refused.


class GrowthNothingToHandOver(Conflict):
    """Nothing that the person let go is in a sealed volume."""

    code = "growth_nothing_to_hand_over"
    zh = "已封卷的成长档案中没有授权范围内的材料。"
    en = "Nothing that the person let go is in a sealed volume."


class GrowthRecordTooLarge(Conflict):
    """There are more pieces than one record holds."""

    code = "growth_record_too_large"
    zh = "材料超过{most}件，请分学年授权。"
    en = "There are more than {most} pieces: release them by school years."


# What may be done.

_bureau = Unit.__table__.alias("bureau")  # type: ignore[attr-defined]
_PERSON = Statement(
    select(
        col(Teacher.name), col(Unit.name).label("school"), col(Teacher.city_id),
        col(Teacher.county_id),
        _bureau.c.name.label("authority"),
    )
    .join(Unit, col(Unit.id) == col(Teacher.school_id))
    .join(_bureau, _bureau.c.id == col(Teacher.county_id))
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)  # fmt: skip
_years = bindparam("years", type_=ARRAY(Integer))
_OF_VOLUME = ("school_year", "number", "title", "sealed_at", "seal")
_PIECES = Statement(
    select(
        col(ArchivePiece.volume_id),
        *(col(getattr(ArchiveVolume, name)).label(f"volume_{name}") for name in _OF_VOLUME),
        *(
            col(getattr(ArchivePiece, name))
            for name in ("number", "kind", "title", "made_on", "content", "salt", "sha256")
        ),
    )
    .join(ArchiveVolume, col(ArchiveVolume.id) == col(ArchivePiece.volume_id))
    .where(
        col(ArchiveVolume.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(ArchiveVolume.state) == VolumeState.SEALED,
        col(ArchivePiece.kind) == any_(bindparam("kinds", type_=ARRAY(Text))),
        or_(func.cardinality(_years) == 0, col(ArchiveVolume.school_year) == any_(_years)),
        ~col(ArchivePiece.shows_pupils),
    )
    .order_by(col(ArchiveVolume.school_year), col(ArchiveVolume.number), col(ArchivePiece.number))
    .limit(MOST + 1)
)


async def hand_over_growth_file(
    db: Connection,
    actor: Actor,
    *,
    release_id: UUID,
    signer: Signer,
    issuer: Issuer,
    now: datetime,
) -> Row:
    """Make the record that a release allows, once; that it left is recorded and shown to the person."""
    write = Permission.ARCHIVE_WRITE
    held = await GROWTH_RELEASES.get(db, actor, release_id, permission=write, lock=True)
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise ArchiveOfOneself
    if held["state"] != ReleaseState.GIVEN or held["valid_until"] < civil_date(now):
        raise GrowthReleaseOver
    person = await db.one(_PERSON, teacher_id=held["teacher_id"])
    assert person is not None  # noqa: S101  the release refers to it
    rows = await db.all(
        _PIECES, teacher_id=held["teacher_id"], kinds=held["kinds"], years=held["school_years"]
    )
    if not rows:
        raise GrowthNothingToHandOver
    if len(rows) > MOST:
        raise GrowthRecordTooLarge(most=MOST)
    record = _record(held, person, rows, now)
    digest = digest_of(record)
    claims = {"iss": issuer.did, "iat": int(now.timestamp()), "jti": record["id"], "sha256": digest}
    await _record_handed_over(db, actor, held, person, digest, len(rows), now)
    return {
        "release_id": release_id,
        "file_name": f"growth-file-{release_id}.json",
        "sha256": digest,
        "pieces": len(rows),
        "document": compose(record, signer.sign_once(claims)),
    }


async def _record_handed_over(
    db: Connection, actor: Actor, held: Row, person: Row, digest: str, pieces: int, now: datetime
) -> None:
    """That it left, when and what, with the release and as a provision."""
    values = {
        "state": ReleaseState.HANDED_OVER, "handed_over_at": now,
        "handed_over_by": actor.account_id, "record_sha256": digest, "pieces": pieces,
    }  # fmt: skip
    await db.change(GrowthRelease, held["id"], values)
    kinds = [PieceKind(each) for each in held["kinds"]]
    categories = {_CATEGORIES.get(each, DataCategory.ATTENDANCE) for each in kinds}
    await record_growth_provision(
        db, release=held, place=person, now=now,
        categories=sorted({DataCategory.IDENTITY, *categories}),
    )  # fmt: skip


def _record(held: Row, person: Row, rows: list[Row], now: datetime) -> dict[str, Any]:
    """What leaves: who, for whom and for what, and the pieces by volumes with their seals."""
    volumes: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        volume = volumes.setdefault(
            row["volume_id"],
            {
                "id": str(row["volume_id"]),
                "school_year": row["volume_school_year"],
                "number": row["volume_number"],
                "title": row["volume_title"],
                "sealed_at": utc_text(row["volume_sealed_at"]),
                "seal": row["volume_seal"],
                "pieces": [],
            },
        )
        piece = {
            name: row[name] for name in ("number", "kind", "title", "content", "salt", "sha256")
        }
        volume["pieces"].append(piece | {"made_on": row["made_on"].isoformat()})
    return {
        "id": f"urn:uuid:{held['id']}",
        "made_at": utc_text(now),
        "person": {"name": person["name"], "school": person["school"]},
        "authority": person["authority"],
        "recipient": held["recipient_name"],
        "purpose": held["purpose"],
        "consented_at": utc_text(held["given_at"]),
        "kinds": list(held["kinds"]),
        "volumes": list(volumes.values()),
    }
