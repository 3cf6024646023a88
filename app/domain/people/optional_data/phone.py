"""Telephone numbers (手机号): kept of those who allow it, sealed, found by a blind index, shown masked."""

import re
import unicodedata
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, SecretStr
from sqlalchemy import Index, LargeBinary, Uuid, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, columns_of
from app.domain.errors import Invalid, NotFound
from app.domain.people.identity import PersonalDataCipher
from app.domain.people.optional_data.consent import OptionalData, hold_data_consent
from app.domain.people.teachers import TEACHERS
from app.sql import Connection, Row, Statement


class TeacherPhone(Table, table=True):
    """A teacher's telephone number; it is gone with the consent under which it is kept."""

    __table_args__ = (Index(None, "phone_index"),)

    teacher_id: UUID = Field(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)
    phone_sealed: bytes = Field(sa_type=LargeBinary)
    phone_index: bytes = Field(sa_type=LargeBinary)
    phone: str = Field(max_length=16)
    """The masked number; the number itself is in `phone_sealed`."""
    entered_at: datetime = Field(sa_type=MOMENT)


class PhoneView(BaseModel):
    """A telephone number as both faces show it."""

    teacher_id: UUID = Field(description="教师 / teacher")
    phone: str = Field(description="手机号（脱敏） / number, masked")
    entered_at: datetime = Field(description="登记时间 / entered")


class NewPhone(Command):
    """A telephone number to be entered."""

    phone: SecretStr = Field(
        description="手机号（11 位），仅存密文 / mobile number of 11 digits; kept sealed only"
    )


# What can be refused.


class PhoneBadForm(Invalid):
    """It is no mobile number of the mainland; the refusal does not repeat it."""

    code = "phone_bad_form"
    zh = "手机号格式不正确：应为以 1 开头的 11 位数字。"
    en = "That is no mobile number: it has 11 digits and begins with 1."


class PhoneNotFound(NotFound):
    """No number is kept of this teacher."""

    code = "phone_not_found"
    zh = "该教师未登记手机号。"
    en = "No telephone number is kept of this teacher."


_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LONGEST_INPUT: Final = 64


def check_phone(number: str) -> str:
    """Return the normalised number: half-width, without blanks, hyphens or 86 in front."""
    normal = unicodedata.normalize("NFKC", number[:_LONGEST_INPUT])
    normal = re.sub(r"[\s-]", "", normal)
    normal = re.sub(r"^(\+|00)86", "", normal)
    if not _MOBILE.fullmatch(normal):
        raise PhoneBadForm
    return normal


def mask_phone(number: str) -> str:
    """Return what may be shown: `138****1234`."""
    return f"{number[:3]}****{number[-4:]}"


def phone_context(teacher_id: UUID) -> str:
    """The place for which the number of this teacher is sealed."""
    return f"teacher_phone|phone|{teacher_id}"


# What may be asked.

_TEACHER = bindparam("of_teacher", type_=Uuid)
_SHOWN = columns_of(TeacherPhone, PhoneView)
_KEPT = Statement(select(*_SHOWN).where(col(TeacherPhone.teacher_id) == _TEACHER))


async def get_phone(db: Connection, actor: Actor, *, teacher_id: UUID) -> Row:
    """The masked number of a teacher, for the person and for those who may see the number itself."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.PERSONAL_DATA_REVEAL)
    row = await db.one(_KEPT, of_teacher=teacher_id)
    if row is None:
        raise PhoneNotFound
    return row


# What may be done.

_ENTERED = insert(TeacherPhone).values(
    {
        column.name: bindparam(column.name, type_=column.type)
        for column in TeacherPhone.__table__.c  # type: ignore[attr-defined]
    }
)
_ENTER = Statement(
    _ENTERED.on_conflict_do_update(
        index_elements=["teacher_id"],
        set_={
            name: _ENTERED.excluded[name]
            for name in ("phone_sealed", "phone_index", "phone", "entered_at")
        },
    ).returning(*_SHOWN)
)


async def set_phone(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    new: NewPhone,
    cipher: PersonalDataCipher,
    now: datetime,
) -> Row:
    """Enter a teacher's number, by the person or by who administers the record, if it was allowed."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.PHONE_WRITE)
    number = check_phone(new.phone.get_secret_value())
    await hold_data_consent(db, teacher_id=teacher_id, data=OptionalData.PHONE)
    row = await db.one(
        _ENTER,
        teacher_id=teacher_id,
        phone_sealed=cipher.seal(number, context=phone_context(teacher_id)),
        phone_index=cipher.blind_index(number),
        phone=mask_phone(number),
        entered_at=now,
    )
    return row or {}


_ERASE = Statement(
    delete(TeacherPhone).where(col(TeacherPhone.teacher_id) == _TEACHER).returning(*_SHOWN)
)


async def remove_phone(db: Connection, actor: Actor, *, teacher_id: UUID) -> Row:
    """Erase a teacher's number; the consent stands, so that another can be entered."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.PHONE_WRITE)
    row = await erase_phone(db, teacher_id=teacher_id)
    if row is None:
        raise PhoneNotFound
    return row


async def erase_phone(db: Connection, *, teacher_id: UUID) -> Row | None:
    """Erase what is kept of a number; None where nothing is."""
    return await db.one(_ERASE, of_teacher=teacher_id)
