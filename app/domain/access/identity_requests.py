"""Requests to an identity provider (外部登录请求): what waits while somebody signs in elsewhere.

A request lasts ten minutes, comes back once and is decided once. It is found by its state, of which
the hash is kept, and belongs to a browser, which holds the binder in a cookie: to the one that began
it; or, to link an identity to an account, whose password is asked for at the end, to the one that
comes back. Whoever begins a link knows its state, and may have sent somebody else there.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    or_,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.base import MOMENT, Table, key
from app.domain.errors import Invalid
from app.sql import Connection, Row, Statement, new_id

REQUEST_LASTS = timedelta(minutes=10)


class IdentityRequest(Table, table=True):
    """Somebody who signs in at a provider at this moment."""

    __table_args__ = (
        UniqueConstraint("state_hash"),
        CheckConstraint("(asked IS NULL) <> (account_id IS NULL)", name="for_one_purpose"),
        CheckConstraint(
            "binder_hash IS NOT NULL OR account_id IS NOT NULL AND subject IS NULL",
            name="of_one_browser",
        ),
    )

    id: UUID = key()
    state_hash: bytes = Field(sa_type=LargeBinary)
    binder_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Of the cookie of its browser; null for a link that has not come back yet."""
    provider_id: UUID = Field(foreign_key="identity_provider.id", sa_type=Uuid)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    """Whose account is to be linked; null for signing in."""
    nonce: str = Field(sa_type=Text)
    verifier: str = Field(sa_type=Text)
    asked: str | None = Field(default=None, sa_type=Text)
    """The authorisation request of the application for which somebody signs in, as it was asked."""
    expires_at: datetime = Field(sa_type=MOMENT, index=True)
    returned_at: datetime | None = Field(default=None, sa_type=MOMENT)
    subject: str | None = Field(default=None, sa_type=Text)
    """Who somebody is at the provider, once it has said so."""
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)


# What can be refused.


class IdentityRequestGone(Invalid):
    """The request is unknown, over, decided, came back before, or was begun in another browser."""

    code = "identity_request_gone"
    zh = "该登录请求无效、已过期、已使用，或不是在本浏览器中发起的，请重新开始。"
    en = (
        "This sign-in is not valid, is over, was used already, or was begun in another browser:"
        " please start again."
    )


# What may be done.


async def begin_identity_request(
    db: Connection, *, state_hash: bytes, provider_id: UUID, nonce: str, verifier: str,
    binder_hash: bytes | None = None, account_id: UUID | None = None, asked: str | None = None,
    now: datetime,
) -> datetime:  # fmt: skip
    """Keep a request that goes to a provider; until when it waits."""
    row = {
        "id": new_id(),
        "state_hash": state_hash,
        "binder_hash": binder_hash,
        "provider_id": provider_id,
        "account_id": account_id,
        "nonce": nonce,
        "verifier": verifier,
        "asked": asked,
        "expires_at": now + REQUEST_LASTS,
    }
    await db.insert(IdentityRequest, row)
    return now + REQUEST_LASTS


_SHOWN = [
    col(getattr(IdentityRequest, name))
    for name in ("id", "provider_id", "account_id", "nonce", "verifier", "asked", "subject")
]
_LASTS = (
    col(IdentityRequest.state_hash) == bindparam("state_hash", type_=LargeBinary),
    col(IdentityRequest.expires_at) > bindparam("now", type_=MOMENT),
)
_OURS = col(IdentityRequest.binder_hash) == bindparam("binder_hash", type_=LargeBinary)
_RETURN = Statement(
    update(IdentityRequest)
    .where(
        *_LASTS,
        or_(_OURS, col(IdentityRequest.account_id).is_not(None)),
        col(IdentityRequest.provider_id) == bindparam("provider_id", type_=Uuid),
        col(IdentityRequest.returned_at).is_(None),
    )
    .values(returned_at=bindparam("now", type_=MOMENT))
    .returning(*_SHOWN)
)
_IDENTIFY = Statement(
    update(IdentityRequest)
    .where(col(IdentityRequest.id) == bindparam("request_id", type_=Uuid))
    .values(
        subject=bindparam("subject", type_=Text),
        binder_hash=bindparam("binder_hash", type_=LargeBinary),
    )
)
_WAITING = (
    *_LASTS,
    _OURS,
    col(IdentityRequest.subject).is_not(None),
    col(IdentityRequest.decided_at).is_(None),
)
_FIND = Statement(select(*_SHOWN).where(*_WAITING))
_DECIDE = Statement(
    update(IdentityRequest)
    .where(*_WAITING)
    .values(decided_at=bindparam("now", type_=MOMENT))
    .returning(col(IdentityRequest.id))
)
_TIDY = Statement(
    delete(IdentityRequest).where(col(IdentityRequest.expires_at) < bindparam("now", type_=MOMENT))
)


async def return_identity_request(
    db: Connection, *, state_hash: bytes, binder_hash: bytes, provider_id: UUID, now: datetime
) -> Row:
    """The request that comes back from this provider, for the first and only time.

    Raises `IdentityRequestGone`.
    """
    row = await db.one(
        _RETURN, state_hash=state_hash, binder_hash=binder_hash, provider_id=provider_id, now=now
    )
    if row is None:
        raise IdentityRequestGone
    return row


async def identify_request(
    db: Connection, *, request_id: UUID, subject: str, binder_hash: bytes
) -> None:
    """Keep who somebody is, as the provider has proved it, and in which browser they have come back."""
    await db.run(_IDENTIFY, request_id=request_id, subject=subject, binder_hash=binder_hash)


async def find_identity_request(
    db: Connection, *, state_hash: bytes, binder_hash: bytes, now: datetime
) -> Row:
    """The request that waits for the person's decision; raises `IdentityRequestGone`."""
    row = await db.one(_FIND, state_hash=state_hash, binder_hash=binder_hash, now=now)
    if row is None:
        raise IdentityRequestGone
    return row


async def decide_identity_request(
    db: Connection, *, state_hash: bytes, binder_hash: bytes, now: datetime
) -> None:
    """Use the request up; raises `IdentityRequestGone` where somebody else just has."""
    if await db.run(_DECIDE, state_hash=state_hash, binder_hash=binder_hash, now=now) == 0:
        raise IdentityRequestGone


async def tidy_identity_requests(db: Connection, *, now: datetime) -> None:
    """Forget those that are over."""
    await db.run(_TIDY, now=now)
