"""What a volume and its pieces are.

A volume is sealed once. Its pieces say what the records said when they were put together, each with a hash
over that and a salt: whoever is shown one piece can prove it by the seal, and learns nothing of the others.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.people.teachers import follows_teacher
from app.domain.quality.archive_volumes.vocabulary import ArchiveKind, PieceKind, VolumeState

_UNSEALED = "state IN ('opened', 'assembled', 'checked')"


class ArchiveVolumeFields(BaseModel):
    """Whose volume it is, of which school year, and how it is called."""

    kind: ArchiveKind = Field(
        description="档案类别 / whose archive", sa_type=text_enum(ArchiveKind)
    )
    school_year: int = Field(
        ge=1990, le=2100, description="学年，以开始年份表示 / school year, by the year it begins in"
    )
    number: int = Field(description="卷号，1为正卷，其后为补充卷 / 1: the volume; then supplements")
    title: str = Field(max_length=200, description="案卷题名 / title")


class ArchiveVolume(ArchiveVolumeFields, Placed, Table, table=True):
    """A volume; a growth file's goes along with its teacher, a school's stays with the school."""

    __table_args__ = (
        *place_constraints(),
        follows_teacher(),
        CheckConstraint("(kind = 'growth') = (teacher_id IS NOT NULL)", name="whose"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(
            "(assembled_at IS NULL) = (state = 'opened')"
            " AND num_nonnulls(assembled_at, assembled_by) IN (0, 2)",
            name="assembled",
        ),
        CheckConstraint(
            "(checked_at IS NOT NULL) = (state IN ('checked', 'sealed', 'destroyed'))"
            " AND num_nonnulls(checked_at, checked_by) IN (0, 2)",
            name="checked",
        ),
        CheckConstraint("checked_by <> assembled_by", name="checked_by_another"),
        CheckConstraint(
            "num_nonnulls(sealed_at, sealed_by, seal, manifest_sha256, permanent)"
            " = CASE WHEN state IN ('sealed', 'destroyed') THEN 5 ELSE 0 END",
            name="sealed",
        ),
        CheckConstraint("(retained_until IS NOT NULL) = (NOT permanent)", name="retained"),
        CheckConstraint("num_nonnulls(hold_reason, held_at, held_by) IN (0, 3)", name="hold"),
        CheckConstraint("(destroyed_at IS NOT NULL) = (state = 'destroyed')", name="destroyed"),
        *(
            Index(
                f"uq_archive_volume_{kind}_{name}", owner, "school_year", *more, unique=True,
                postgresql_where=text(f"kind = '{kind}'{condition}"),
            )
            for kind, owner in (("school", "school_id"), ("growth", "teacher_id"))
            for name, more, condition in (
                ("number", ("number",), ""), ("unsealed", (), f" AND {_UNSEALED}"),
            )
        ),
        *(Index(None, name, "school_year", "id") for name in ("teacher_id", *PLACE)),
        Index(None, "retained_until", postgresql_where=text("state = 'sealed'")),
    )  # fmt: skip

    id: UUID = key()
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    teacher_id: UUID | None = Field(default=None, sa_type=Uuid)
    state: VolumeState = Field(sa_type=text_enum(VolumeState))
    pieces: int = 0
    opened_at: datetime = Field(sa_type=MOMENT)
    opened_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    assembled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    assembled_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    assembled_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    checked_at: datetime | None = Field(default=None, sa_type=MOMENT)
    checked_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    check_opinion: str | None = Field(default=None, max_length=2000)
    sealed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    sealed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    seal: str | None = Field(default=None, sa_type=Text)
    manifest_sha256: str | None = Field(default=None, max_length=64)
    permanent: bool | None = None
    retained_until: date | None = None
    hold_reason: str | None = Field(default=None, max_length=500)
    held_at: datetime | None = Field(default=None, sa_type=MOMENT)
    held_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    destroyed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ArchivePieceFields(BaseModel):
    """A line of the index."""

    number: int = Field(description="件号 / number within the volume, from 1")
    kind: PieceKind = Field(description="材料类别 / kind", sa_type=text_enum(PieceKind))
    title: str = Field(max_length=500, description="题名 / title")
    made_on: date = Field(description="形成日期 / day from which it is")
    origin: str = Field(max_length=200, description="责任者 / who it comes from")
    retention_years: int | None = Field(
        default=None, description="保管期限（年），永久为空 / years, null: for ever"
    )
    shows_pupils: bool = Field(description="附件是否出现学生 / whether its file shows pupils")
    sha256: str = Field(max_length=64, description="摘要 / SHA-256 over what it says and its salt")


class ArchivePiece(ArchivePieceFields, Table, table=True):
    """A piece. Of one that was destroyed only the line of the index is left."""

    __table_args__ = (
        UniqueConstraint("volume_id", "number"),
        UniqueConstraint("volume_id", "kind", "source_id"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("num_nonnulls(content, salt) IN (0, 2)", name="content"),
        Index(None, "teacher_id", postgresql_where=text("teacher_id IS NOT NULL")),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
        Index(None, "source_id"),
    )

    id: UUID = key()
    volume_id: UUID = Field(foreign_key="archive_volume.id", sa_type=Uuid)
    source_id: UUID = Field(sa_type=Uuid)
    """The record that it shows; of which table, its kind says."""
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    """Whom it is about, if it is about one person."""
    file_id: UUID | None = Field(default=None, foreign_key="file.id", sa_type=Uuid)
    file_size: int | None = Field(default=None, sa_type=BigInteger)
    facts_sha256: str = Field(max_length=64)
    """Over what it says without a salt: a record that says the same is not filed again."""
    salt: str | None = Field(default=None, max_length=32)
    content: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))


def by_volume(volume_id: Any) -> dict[str, Any]:
    """The places of what belongs to a volume: those of the volume, by a column with its key."""

    def lies(column: str) -> Any:
        return lambda ids: (
            exists()
            .where(
                col(ArchiveVolume.id) == volume_id, col(getattr(ArchiveVolume, column)) == any_(ids)
            )
            .correlate_except(ArchiveVolume)
        )

    return {name: lies(name) for name in (*PLACE, "teacher_id")}


def of_year_and_owner() -> ColumnElement[bool]:
    """The predicate 'this volume is of that kind, `school_year` and `owner_id`': a teacher's, or a school's."""
    owner = bindparam("owner_id", type_=Uuid)
    is_school = and_(col(ArchiveVolume.teacher_id).is_(None), col(ArchiveVolume.school_id) == owner)
    return and_(
        col(ArchiveVolume.kind) == bindparam("kind"),
        col(ArchiveVolume.school_year) == bindparam("school_year", type_=Integer),
        or_(col(ArchiveVolume.teacher_id) == owner, is_school),
    )
