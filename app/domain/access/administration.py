"""Administering accounts (账号管理): opening, suspending and restoring them.

Nobody administers who may do more than they do: to suspend an account or to restore it, one must be
able to grant every role that it holds.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.accounts import (
    ACCOUNTS,
    Account,
    NewAccount,
    insert_account,
    raise_security_version,
)
from app.domain.access.actors import Actor
from app.domain.access.grants import NewGrant, check_grantable, insert_grant, require_role
from app.domain.access.refresh_tokens import revoke_refresh_tokens
from app.domain.access.roles import SUBJECT, Permission, SubjectKind
from app.domain.access.sign_in import actor_of_account
from app.domain.base import MOMENT
from app.sql import Connection, Row, Statement

# What may be done.


async def create_account(
    db: Connection, actor: Actor, *, new: NewAccount, secret: bytes | None, now: datetime
) -> Row:
    """Open an account with its first role; `secret` is the hash of what its owner will sign in with.

    An account whose first role is a teacher's belongs to that teacher.
    """
    place = await check_grantable(db, actor, role=new.role, subject_id=new.subject_id)
    is_teacher = SUBJECT[new.role] is SubjectKind.SELF
    account_id = await insert_account(
        db, new=new, place=place, teacher_id=new.subject_id if is_teacher else None, secret=secret
    )
    first = NewGrant(role=new.role, subject_id=new.subject_id)
    await insert_grant(db, account_id=account_id, new=first, granted_by=actor.account_id, now=now)
    return await ACCOUNTS.get(db, actor, account_id)


_SUSPEND = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .values(suspended_at=bindparam("at", type_=MOMENT))
)


async def suspend_account(db: Connection, actor: Actor, *, account_id: UUID, now: datetime) -> Row:
    """Suspend an account: it can no longer sign in, and all its tokens end for good."""
    account = await _open(db, actor, account_id, now)
    if account["suspended_at"] is None:
        await db.run(_SUSPEND, account_id=account_id, at=now)
        await revoke_refresh_tokens(db, account_id=account_id, now=now)
        await raise_security_version(db, account_id=account_id, now=now)
    return await ACCOUNTS.get(db, actor, account_id)


async def restore_account(db: Connection, actor: Actor, *, account_id: UUID, now: datetime) -> Row:
    """End the suspension of an account."""
    await _open(db, actor, account_id, now)
    await db.run(_SUSPEND, account_id=account_id, at=None)
    return await ACCOUNTS.get(db, actor, account_id)


async def _open(db: Connection, actor: Actor, account_id: UUID, now: datetime) -> Row:
    """The account, locked, if the actor may do all that it may do; refused otherwise."""
    account = await ACCOUNTS.get(
        db, actor, account_id, permission=Permission.ACCOUNT_WRITE, lock=True
    )
    held = await actor_of_account(db, account=account, now=now)
    for grant in held.grants:
        require_role(actor, grant.role, grant.place)
    return account
