"""Sign-ins (登录记录): where a person is signed in, by what, and since when; each can be ended.

A sign-in begins when somebody proves who they are and lasts while its refresh tokens are renewed.
Every access token names the sign-in that it came from, so that ending one ends its tokens within
seconds in every process. Where it came from is kept masked, enough to be recognised by its owner.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Index,
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    select,
    table,
    text,
    update,
)
from sqlmodel import Field, col

from app.domain.access.accounts import Account, announce_security
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key
from app.domain.errors import NotFound
from app.domain.portions import forget_some
from app.sql import Connection, Row, Statement, new_id

MOST_SHOWN = 100
"""How many of one's sign-ins are shown, the latest used first."""
STAYS = timedelta(days=14)
"""How long a sign-in lasts without being used."""
KEPT = timedelta(days=183)
"""How long it is known after its last use: records of use are kept for six months (网络安全法, article 21)."""


class SignIn(Table, table=True):
    """A sign-in of an account, through an application or through our own tools."""

    __table_args__ = (
        Index(None, "account_id", "client_id"),
        Index(None, "client_id"),
        Index(None, "last_used_at"),
        Index("ix_sign_in_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
    )

    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    client_id: UUID | None = Field(default=None, foreign_key="client.id", sa_type=Uuid)
    scopes: list[Permission] | None = Field(default=None, sa_type=ARRAY(Text))
    """The ceiling that the person allowed; null for our own tools."""
    address: str | None = Field(default=None, sa_type=Text)
    agent: str | None = Field(default=None, sa_type=Text)
    started_at: datetime = Field(sa_type=MOMENT)
    last_used_at: datetime = Field(sa_type=MOMENT)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)


class SignInView(BaseModel):
    """A sign-in as its owner sees it."""

    id: UUID = Field(description="标识 / key")
    client_id: UUID | None = Field(description="应用，本系统为空 / application; null for our own")
    client_name: str | None = Field(description="应用名称 / name of the application")
    scopes: list[Permission] | None = Field(description="权限范围 / scopes; null for no ceiling")
    address: str | None = Field(description="来源地址（已掩码） / from where, masked")
    agent: str | None = Field(description="设备与浏览器 / by which program")
    started_at: datetime = Field(description="登录时间 / since")
    last_used_at: datetime = Field(description="最近使用 / last renewed")


# What can be refused.


class SignInNotFound(NotFound):
    """It is none of one's own, or it has ended."""

    code = "sign_in_not_found"
    zh = "未找到该登录记录，或其已结束。"
    en = "There is no such sign-in of yours, or it has ended."


# What may be asked.

_SHOWN = select(
    *(
        col(Account.display_name).label(name)
        if name == "client_name"
        else col(getattr(SignIn, name))
        for name in SignInView.model_fields
    )
).join_from(SignIn, Account, col(SignIn.client_id) == col(Account.id), isouter=True)
_OWN = Statement(
    _SHOWN.where(
        col(SignIn.account_id) == bindparam("account_id", type_=Uuid),
        col(SignIn.ended_at).is_(None),
        col(SignIn.last_used_at) > bindparam("since", type_=MOMENT),
    )
    .order_by(col(SignIn.last_used_at).desc(), col(SignIn.id).desc())
    .limit(MOST_SHOWN)
)


async def list_sign_ins(db: Connection, actor: Actor, *, now: datetime) -> list[Row]:
    """Where the one who asks is signed in at present, the latest used first."""
    actor.require_in_person()
    return await db.all(_OWN, account_id=actor.account_id, since=now - STAYS)


_ENDED = Statement(
    select(col(SignIn.id)).where(col(SignIn.ended_at) >= bindparam("since", type_=MOMENT))
)


async def ended_sign_ins(db: Connection, *, since: datetime) -> list[UUID]:
    """The sign-ins that ended since a moment, for a process that starts."""
    return [row["id"] for row in await db.all(_ENDED, since=since)]


# What may be done.


async def begin_sign_in(
    db: Connection,
    *,
    account_id: UUID,
    client_id: UUID | None,
    scopes: Sequence[Permission] | None,
    address: str | None,
    agent: str | None,
    now: datetime,
) -> UUID:
    """Keep that an account has signed in; `address` is masked already."""
    sign_in_id = new_id()
    row = {
        "id": sign_in_id,
        "account_id": account_id,
        "client_id": client_id,
        "scopes": scopes,
        "address": address,
        "agent": agent,
        "started_at": now,
        "last_used_at": now,
    }
    await db.insert(SignIn, row)
    return sign_in_id


def _end(*conditions: Any) -> Statement:
    return Statement(
        update(SignIn)
        .where(*conditions, col(SignIn.ended_at).is_(None))
        .values(ended_at=bindparam("now", type_=MOMENT))
        .returning(col(SignIn.id))
    )


_ACCOUNT_ID = bindparam("account_id", type_=Uuid)
_END_ONE = _end(col(SignIn.id) == bindparam("sign_in_id", type_=Uuid))
_END_OWN = _end(
    col(SignIn.id) == bindparam("sign_in_id", type_=Uuid), col(SignIn.account_id) == _ACCOUNT_ID
)
_END_ALL = _end(col(SignIn.account_id) == _ACCOUNT_ID)
_END_OF_CLIENT = _end(
    col(SignIn.account_id) == _ACCOUNT_ID,
    col(SignIn.client_id) == bindparam("client_id", type_=Uuid),
)
_ONE = Statement(_SHOWN.where(col(SignIn.id) == bindparam("sign_in_id", type_=Uuid)))


async def end_sign_in(db: Connection, actor: Actor, *, sign_in_id: UUID, now: datetime) -> Row:
    """End one of one's own sign-ins: its tokens are refused from now on, and not renewed."""
    actor.require_in_person()
    ended = await db.value(_END_OWN, sign_in_id=sign_in_id, account_id=actor.account_id, now=now)
    if ended is None:
        raise SignInNotFound
    await announce_security(db, subject_ids=[ended])
    (row,) = await db.all(_ONE, sign_in_id=sign_in_id)
    return row


async def stop_sign_in(db: Connection, *, sign_in_id: UUID, now: datetime) -> None:
    """End a sign-in whose tokens were given back or are in two hands."""
    await _stop(db, await db.all(_END_ONE, sign_in_id=sign_in_id, now=now))


async def stop_sign_ins_of_client(
    db: Connection, *, account_id: UUID, client_id: UUID, now: datetime
) -> None:
    """End whatever a person has allowed an application."""
    await _stop(
        db, await db.all(_END_OF_CLIENT, account_id=account_id, client_id=client_id, now=now)
    )


async def stop_sign_ins(db: Connection, *, account_id: UUID, now: datetime) -> None:
    """End every sign-in of an account, which the caller has locked and whose version it raises."""
    await db.run(_END_ALL, account_id=account_id, now=now)


async def _stop(db: Connection, ended: Sequence[Row]) -> None:
    if ended:
        await announce_security(db, subject_ids=[row["id"] for row in ended])


_USED = Statement(
    update(SignIn)
    .where(col(SignIn.id) == bindparam("sign_in_id", type_=Uuid))
    .values(
        last_used_at=bindparam("now", type_=MOMENT),
        address=func.coalesce(bindparam("address", type_=Text), col(SignIn.address)),
    )
)


async def use_sign_in(
    db: Connection, *, sign_in_id: UUID, address: str | None, now: datetime
) -> None:
    """Keep that a sign-in was renewed just now, and from where."""
    await db.run(_USED, sign_in_id=sign_in_id, address=address, now=now)


# The noun above this one describes this table; here it is only asked whether there is one.
_TOKENS = table("refresh_token", column("sign_in_id", Uuid()))
_TIDY = forget_some(
    SignIn,
    col(SignIn.last_used_at) < bindparam("before", type_=MOMENT),
    ~exists().where(_TOKENS.c.sign_in_id == col(SignIn.id)),
)


async def tidy_sign_ins(db: Connection, *, now: datetime) -> None:
    """Forget sign-ins that nobody has used for so long, so many at once, and that have no token any more."""
    await db.run(_TIDY, before=now - KEPT)
