"""Correcting (更正) what is kept of a teacher: what was entered wrongly is put right, the number included."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import SecretStr, model_validator
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Unfit
from app.domain.organisation.units import Stage
from app.domain.people.facts.engagement import Employment
from app.domain.people.facts.fact import FactBeforeBirth
from app.domain.people.identity import (
    EARLIEST_BIRTH,
    IdKind,
    PersonalDataCipher,
    birth_date_of,
    check_id_number,
    mask_id_number,
)
from app.domain.people.pinyin import name_terms
from app.domain.people.teachers.register import TEACHERS
from app.domain.people.teachers.teacher import (
    BirthDateImpossible,
    PersonName,
    Subject,
    Teacher,
    TeacherExists,
)
from app.sql import Connection, Row, Statement, UniqueViolationError


class TeacherCorrection(Command):
    """What is to be put right; what is left out stays as it is."""

    name: PersonName | None = Field(default=None, description="姓名 / name", max_length=60)
    subject: Subject | None = Field(default=None, description="任教学科 / subject taught")
    stage: Stage | None = Field(default=None, description="任教学段 / stage taught")
    birth_date: date | None = Field(default=None, description="出生日期 / date of birth")
    id_kind: IdKind | None = Field(
        default=None, description="证件类型，与证件号码同填 / of the number"
    )
    id_number: SecretStr | None = Field(default=None, description="证件号码，仅存密文 / ID number")

    @model_validator(mode="after")
    def _number_has_its_kind(self) -> Self:
        if (self.id_number is None) != (self.id_kind is None):
            raise Unfit(
                "证件类型与证件号码须同时填写。",
                "Give the kind of document and its number together.",
            )
        if all(value is None for value in self.__dict__.values()):
            raise Unfit("请填写需要更正的内容。", "Say what is to be corrected.")
        return self


# What may be done.

_KEPT = Statement(
    select(
        col(Teacher.birth_date),
        col(Teacher.id_number_sealed),
        select(func.min(col(Employment.valid_from)))
        .where(
            col(Employment.teacher_id) == col(Teacher.id), col(Employment.superseded_at).is_(None)
        )
        .correlate(Teacher)
        .scalar_subquery()
        .label("began"),
    ).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


def number_context(teacher_id: UUID) -> str:
    """The place for which the ID number of this teacher is sealed."""
    return f"teacher|id_number|{teacher_id}"


async def correct_teacher(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    correction: TeacherCorrection,
    cipher: PersonalDataCipher,
    now: datetime,
) -> Row:
    """Put right what is kept of a teacher whom the actor administers."""
    write = Permission.TEACHER_WRITE
    await TEACHERS.get(db, actor, teacher_id, permission=write, lock=True)
    values = correction.model_dump(include={"name", "subject", "stage"}, exclude_none=True)
    if "name" in values:
        values["name_terms"] = name_terms(values["name"])
    if correction.id_number is not None or correction.birth_date is not None:
        kept = await db.one(_KEPT, teacher_id=teacher_id) or {}
        values |= _identity(teacher_id, kept, correction, cipher, civil_date(now))
    try:
        await db.change(Teacher, teacher_id, values)
    except UniqueViolationError:
        raise TeacherExists from None
    return await TEACHERS.get(db, actor, teacher_id)


def _identity(
    teacher_id: UUID,
    kept: Row,
    correction: TeacherCorrection,
    cipher: PersonalDataCipher,
    today: date,
) -> dict[str, Any]:
    """The number and the date of birth as they are to be kept: the one never contradicts the other."""
    context = number_context(teacher_id)
    values: dict[str, Any] = {}
    if correction.id_number is not None and correction.id_kind is not None:
        given = correction.id_number.get_secret_value()
        number = check_id_number(correction.id_kind, given, today=today)
        values = {
            "id_kind": correction.id_kind,
            "id_number_sealed": cipher.seal(number, context=context),
            "id_number_index": cipher.blind_index(number),
            "id_number": mask_id_number(number),
        }
    else:
        number = cipher.open(kept["id_number_sealed"], context=context)
    born = birth_date_of(number) or correction.birth_date or kept["birth_date"]
    if correction.birth_date not in {None, born} or not EARLIEST_BIRTH <= born <= today:
        raise BirthDateImpossible
    if kept["began"] is not None and kept["began"] < born:
        raise FactBeforeBirth
    return values | {"birth_date": born}
