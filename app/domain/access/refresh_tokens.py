"""Refresh tokens (刷新令牌): how a signed-in person stays so; each is used once and issues the next.

What must be remembered although the answer is a refusal (a token used twice) is written here and
returned as an outcome: the face commits first and refuses then.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint, Uuid, bindparam, exists, select, update
from sqlmodel import Field, col

from app.domain.access.sign_in import lock_account, may_stay
from app.domain.access.sign_ins import STAYS, SignIn, stop_sign_in, use_sign_in
from app.domain.base import MOMENT, Table, key
from app.domain.errors import Unauthenticated
from app.domain.portions import forget_some
from app.sql import Connection, Row, Statement, new_id


class RefreshToken(Table, table=True):
    """A refresh token, by its hash; each is used once, and its use issues the next of its sign-in."""

    __table_args__ = (UniqueConstraint("token_hash"),)

    id: UUID = key()
    sign_in_id: UUID = Field(foreign_key="sign_in.id", sa_type=Uuid, index=True)
    token_hash: bytes = Field(sa_type=LargeBinary)
    issued_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)


# What can be refused.


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, expired, revoked, another's, or was used before."""

    code = "refresh_refused"
    zh = "刷新令牌无效或已被使用，请重新登录。"
    en = "The refresh token is not valid or was used before: sign in again."


# What may be done.


async def issue_refresh_token(
    db: Connection, *, sign_in_id: UUID, token_hash: bytes, now: datetime
) -> None:
    """Keep a new refresh token, the first of a sign-in or the next."""
    row = {
        "id": new_id(),
        "sign_in_id": sign_in_id,
        "token_hash": token_hash,
        "issued_at": now,
        "expires_at": now + STAYS,
    }
    await db.insert(RefreshToken, row)


_BY_HASH = col(RefreshToken.token_hash) == bindparam("token_hash", type_=LargeBinary)
_SIGN_IN = Statement(
    select(
        col(SignIn.id).label("sign_in_id"),
        col(SignIn.account_id),
        col(SignIn.client_id),
        col(SignIn.scopes),
    )
    .join_from(RefreshToken, SignIn, col(RefreshToken.sign_in_id) == col(SignIn.id))
    .where(_BY_HASH)
)
_USE = Statement(
    update(RefreshToken)
    .where(
        _BY_HASH,
        col(RefreshToken.used_at).is_(None),
        col(RefreshToken.expires_at) > bindparam("now", type_=MOMENT),
        exists().where(
            col(SignIn.id) == col(RefreshToken.sign_in_id), col(SignIn.ended_at).is_(None)
        ),
    )
    .values(used_at=bindparam("now", type_=MOMENT))
    .returning(col(RefreshToken.id))
)


async def find_sign_in(db: Connection, *, token_hash: bytes) -> Row | None:
    """The sign-in that a refresh token belongs to, with its account and application, or None."""
    return await db.one(_SIGN_IN, token_hash=token_hash)


async def use_refresh_token(
    db: Connection,
    *,
    token_hash: bytes,
    client_id: UUID | None,
    address: str | None,
    now: datetime,
) -> Row | None:
    """The account and the sign-in of a refresh token, used up by this; None where it is refused.

    A token that was used before, or that another application presents, may be in two hands: its
    sign-in ends. Commit either way. The account is locked first, so that a token cannot be renewed
    while its account is suspended.
    """
    found = await find_sign_in(db, token_hash=token_hash)
    account = found and await lock_account(db, account_id=found["account_id"])
    if not found or not account or not may_stay(account, now=now):
        return None
    sign_in_id = found["sign_in_id"]
    is_theirs = found["client_id"] == client_id
    if not is_theirs or await db.value(_USE, token_hash=token_hash, now=now) is None:
        await stop_sign_in(db, sign_in_id=sign_in_id, now=now)
        return None
    await use_sign_in(db, sign_in_id=sign_in_id, address=address, now=now)
    return {"account": account, **found}


_TIDY = forget_some(RefreshToken, col(RefreshToken.expires_at) < bindparam("now", type_=MOMENT))


async def tidy_refresh_tokens(db: Connection, *, now: datetime) -> None:
    """Forget tokens whose time is over, so many at once: unknown and expired are refused alike."""
    await db.run(_TIDY, now=now)
