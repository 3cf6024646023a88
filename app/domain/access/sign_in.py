"""Signing in: from a name and a secret, or a refresh token, to an actor.

Before sign-in there is no actor, so these functions take none. What must be remembered although the
answer is a refusal (a wrong password, a refresh token used twice) is written here and returned as an
outcome: the face commits first and refuses then.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.accounts import LOCKED_AFTER, LOCKED_FOR, Account
from app.domain.access.actors import Actor, Grant
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Role, SubjectKind
from app.domain.access.subjects import PLACES
from app.domain.base import MOMENT, Table, civil_date, key
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


class WrongCredentials(Unauthenticated):
    """The name or the secret is wrong, or the account is locked or suspended: which is not told."""

    code = "wrong_credentials"
    zh = "登录名或密码错误，或账号已被锁定、停用。"
    en = "The name or the secret is wrong, or the account is locked or suspended."


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, expired, revoked, or was used before."""

    code = "refresh_refused"
    zh = "刷新令牌无效或已被使用，请重新登录。"
    en = "The refresh token is not valid or was used before: sign in again."


# What may be asked.

_ACCOUNT = [
    col(getattr(Account, name))
    for name in ("id", "kind", "secret", "teacher_id", "security_version", "locked_until",
                 "suspended_at", "display_name")
]  # fmt: skip
_BY_NAME = Statement(select(*_ACCOUNT).where(col(Account.name) == bindparam("name")))
_BY_ID = Statement(select(*_ACCOUNT).where(col(Account.id) == bindparam("account_id", type_=Uuid)))


def _grants_of_account() -> Statement:
    units, groups, teachers = (PLACES[kind].alias() for kind in SubjectKind)
    of = {SubjectKind.UNIT: units, SubjectKind.GROUP: groups, SubjectKind.SELF: teachers}
    day: Any = bindparam("today")
    ends = col(RoleGrant.valid_to)
    query = select(
        col(RoleGrant.role),
        col(RoleGrant.subject),
        col(RoleGrant.subject_id),
        *(
            func.coalesce(*(places.c[name] for places in of.values())).label(name)
            for name in ("city_id", "county_id", "school_id")
        ),
    )
    joined = RoleGrant.__table__  # type: ignore[attr-defined]
    for kind, places in of.items():
        joined = joined.outerjoin(
            places,
            and_(col(RoleGrant.subject) == kind, places.c.id == col(RoleGrant.subject_id)),
        )
    return Statement(
        query.select_from(joined).where(
            col(RoleGrant.account_id) == bindparam("account_id", type_=Uuid),
            col(RoleGrant.superseded_at).is_(None),
            col(RoleGrant.valid_from) <= day,
            or_(ends.is_(None), ends > day),
            or_(*(places.c.id.is_not(None) for places in of.values())),
        )
    )


_GRANTS = _grants_of_account()


async def find_account(db: Connection, *, name: str) -> Row | None:
    """The account that signs in by this name, with its secret's hash, or None."""
    return await db.one(_BY_NAME, name=name)


def may_sign_in(account: Row, *, now: datetime) -> bool:
    """Whether the account is neither suspended nor locked."""
    locked_until = account["locked_until"]
    return account["suspended_at"] is None and (locked_until is None or locked_until <= now)


async def actor_of_account(db: Connection, *, account: Row, now: datetime) -> Actor:
    """The actor that an account is today: its grants with the present places of their subjects."""
    rows = await db.all(_GRANTS, account_id=account["id"], today=civil_date(now))
    grants = tuple(
        Grant(
            role=Role(row["role"]),
            subject=SubjectKind(row["subject"]),
            subject_id=row["subject_id"],
            city_id=row["city_id"],
            county_id=row["county_id"],
            school_id=row["school_id"],
        )
        for row in rows
    )
    return Actor(account_id=account["id"], grants=grants, teacher_id=account["teacher_id"])


_SECURITY_CHANGES = Statement(
    select(col(Account.id), col(Account.security_version)).where(
        col(Account.security_changed_at) >= bindparam("since", type_=MOMENT)
    )
)


async def security_versions(db: Connection, *, since: datetime) -> dict[UUID, int]:
    """The security versions that were raised since a moment, for a process that starts."""
    rows = await db.all(_SECURITY_CHANGES, since=since)
    return {row["id"]: row["security_version"] for row in rows}


# What may be done.

_COUNT_WRONG = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .values(
        wrong_secrets=case(
            (col(Account.wrong_secrets) + 1 >= LOCKED_AFTER, 0),
            else_=col(Account.wrong_secrets) + 1,
        ),
        locked_until=case(
            (col(Account.wrong_secrets) + 1 >= LOCKED_AFTER, bindparam("until", type_=MOMENT)),
            else_=col(Account.locked_until),
        ),
    )
)
_FORGIVE = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("account_id", type_=Uuid), col(Account.wrong_secrets) > 0)
    .values(wrong_secrets=0)
)


async def record_wrong_secret(db: Connection, *, account_id: UUID, now: datetime) -> None:
    """Count a wrong secret; the tenth in a row locks the account for a quarter of an hour."""
    await db.run(_COUNT_WRONG, account_id=account_id, until=now + LOCKED_FOR)


async def forgive_wrong_secrets(db: Connection, *, account_id: UUID) -> None:
    """A right secret ends the count."""
    await db.run(_FORGIVE, account_id=account_id)


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


_USE = Statement(
    update(RefreshToken)
    .where(
        col(RefreshToken.token_hash) == bindparam("token_hash"),
        col(RefreshToken.used_at).is_(None),
        col(RefreshToken.revoked_at).is_(None),
        col(RefreshToken.expires_at) > bindparam("now", type_=MOMENT),
    )
    .values(used_at=bindparam("now", type_=MOMENT))
    .returning(col(RefreshToken.account_id), col(RefreshToken.family_id))
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
    """
    used = await db.one(_USE, token_hash=token_hash, now=now)
    if used is None:
        await db.run(_REVOKE_FAMILY, token_hash=token_hash, now=now)
        return None
    account = await db.one(_BY_ID, account_id=used["account_id"])
    if account is None or not may_sign_in(account, now=now):
        return None
    return {"account": account, "family_id": used["family_id"]}
