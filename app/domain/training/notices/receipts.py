"""Who has read a notice, who has confirmed it, and how that stands by unit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Boolean,
    Index,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission, SubjectKind
from app.domain.base import MOMENT, Table
from app.domain.errors import Conflict
from app.domain.organisation.units import Level, Unit
from app.domain.people.teachers.strata import is_among
from app.domain.training.notices.addressed import is_for_somebody, is_for_unit
from app.domain.training.notices.notice import (
    CANDIDATES,
    NOTICES,
    Notice,
    NoticeState,
    Receipt,
)
from app.domain.training.notices.sending import check_notice_state
from app.sql import Connection, Row, Statement


class NoticeReading(Table, table=True):
    """That an account has read a notice, and confirmed it where each teacher is to."""

    __table_args__ = (Index(None, "notice_id", "unit_id"),)

    notice_id: UUID = Field(primary_key=True, foreign_key="notice.id", sa_type=Uuid)
    account_id: UUID = Field(primary_key=True, foreign_key="account.id", sa_type=Uuid)
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    """The unit that the account belonged to on reading."""
    read_at: datetime = Field(sa_type=MOMENT)
    confirmed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class NoticeReceipt(Table, table=True):
    """That a unit has confirmed a notice, once, and by whom."""

    notice_id: UUID = Field(primary_key=True, foreign_key="notice.id", sa_type=Uuid)
    unit_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    confirmed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    confirmed_at: datetime = Field(sa_type=MOMENT)


class NoticeReceiptView(BaseModel):
    """What one has done with a notice."""

    notice_id: UUID = Field(description="通知 / notice")
    read_at: datetime = Field(description="阅读时间 / when it was read first")
    confirmed_at: datetime | None = Field(
        description="回执时间，未回执为空 / when one confirmed it, for oneself or one's unit"
    )


class UnitReceiptView(BaseModel):
    """How a notice stands with one unit that it is for."""

    unit_id: UUID = Field(description="单位 / unit")
    name: str = Field(description="单位名称 / name")
    readers: int = Field(description="已读账号数 / accounts that have read it")
    confirmations: int = Field(description="已回执教师数 / teachers who have confirmed it")
    confirmed_at: datetime | None = Field(description="单位回执时间 / when the unit confirmed it")
    confirmed_by: UUID | None = Field(description="回执账号 / account that did so for the unit")


# What can be refused.


class NoticeWithoutReceipt(Conflict):
    """Nobody is asked to confirm this notice."""

    code = "notice_without_receipt"
    zh = "该通知不要求回执。"
    en = "Nobody is asked to confirm this notice."


class NoticeConfirmedElsewhere(Conflict):
    """It is confirmed for another unit than the actor's, or by teachers."""

    code = "notice_confirmed_elsewhere"
    zh = "该通知不由您或您的单位回执。"
    en = "This notice is not for you to confirm, nor for a unit for which you send notices."


# What may be asked.


_NOTICE = bindparam("notice_id", type_=Uuid)


def _by_unit() -> Statement:
    reading: Any = NoticeReading
    read = (
        select(
            func.count().label("readers"),
            func.count(reading.confirmed_at).label("confirmations"),
        )
        .where(reading.notice_id == _NOTICE, reading.unit_id == col(Unit.id))
        .lateral("read")
    )
    receipt = NoticeReceipt.__table__  # type: ignore[attr-defined]
    confirmed = and_(receipt.c.notice_id == _NOTICE, receipt.c.unit_id == col(Unit.id))
    sender = Notice.__table__  # type: ignore[attr-defined]
    by_unit = is_among(sender.c.receipt, [Receipt.UNITS])
    own_people = is_among(sender.c.receipt, [Receipt.PEOPLE]) & (col(Unit.level) == Level.SCHOOL)
    concerned = or_(by_unit, is_for_somebody(_NOTICE, sender.c.strata))
    undone = case((by_unit, receipt.c.confirmed_at.is_(None)), else_=read.c.readers == 0)
    return Statement(
        select(
            col(Unit.id).label("unit_id"), col(Unit.name), read.c.readers, read.c.confirmations,
            receipt.c.confirmed_at, receipt.c.confirmed_by,
        )
        .select_from(Unit)
        .join(read, true())
        .join(sender, true())
        .outerjoin(receipt, confirmed)
        .where(
            is_for_unit(_NOTICE),
            sender.c.id == _NOTICE,
            or_(col(Unit.id) != sender.c.unit_id, own_people),
            col(Unit.city_id) == sender.c.city_id,
            col(Unit.closed_on).is_(None),
            concerned,
            or_(not_(bindparam("missing", type_=Boolean)), undone),
        )
        .order_by(col(Unit.name), col(Unit.id))
    )  # fmt: skip


_BY_UNIT = _by_unit()


async def list_notice_receipts(
    db: Connection, actor: Actor, *, notice_id: UUID, missing: bool = False
) -> list[Row]:
    """How a notice stands with each unit below its sender that it is for, by name.

    A school that asks its own teachers to confirm is among them. A notice for strata of teachers, which
    no unit is asked to confirm, concerns the units that have somebody in them.
    With `missing`, only those that have not confirmed it; where no unit is asked to, those of which
    nobody has read it.
    """
    permission = Permission.NOTICE_WRITE
    await NOTICES.get(db, actor, notice_id, permission=permission)
    return await db.all(_BY_UNIT, notice_id=notice_id, missing=missing)


# What may be done.

_READ = Statement(
    insert(NoticeReading)
    .from_select(
        ["notice_id", "account_id", "unit_id", "read_at"],
        select(
            _NOTICE,
            col(Account.id),
            func.coalesce(*(col(getattr(Account, name)) for name in reversed(PLACE))),
            bindparam("now", type_=MOMENT),
        ).where(col(Account.id) == bindparam("of_account", type_=Uuid)),
        include_defaults=False,
    )
    .on_conflict_do_nothing()
)
_READING = Statement(
    select(col(NoticeReading.notice_id), col(NoticeReading.read_at), col(NoticeReading.confirmed_at))
    .where(
        col(NoticeReading.notice_id) == _NOTICE,
        col(NoticeReading.account_id) == bindparam("of_account", type_=Uuid),
    )
)  # fmt: skip
_CONFIRM_FOR_UNITS = Statement(
    insert(NoticeReceipt)
    .from_select(
        ["notice_id", "unit_id", "confirmed_by", "confirmed_at"],
        select(
            _NOTICE,
            col(Unit.id),
            bindparam("of_account", type_=Uuid),
            bindparam("now", type_=MOMENT),
        ).where(
            col(Unit.id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
            col(Unit.id) != bindparam("sender_id", type_=Uuid),
            is_for_unit(_NOTICE),
        ),
        include_defaults=False,
    )
    .on_conflict_do_nothing()
)
_CONFIRMED_FOR = Statement(
    select(func.min(col(NoticeReceipt.confirmed_at))).where(
        col(NoticeReceipt.notice_id) == _NOTICE,
        col(NoticeReceipt.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
    )
)
_CONFIRM = Statement(
    update(NoticeReading)
    .where(
        col(NoticeReading.notice_id) == _NOTICE,
        col(NoticeReading.account_id) == bindparam("of_account", type_=Uuid),
        col(NoticeReading.confirmed_at).is_(None),
    )
    .values(confirmed_at=bindparam("now", type_=MOMENT))
)
_IS_FOR_ME = Statement(
    select(col(Notice.id)).where(
        col(Notice.id) == _NOTICE,
        CANDIDATES.includes(col(Notice.id), bindparam("teacher_id", type_=Uuid)),
    )
)


async def read_notice(db: Connection, actor: Actor, *, notice_id: UUID, now: datetime) -> Row:
    """Say that one has read a notice; the first time counts."""
    notice = await NOTICES.get(db, actor, notice_id)
    check_notice_state(notice, NoticeState.PUBLISHED)
    return await _read(db, actor, notice_id, now)


async def _read(db: Connection, actor: Actor, notice_id: UUID, now: datetime) -> Row:
    keys = {"notice_id": notice_id, "of_account": actor.account_id}
    await db.run(_READ, **keys, now=now)
    reading = await db.one(_READING, **keys)
    assert reading is not None  # noqa: S101  it has just been written
    return reading


async def confirm_notice(db: Connection, actor: Actor, *, notice_id: UUID, now: datetime) -> Row:
    """Confirm a notice for the units for which the actor sends notices, or as a teacher for oneself.

    Which of the two the notice says. A unit confirms once, whoever does it; again changes nothing.
    """
    notice = await NOTICES.get(db, actor, notice_id)
    check_notice_state(notice, NoticeState.PUBLISHED)
    if notice["receipt"] == Receipt.NONE:
        raise NoticeWithoutReceipt
    if notice["receipt"] == Receipt.PEOPLE:
        actor.require(Permission.PARTICIPATE, {"teacher_id": actor.teacher_id})
        if await db.value(_IS_FOR_ME, notice_id=notice_id, teacher_id=actor.teacher_id) is None:
            raise NoticeConfirmedElsewhere
        await _read(db, actor, notice_id, now)
        keys = {"notice_id": notice_id, "of_account": actor.account_id}
        await db.run(_CONFIRM, **keys, now=now)
        return await _read(db, actor, notice_id, now)
    confirmed_at = await _confirm_for_units(db, actor, notice, now)
    return await _read(db, actor, notice_id, now) | {"confirmed_at": confirmed_at}


async def _confirm_for_units(db: Connection, actor: Actor, notice: Row, now: datetime) -> datetime:
    """When the actor's units confirmed it, now or before; refused where it is for none of them."""
    write = Permission.NOTICE_WRITE
    actor.require(write)
    unit_ids = [
        grant.subject_id
        for grant in actor.grants
        if grant.subject is SubjectKind.UNIT and write in grant.permissions
    ]
    of = {"notice_id": notice["id"], "unit_ids": unit_ids}
    await db.run(
        _CONFIRM_FOR_UNITS, **of, sender_id=notice["unit_id"], of_account=actor.account_id, now=now
    )
    confirmed_at: datetime | None = await db.value(_CONFIRMED_FOR, **of)
    if confirmed_at is None:
        raise NoticeConfirmedElsewhere
    return confirmed_at
