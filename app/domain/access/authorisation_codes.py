"""Authorisation codes (授权码): what a browser carries from the sign-in page to an application.

A code lives a minute, is good for one use, and only together with what it was made for: the
application, the address it was sent to, and the secret behind the challenge (RFC 7636). Like a token
it ends with the security version of its account. Used twice, it may be in two hands: what its first
use brought ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
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
from app.domain.access.sign_ins import stop_sign_in
from app.domain.base import MOMENT, Table, key
from app.domain.errors import Unauthenticated
from app.sql import Connection, Row, Statement, new_id

CODE_LIVES = timedelta(seconds=60)
_KEPT = timedelta(days=1)


class AuthorisationCode(Table, table=True):
    """A code by its hash, with all that it is bound to."""

    __table_args__ = (UniqueConstraint("code_hash"),)

    id: UUID = key()
    code_hash: bytes = Field(sa_type=LargeBinary)
    client_id: UUID = Field(foreign_key="client.id", sa_type=Uuid)
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    security_version: int
    redirect_uri: str = Field(sa_type=Text)
    challenge: str = Field(sa_type=Text)
    scopes: list[Permission] = Field(sa_type=ARRAY(Text))
    issued_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)
    sign_in_id: UUID | None = Field(default=None, foreign_key="sign_in.id", sa_type=Uuid)


# What can be refused.


class CodeRefused(Unauthenticated):
    """The code is unknown, expired, used before, or was made for something else."""

    code = "code_refused"
    zh = "授权码无效、已过期、已被使用，或与本次请求不符。"
    en = "The code is not valid, has expired, was used before, or was made for another request."


# What may be done.


async def issue_authorisation_code(
    db: Connection,
    *,
    code_hash: bytes,
    client_id: UUID,
    account_id: UUID,
    security_version: int,
    redirect_uri: str,
    challenge: str,
    scopes: Sequence[Permission],
    now: datetime,
) -> None:
    """Keep a code that a person, whose account is locked, has just let an application have."""
    row = {
        "id": new_id(),
        "code_hash": code_hash,
        "client_id": client_id,
        "account_id": account_id,
        "security_version": security_version,
        "redirect_uri": redirect_uri,
        "challenge": challenge,
        "scopes": list(scopes),
        "issued_at": now,
        "expires_at": now + CODE_LIVES,
    }
    await db.insert(AuthorisationCode, row)


_OF_CLIENT = (
    col(AuthorisationCode.code_hash) == bindparam("code_hash", type_=LargeBinary),
    col(AuthorisationCode.client_id) == bindparam("client_id", type_=Uuid),
)
_USE = Statement(
    update(AuthorisationCode)
    .where(
        *_OF_CLIENT,
        col(AuthorisationCode.redirect_uri) == bindparam("redirect_uri", type_=Text),
        col(AuthorisationCode.challenge) == bindparam("challenge", type_=Text),
        col(AuthorisationCode.used_at).is_(None),
        col(AuthorisationCode.expires_at) > bindparam("now", type_=MOMENT),
    )
    .values(used_at=bindparam("now", type_=MOMENT))
    .returning(
        col(AuthorisationCode.id),
        col(AuthorisationCode.account_id),
        col(AuthorisationCode.security_version),
        col(AuthorisationCode.scopes),
    )
)
_BROUGHT = Statement(
    select(col(AuthorisationCode.sign_in_id)).where(
        *_OF_CLIENT, col(AuthorisationCode.used_at).is_not(None)
    )
)


async def use_authorisation_code(
    db: Connection,
    *,
    code_hash: bytes,
    client_id: UUID,
    redirect_uri: str,
    challenge: str,
    now: datetime,
) -> Row | None:
    """What a code was made for, used up by this; None where it is refused.

    Commit either way: a code that was used before ends what it brought. One that is merely
    presented wrongly stays good for its minute, since whoever holds it without the secret behind
    the challenge must not be able to spoil it.
    """
    used = await db.one(
        _USE, code_hash=code_hash, client_id=client_id, redirect_uri=redirect_uri,
        challenge=challenge, now=now,
    )  # fmt: skip
    if used is None:
        brought = await db.value(_BROUGHT, code_hash=code_hash, client_id=client_id)
        if brought is not None:
            await stop_sign_in(db, sign_in_id=brought, now=now)
    return used


_BIND = Statement(
    update(AuthorisationCode)
    .where(col(AuthorisationCode.id) == bindparam("code_id", type_=Uuid))
    .values(sign_in_id=bindparam("sign_in_id", type_=Uuid))
)


async def bind_authorisation_code(db: Connection, *, code_id: UUID, sign_in_id: UUID) -> None:
    """Keep which sign-in the use of a code has brought."""
    await db.run(_BIND, code_id=code_id, sign_in_id=sign_in_id)


_TIDY = Statement(
    delete(AuthorisationCode).where(
        col(AuthorisationCode.expires_at) < bindparam("before", type_=MOMENT)
    )
)


async def tidy_authorisation_codes(db: Connection, *, now: datetime) -> None:
    """Forget codes that expired a day ago: nobody learns anything from one used again so late."""
    await db.run(_TIDY, before=now - _KEPT)
