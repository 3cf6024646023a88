"""Looks (查阅记录): who saw what is sealed of a person, when and why; the person is told.

A look is written in the transaction of the answer: nobody sees anything without leaving one. So it is of
penalties, which nobody reads in passing. Ordinary
reads of a record leave none. They show names, masked numbers and work, to those whose place gives them
that, and a row for each line of each list would cost more than it tells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Index, Text, Uuid, bindparam, func, insert, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Statement, new_id


class LookKind(StrEnum):
    """How somebody looked."""

    REVEALED = "revealed"
    """查看明文: what is sealed was shown in full."""
    FOUND = "found"
    """按号查询: somebody who knew the number found whose it is."""
    PENALTY = "penalty"
    """查阅惩处: a penalty was read, with what was said of it."""


class PersonalDatum(StrEnum):
    """What is sealed or hidden of a person."""

    ID_NUMBER = "id_number"
    """证件号码"""
    BIRTH_DATE = "birth_date"
    """出生日期"""
    PHONE = "phone"
    """手机号"""


class LookFields(BaseModel):
    """How, at what, why and when."""

    kind: LookKind = Field(description="方式 / how", sa_type=text_enum(LookKind))
    data: list[PersonalDatum] = Field(
        description="信息项，查阅惩处时为空 / what was seen; none where it was a penalty",
        sa_type=ARRAY(Text),
    )
    reason: str = Field(max_length=200, description="理由 / why")
    at: datetime = Field(description="时间 / when", sa_type=MOMENT)


class Look(LookFields, Table, table=True):
    """A look, written once and never changed."""

    __table_args__ = (Index(None, "teacher_id", "id"), Index(None, "account_id", "at"))

    id: UUID = key()
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class LookView(LookFields):
    """A look as the person sees it who was looked at."""

    id: UUID = Field(description="标识 / key")
    account_id: UUID = Field(description="查阅账号 / account that looked")
    account_name: str = Field(description="查阅者 / who looked")


# What may be asked.

LOOKS = Door(
    table=Look,
    view=LookView,
    read=Permission.RECORD_OWN,
    places={"teacher_id": col(Look.teacher_id)},
    computed={"account_name": col(Account.display_name)},
    joined=Look.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        col(Look.account_id) == col(Account.id),
    ),
    sorts={"at": ()},
)
"""One's own alone: what others did is in the audit trail for those who audit."""


async def list_looks(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """Who saw what is sealed of the one who asks, the latest first unless sorted otherwise."""
    return await LOOKS.page(db, actor, replace(page, sort=page.sort or "-at"))


# What may be done.


_table = Look.__table__  # type: ignore[attr-defined]
_each = (
    func.unnest(
        bindparam("each_id", type_=ARRAY(Uuid)), bindparam("each_teacher_id", type_=ARRAY(Uuid))
    )
    .table_valued("id", "teacher_id")
    .render_derived()
)
_SAME = ("account_id", "kind", "data", "reason", "at")
_RECORD = Statement(
    insert(_table).from_select(
        ["id", "teacher_id", *_SAME],
        select(
            _each.c.id,
            _each.c.teacher_id,
            *(bindparam(name, type_=_table.c[name].type) for name in _SAME),
        ),
    )
)


async def record_looks(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Iterable[UUID],
    kind: LookKind,
    data: Sequence[PersonalDatum],
    reason: str,
    now: datetime,
) -> None:
    """Record that the actor saw this of each of these teachers."""
    seen = list(teacher_ids)
    if seen:
        await db.run(
            _RECORD,
            each_id=[new_id() for _ in seen],
            each_teacher_id=seen,
            account_id=actor.account_id,
            kind=kind,
            data=list(data),
            reason=reason,
            at=now,
        )
