"""Device codes (设备码): how a script or a device without a browser signs a person in (RFC 8628).

The device shows a short code and asks again and again; the person types the code on a page of ours,
signs in there and allows it or not. Each code has one answer, and is good for one sign-in. What was
allowed ends, like a token, with the security version of the account.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key
from app.domain.errors import DomainError
from app.sql import Connection, Row, Statement, new_id

DEVICE_CODE_LIVES = timedelta(minutes=10)
POLLED_EVERY = timedelta(seconds=5)
"""How often a device may ask whether it was allowed."""


class DeviceCode(Table, table=True):
    """A device's request: its long code by its hash, and the short one that a person types."""

    __table_args__ = (UniqueConstraint("code_hash"), UniqueConstraint("user_code"))

    id: UUID = key()
    code_hash: bytes = Field(sa_type=LargeBinary)
    user_code: str = Field(sa_type=Text)
    client_id: UUID = Field(foreign_key="client.id", sa_type=Uuid)
    scopes: list[Permission] = Field(sa_type=ARRAY(Text))
    issued_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)
    polled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    """Who allowed it."""
    security_version: int | None = Field(default=None)
    """That of the account when it did."""
    denied_at: datetime | None = Field(default=None, sa_type=MOMENT)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)


class DeviceAnswer(StrEnum):
    """What a device is told when it asks, in the words of RFC 8628 (3.5)."""

    ALLOWED = "allowed"
    PENDING = "authorization_pending"
    TOO_FAST = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"


class Polled(NamedTuple):
    """The answer to a device, and its request where it was allowed."""

    answer: DeviceAnswer
    request: Row | None = None


# What can be refused.


class DeviceCodeWaits(DomainError):
    """The device was not allowed, or not yet; `answer` says which, in the words of RFC 8628."""

    code = "device_code_waits"
    zh = "设备尚未获得授权：{answer}。"
    en = "The device is not allowed: {answer}."


# What may be asked.

_SHOWN = [
    col(getattr(DeviceCode, name))
    for name in ("id", "client_id", "scopes", "account_id", "security_version", "denied_at",
                 "used_at", "expires_at", "polled_at")
]  # fmt: skip
_WAITING = Statement(
    select(*_SHOWN).where(
        col(DeviceCode.user_code) == bindparam("user_code", type_=Text),
        col(DeviceCode.account_id).is_(None),
        col(DeviceCode.denied_at).is_(None),
        col(DeviceCode.expires_at) > bindparam("now", type_=MOMENT),
    )
)


async def find_device_code(db: Connection, *, user_code: str, now: datetime) -> Row | None:
    """The request behind a short code that still waits for its answer, or None."""
    return await db.one(_WAITING, user_code=user_code, now=now)


# What may be done.


async def start_device_code(
    db: Connection,
    *,
    code_hash: bytes,
    user_code: str,
    client_id: UUID,
    scopes: Sequence[Permission],
    now: datetime,
) -> None:
    """Keep a device's request until somebody answers it, ten minutes at most."""
    row = {
        "id": new_id(),
        "code_hash": code_hash,
        "user_code": user_code,
        "client_id": client_id,
        "scopes": list(scopes),
        "issued_at": now,
        "expires_at": now + DEVICE_CODE_LIVES,
    }
    await db.insert(DeviceCode, row)


_DECIDE = Statement(
    update(DeviceCode)
    .where(
        col(DeviceCode.id) == bindparam("request_id", type_=Uuid),
        col(DeviceCode.account_id).is_(None),
        col(DeviceCode.denied_at).is_(None),
        col(DeviceCode.expires_at) > bindparam("now", type_=MOMENT),
    )
    .values(
        account_id=bindparam("account_id", type_=Uuid),
        security_version=bindparam("security_version", type_=Integer),
        denied_at=bindparam("denied_at", type_=MOMENT),
    )
)


async def answer_device_code(
    db: Connection, *, request_id: UUID, account: Row | None, now: datetime
) -> bool:
    """Allow a device's request for an account, locked, or deny it with none; whether it still waited."""
    by = {
        "account_id": account and account["id"],
        "security_version": account and account["security_version"],
        "denied_at": None if account else now,
    }
    return await db.run(_DECIDE, request_id=request_id, now=now, **by) == 1


_POLL = Statement(
    select(*_SHOWN)
    .where(
        col(DeviceCode.code_hash) == bindparam("code_hash", type_=LargeBinary),
        col(DeviceCode.client_id) == bindparam("client_id", type_=Uuid),
    )
    .with_for_update()
)
_POLLED = Statement(
    update(DeviceCode)
    .where(col(DeviceCode.id) == bindparam("request_id", type_=Uuid))
    .values(polled_at=bindparam("now", type_=MOMENT), used_at=bindparam("used_at", type_=MOMENT))
)


async def poll_device_code(
    db: Connection, *, code_hash: bytes, client_id: UUID, now: datetime
) -> Polled:
    """What a device is told at this moment; an allowed request is used up by being told so.

    Commit whatever the answer is: how often a device asks must be remembered.
    """
    found = await db.one(_POLL, code_hash=code_hash, client_id=client_id)
    if found is None or found["used_at"] is not None or found["expires_at"] <= now:
        return Polled(DeviceAnswer.EXPIRED)
    allowed = found["account_id"] is not None
    await db.run(_POLLED, request_id=found["id"], now=now, used_at=now if allowed else None)
    if allowed:
        return Polled(DeviceAnswer.ALLOWED, found)
    if found["denied_at"] is not None:
        return Polled(DeviceAnswer.DENIED)
    if found["polled_at"] is not None and found["polled_at"] + POLLED_EVERY > now:
        return Polled(DeviceAnswer.TOO_FAST)
    return Polled(DeviceAnswer.PENDING)


_TIDY = Statement(
    delete(DeviceCode).where(col(DeviceCode.expires_at) < bindparam("now", type_=MOMENT))
)


async def tidy_device_codes(db: Connection, *, now: datetime) -> None:
    """Forget requests whose time is over."""
    await db.run(_TIDY, now=now)
