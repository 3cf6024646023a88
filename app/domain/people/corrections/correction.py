"""A correction (更正申请): somebody says that what is kept of them is wrong (PIPL, article 46).

What is stated is kept sealed where the thing itself is, and only until it is decided.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, SecretStr
from sqlalchemy import CheckConstraint, Index, LargeBinary, Uuid, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.identity import IdKind
from app.domain.people.teachers import PersonName, Teacher, follows_teacher
from app.sql import Connection, Row


class CorrectedField(StrEnum):
    """What is said to be wrong."""

    NAME = "name"
    SUBJECT = "subject"
    STAGE = "stage"
    BIRTH_DATE = "birth_date"
    ID_NUMBER = "id_number"
    OTHER = "other"
    """任职、考勤、学分等: whoever decides corrects it where it is kept, and says so in the answer."""


class CorrectionState(StrEnum):
    """What has become of it."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CorrectionFields(BaseModel):
    """What is wrong, why it is, and what shows it."""

    field: CorrectedField = Field(
        description="更正项 / what is wrong", sa_type=text_enum(CorrectedField)
    )
    id_kind: IdKind | None = Field(
        default=None,
        description="证件类型，更正证件号码时必填 / kind of document, with an ID number",
        sa_type=text_enum(IdKind),
    )
    reason: str = Field(min_length=2, max_length=500, description="理由 / why it is wrong")
    evidence: str | None = Field(default=None, max_length=2000, description="依据 / what shows it")


class Correction(CorrectionFields, Placed, Table, table=True):
    """A request for a correction; of one thing at most one is open."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("state = 'asked' OR stated_sealed IS NULL", name="sealed_until_decided"),
        Index(
            "uq_correction_open", "teacher_id", "field", unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        Index(None, "teacher_id", "id"),
        Index(None, "school_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "city_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    stated: str = Field(max_length=200)
    """What is right, as it may be shown."""
    stated_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: CorrectionState = Field(sa_type=text_enum(CorrectionState))
    asked_at: datetime = Field(sa_type=MOMENT)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)


class CorrectionView(CorrectionFields):
    """A request as both sides see it; what is sealed stays masked."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    stated: str = Field(description="正确内容（敏感项脱敏） / what is right, masked where sealed")
    state: CorrectionState = Field(description="状态 / state")
    asked_at: datetime = Field(description="申请时间 / asked")
    decided_at: datetime | None = Field(description="处理时间 / decided, or withdrawn")
    opinion: str | None = Field(description="处理意见 / what was answered")


class NewCorrection(CorrectionFields, Command):
    """What of one's own record is wrong."""

    stated: SecretStr = Field(
        min_length=1, max_length=200, description="正确内容，日期写作 YYYY-MM-DD / what is right"
    )


class CorrectionOpinion(Command):
    """What is answered."""

    opinion: str = Field(min_length=2, max_length=500, description="处理意见 / answer")


# What can be refused.


class CorrectionNotFound(NotFound):
    """There is no such request for the one who asks."""

    code = "correction_not_found"
    zh = "未找到该更正申请。"
    en = "There is no such request for a correction."


# What may be asked.

CORRECTIONS = Door(
    table=Correction,
    view=CorrectionView,
    read=Permission.CORRECTION_READ,
    missing=CorrectionNotFound,
    places={"teacher_id": col(Correction.teacher_id)},
    computed={"name": col(Teacher.name)},
    joined=Correction.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Correction.teacher_id) == col(Teacher.id),
    ),
    filters={"teacher_id": col(Correction.teacher_id), "state": col(Correction.state)},
    sorts={"asked": ()},
)


async def get_correction(db: Connection, actor: Actor, *, correction_id: UUID) -> Row:
    """One request: one's own, or of somebody in the actor's place."""
    return await CORRECTIONS.get(db, actor, correction_id)


async def list_corrections(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    state: CorrectionState | None = None,
) -> Page:
    """One's own requests, and those of the actor's place, the first asked first."""
    filters = {"teacher_id": teacher_id, "state": state}
    return await CORRECTIONS.page(db, actor, page, filters=filters)
