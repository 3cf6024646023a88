"""Consents to optional data (可选信息同意): what a person allows beyond what the law asks for.

The core of a training record is kept by statutory duty and needs no consent (PIPL, article 13, 2 and
3). A telephone number, photographs and where somebody was are extras: each has its own consent, given
by the person alone, and taken back as easily as it was given (articles 13 to 16; 29 for what is
sensitive).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid, bindparam, select, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, columns_of, key, text_enum
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class OptionalData(StrEnum):
    """What is kept only of those who allow it."""

    PHONE = "phone"
    """手机号: to be reached about one's training."""
    PHOTO = "photo"
    """照片、影像: of activities in which somebody can be recognised."""
    LOCATION = "location"
    """位置信息: where somebody was when checking in; sensitive (PIPL, article 28)."""


class DataConsent(Table, table=True):
    """That a person allowed one kind of optional data; at most one of a kind holds at a time."""

    __table_args__ = (
        Index(
            "uq_data_consent_open", "teacher_id", "data", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "teacher_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    data: OptionalData = Field(sa_type=text_enum(OptionalData))
    given_at: datetime = Field(sa_type=MOMENT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)


class DataConsentView(BaseModel):
    """A consent as the person sees it who gave it."""

    id: UUID = Field(description="标识 / key")
    data: OptionalData = Field(description="信息类别 / kind of data")
    given_at: datetime = Field(description="同意时间 / given")
    withdrawn_at: datetime | None = Field(description="撤回时间 / taken back")


class NewDataConsent(Command):
    """What a person allows."""

    data: OptionalData = Field(description="信息类别 / kind of data")


# What can be refused.


class DataConsentNotFound(NotFound):
    """It is none of one's own, or was taken back already."""

    code = "data_consent_not_found"
    zh = "未找到该项同意，或其已撤回。"
    en = "You have given no such consent, or have taken it back."


class DataConsentMissing(Conflict):
    """The person has not allowed this kind of data, so none of it is kept."""

    code = "data_consent_missing"
    zh = "本人未同意收集此类信息（{data}），不能登记。"
    en = "The person has not consented to this kind of data ({data}): it cannot be entered."


# What may be asked.


def require_oneself(actor: Actor) -> UUID:
    """The key of the teacher who asks, about their own things."""
    if actor.teacher_id is None or not actor.scope(Permission.RECORD_OWN).shape:
        raise NotAllowed(Permission.RECORD_OWN.value)
    return actor.teacher_id


_OWN = Statement(
    select(*columns_of(DataConsent, DataConsentView))
    .where(col(DataConsent.teacher_id) == bindparam("teacher_id", type_=Uuid))
    .order_by(col(DataConsent.id).desc())
)


async def list_data_consents(db: Connection, actor: Actor) -> Sequence[Row]:
    """What the one who asks has allowed, and has taken back, the latest first."""
    return await db.all(_OWN, teacher_id=require_oneself(actor))


_STANDS = (
    select(*columns_of(DataConsent, DataConsentView))
    .where(
        col(DataConsent.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(DataConsent.data) == bindparam("data", type_=text_enum(OptionalData)),
        col(DataConsent.withdrawn_at).is_(None),
    )
)  # fmt: skip
_HOLD = Statement(_STANDS.with_for_update(read=True))
_STANDING = Statement(_STANDS)


async def hold_data_consent(db: Connection, *, teacher_id: UUID, data: OptionalData) -> None:
    """Refuse what nobody allowed; a consent that stands does so until the transaction ends.

    Whoever takes it back meanwhile waits, and then finds what was written under it.
    """
    if await db.one(_HOLD, teacher_id=teacher_id, data=data) is None:
        raise DataConsentMissing(data=data.value)


# What may be done.


async def give_data_consent(
    db: Connection, actor: Actor, *, new: NewDataConsent, now: datetime
) -> Row:
    """Allow one kind of optional data about oneself; a consent that stands already is the answer."""
    actor.require_in_person()
    teacher_id = require_oneself(actor)
    row = {"id": new_id(), "teacher_id": teacher_id, "data": new.data, "given_at": now}
    try:
        async with db.transaction():
            await db.insert(DataConsent, row)
    except UniqueViolationError:
        standing = await db.one(_STANDING, teacher_id=teacher_id, data=new.data)
        if standing is not None:
            return standing
        raise
    return {"id": row["id"], "data": new.data, "given_at": now, "withdrawn_at": None}
