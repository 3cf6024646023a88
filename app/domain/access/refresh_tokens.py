"""Refresh tokens (刷新令牌): how a signed-in person stays so; each is used once and issues the next.

What must be remembered although the answer is a refusal (a token used twice) is written here and
returned as an outcome: the face commits first and refuses then.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, Uuid, bindparam, select, update
from sqlmodel import Field, col

from app.domain.access.sign_in import lock_account, may_sign_in
from app.domain.base import MOMENT, Table, key
from app.domain.errors import Unauthenticated
from app.sql import Connection, Row, Statement, new_id

REFRESH_LIFETIME = timedelta(days=14)


class RefreshToken(Table, table=True):
    """A refresh token, by its hash; each is used once, and its use issues the next of its family."""

    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "family_id"))

    id: UUID = key()
    family_id: UUID = Field(sa_type=Uuid)
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid, index=True)
    token_hash: bytes = Field(sa_type=LargeBinary)
    issued_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)


# What can be refused.


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, expired, revoked, or was used before."""

    code = "refresh_refused"
    zh = "刷新令牌无效或已被使用，请重新登录。"
    en = "The refresh token is not valid or was used before: sign in again."


# What may be done.


async def issue_refresh_token(
    db: Connection,
    *,
    account_id: UUID,
    token_hash: bytes,
    now: datetime,
    family_id: UUID | None = None,
) -> None:
    """Keep a new refresh token, the first of a family or the next of one."""
    token_id = new_id()
    row = {
        "id": token_id,
        "family_id": family_id or token_id,
        "account_id": account_id,
        "token_hash": token_hash,
        "issued_at": now,
        "expires_at": now + REFRESH_LIFETIME,
    }
    await db.insert(RefreshToken, row)


_OWNER = Statement(
    select(col(RefreshToken.account_id)).where(
        col(RefreshToken.token_hash) == bindparam("token_hash")
    )
)
_USE = Statement(
    update(RefreshToken)
    .where(
        col(RefreshToken.token_hash) == bindparam("token_hash"),
        col(RefreshToken.used_at).is_(None),
        col(RefreshToken.revoked_at).is_(None),
        col(RefreshToken.expires_at) > bindparam("now", type_=MOMENT),
    )
    .values(used_at=bindparam("now", type_=MOMENT))
    .returning(col(RefreshToken.family_id))
)
_REVOKE_FAMILY = Statement(
    update(RefreshToken)
    .where(
        col(RefreshToken.family_id).in_(
            select(col(RefreshToken.family_id)).where(
                col(RefreshToken.token_hash) == bindparam("token_hash")
            )
        ),
        col(RefreshToken.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now", type_=MOMENT))
)


async def use_refresh_token(db: Connection, *, token_hash: bytes, now: datetime) -> Row | None:
    """The account and the family of a refresh token, used up by this; None where it is refused.

    A token that was used before may be in two hands: its whole family is revoked. Commit either way.
    The account is locked first, so that a token cannot be renewed while its account is suspended.
    """
    account_id = await db.value(_OWNER, token_hash=token_hash)
    account = account_id and await lock_account(db, account_id=account_id)
    if not account:
        return None
    family_id = await db.value(_USE, token_hash=token_hash, now=now)
    if family_id is None:
        await db.run(_REVOKE_FAMILY, token_hash=token_hash, now=now)
        return None
    return {"account": account, "family_id": family_id} if may_sign_in(account, now=now) else None


_REVOKE_ALL = Statement(
    update(RefreshToken)
    .where(
        col(RefreshToken.account_id) == bindparam("account_id", type_=Uuid),
        col(RefreshToken.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now", type_=MOMENT))
)


async def revoke_refresh_tokens(db: Connection, *, account_id: UUID, now: datetime) -> None:
    """End every refresh token of an account, which the caller has locked."""
    await db.run(_REVOKE_ALL, account_id=account_id, now=now)
