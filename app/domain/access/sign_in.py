"""Signing in: from a name and a secret to an actor.

Before sign-in there is no actor, so these functions take none. A wrong secret must be remembered
although the answer is a refusal: the face commits the count first and refuses then.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, case, func, or_, select, update
from sqlmodel import col

from app.domain.access.accounts import LOCKED_AFTER, LOCKED_FOR, Account
from app.domain.access.actors import Actor, Grant
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Role, SubjectKind
from app.domain.access.subjects import PLACES
from app.domain.base import MOMENT, civil_date
from app.domain.errors import Unauthenticated
from app.sql import Connection, Row, Statement

# What can be refused.


class WrongCredentials(Unauthenticated):
    """The name or the secret is wrong, or the account is locked or suspended: which is not told."""

    code = "wrong_credentials"
    zh = "登录名或密码错误，或账号已被锁定、停用。"
    en = "The name or the secret is wrong, or the account is locked or suspended."


# What may be asked.

_ACCOUNT = [
    col(getattr(Account, name))
    for name in ("id", "name", "kind", "secret", "teacher_id", "security_version",
                 "wrong_secrets", "locked_until", "suspended_at", "display_name")
]  # fmt: skip
_BY_NAME = Statement(select(*_ACCOUNT).where(col(Account.name) == bindparam("name")))
_BY_ID = select(*_ACCOUNT).where(col(Account.id) == bindparam("account_id", type_=Uuid))
_READ = Statement(_BY_ID)
_LOCKED = Statement(_BY_ID.with_for_update(key_share=True))


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


async def read_credentials(db: Connection, *, account_id: UUID) -> Row | None:
    """An account by its key, with its secret's hash, or None."""
    return await db.one(_READ, account_id=account_id)


async def lock_account(db: Connection, *, account_id: UUID) -> Row | None:
    """The same as it is now, locked until the transaction ends."""
    return await db.one(_LOCKED, account_id=account_id)


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
    .where(
        col(Account.id) == bindparam("account_id", type_=Uuid),
        or_(
            col(Account.locked_until).is_(None),
            col(Account.locked_until) <= bindparam("now", type_=MOMENT),
        ),
    )
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
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .values(wrong_secrets=0)
)


async def record_wrong_secret(db: Connection, *, account_id: UUID, now: datetime) -> None:
    """Count a wrong secret; the tenth in a row locks the account for a quarter of an hour.

    What comes while the account is locked does not count.
    """
    await db.run(_COUNT_WRONG, account_id=account_id, now=now, until=now + LOCKED_FOR)


async def admit_account(db: Connection, *, account: Row, now: datetime) -> Row | None:
    """The account as it is now, locked until the transaction ends; None where it may not sign in.

    `account` is what was found before its secret was checked. That takes long on purpose, and the
    account may have been locked, suspended or given another secret meanwhile. The count of wrong
    secrets ends.
    """
    present = await lock_account(db, account_id=account["id"])
    if present is None or present["secret"] != account["secret"]:
        return None
    if not may_sign_in(present, now=now):
        return None
    if present["wrong_secrets"]:
        await db.run(_FORGIVE, account_id=account["id"])
    return present
