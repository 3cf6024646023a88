"""Trainees (非教师学员): people who are trained by a unit and are no teachers of a school.

「專業技術人員690人」: a county's college trains technical and other staff besides teachers. They are kept by
the unit that trains them, take part in cohorts, and are counted apart: no number of teachers has them
in it. 人 counts people, 人次 counts how often somebody took part.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, SecretStr, model_validator
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Command,
    Placed,
    Table,
    civil_date,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Conflict, NotFound, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.identity import (
    IdKind,
    PersonalDataCipher,
    check_id_number,
    mask_id_number,
)
from app.domain.people.teachers import PersonName
from app.sql import Connection, Row, UniqueViolationError, new_id


class TraineeCategory(StrEnum):
    """What somebody is who is no teacher (类别)."""

    TECHNICAL = "technical"
    """专业技术人员"""
    MANAGEMENT = "management"
    """管理人员"""
    SUPPORT = "support"
    """工勤人员"""
    STUDENT_TEACHER = "student_teacher"
    """实习生、师范生"""
    PROBATIONER = "probationer"
    """见习教师"""
    SHADOW_PRINCIPAL = "shadow_principal"
    """影子校长"""
    VISITING_TEACHER = "visiting_teacher"
    """外地教师"""
    OTHER = "other"


class TraineeFields(BaseModel):
    """Who a trainee is and where the trainee works."""

    name: PersonName = Field(description="姓名 / name", max_length=60)
    category: TraineeCategory = Field(
        description="类别 / category", sa_type=text_enum(TraineeCategory)
    )
    employer: str = Field(min_length=2, max_length=100, description="工作单位 / employer")


class Trainee(TraineeFields, Placed, Table, table=True):
    """A trainee, placed by the unit that keeps the record."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint(
            "num_nulls(id_kind, id_number_sealed, id_number_index, id_number) IN (0, 4)",
            name="number_is_whole",
        ),
        UniqueConstraint("id", "unit_id"),
        Index(
            "uq_trainee_number", "unit_id", "id_number_index", unique=True,
            postgresql_where=text("id_number_index IS NOT NULL"),
        ),
        Index(None, "unit_id", "category", "id"),
        *(Index(None, name, "id") for name in PLACE),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    id_kind: IdKind | None = Field(default=None, sa_type=text_enum(IdKind))
    id_number_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    id_number_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    id_number: str | None = Field(default=None, max_length=32)
    """The masked number; the number itself is in `id_number_sealed`."""
    registered_at: datetime = Field(sa_type=MOMENT)


class TraineeView(TraineeFields):
    """A trainee as both faces show one; personal data masked."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="登记单位 / unit that keeps the record")
    id_number: str | None = Field(
        description="证件号码（脱敏），未登记为空 / ID number, masked; null where none is kept"
    )
    registered_at: datetime = Field(description="登记时间 / when registered")


class NewTrainee(TraineeFields, Command):
    """A trainee to be registered; the ID number is optional."""

    unit_id: UUID = Field(description="登记单位 / unit that keeps the record")
    id_kind: IdKind | None = Field(
        default=None, description="证件类型，与证件号码同填 / of the number"
    )
    id_number: SecretStr | None = Field(
        default=None, description="证件号码，仅存密文 / ID number; kept sealed only"
    )

    @model_validator(mode="after")
    def _number_has_its_kind(self) -> Self:
        if (self.id_number is None) != (self.id_kind is None):
            raise Unfit(
                "证件类型与证件号码须同时填写。",
                "Give the kind of document and its number together.",
            )
        return self


# What can be refused.


class TraineeNotFound(NotFound):
    """There is no such trainee for the one who asks."""

    code = "trainee_not_found"
    zh = "未找到该学员。"
    en = "There is no such trainee."


class TraineeExists(Conflict):
    """The unit has registered this number already."""

    code = "trainee_exists"
    zh = "本单位已登记该证件号码的学员。"
    en = "This unit has registered a trainee with this ID number already."


# What may be asked.

TRAINEES = Door(
    table=Trainee,
    view=TraineeView,
    read=Permission.PROGRAMME_READ,
    missing=TraineeNotFound,
    filters={
        "unit_id": col(Trainee.unit_id),
        "category": col(Trainee.category),
        "name": col(Trainee.name),
    },
    sorts={"created": (), "name": (col(Trainee.name),)},
)


async def get_trainee(db: Connection, actor: Actor, *, trainee_id: UUID) -> Row:
    """One trainee of the actor's place."""
    return await TRAINEES.get(db, actor, trainee_id)


async def list_trainees(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    category: TraineeCategory | None = None,
    name: str | None = None,
) -> Page:
    """The trainees of the actor's place, the first registered first."""
    filters = {"unit_id": unit_id, "category": category, "name": name}
    return await TRAINEES.page(db, actor, page, filters=filters)


# What may be done.


async def register_trainee(
    db: Connection, actor: Actor, *, new: NewTrainee, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """Register a trainee with a unit that the actor administers."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.PROGRAMME_WRITE)
    trainee_id = new_id()
    row = {
        "id": trainee_id,
        **new.model_dump(include=set(TraineeFields.model_fields)),
        **place_of(unit),
        "registered_at": now,
        **_number(trainee_id, new, cipher, civil_date(now)),
    }
    try:
        await db.insert(Trainee, row)
    except UniqueViolationError:
        raise TraineeExists from None
    return await TRAINEES.get(db, actor, trainee_id)


def _number(
    trainee_id: UUID, new: NewTrainee, cipher: PersonalDataCipher, today: date
) -> dict[str, Any]:
    if new.id_number is None or new.id_kind is None:
        return {}
    number = check_id_number(new.id_kind, new.id_number.get_secret_value(), today=today)
    return {
        "id_kind": new.id_kind,
        "id_number_sealed": cipher.seal(number, context=f"trainee|id_number|{trainee_id}"),
        "id_number_index": cipher.blind_index(number),
        "id_number": mask_id_number(number),
    }
