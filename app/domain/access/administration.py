"""Administering accounts (账号管理): opening, suspending and restoring them, first passwords.

Nobody administers who may do more than they do: to suspend an account, to restore it or to give it
another password, one must be able to grant every role that it holds.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Uuid, bindparam, null, update
from sqlmodel import col

from app.domain.access.accounts import (
    ACCOUNTS,
    FIRST_PASSWORD_LASTS,
    Account,
    AccountKind,
    NewAccount,
    PasswordNotTheirs,
    check_may_hold,
    insert_account,
    raise_security_version,
)
from app.domain.access.actors import Actor, require_role
from app.domain.access.administrators import check_administrators_stay, hold_administered
from app.domain.access.clients import read_client
from app.domain.access.grants import NewGrant, check_grantable, insert_grant
from app.domain.access.roles import SUBJECT, Permission, SubjectKind
from app.domain.access.second_factors import drop_second_factor
from app.domain.access.sign_in import actor_of_account
from app.domain.access.sign_ins import stop_sign_ins
from app.domain.base import MOMENT
from app.domain.errors import Conflict
from app.sql import Connection, Row, Statement

# What can be refused.


class SecondFactorNotTheirs(Conflict):
    """There is none, or it is one's own: that one removes by proving that it is oneself."""

    code = "second_factor_not_reset"
    zh = "该账号未启用两步验证；本人的两步验证请自行移除。"
    en = "This account has no second factor; one's own is removed by oneself."


# What may be done.


async def create_account(
    db: Connection, actor: Actor, *, new: NewAccount, secret: bytes | None, now: datetime
) -> Row:
    """Open an account with its first role; `secret` is the hash of what its owner will sign in with.

    An account whose first role is a teacher's belongs to that teacher. A person changes this first
    password, which others have seen, before anything else.
    """
    place = await check_grantable(db, actor, role=new.role, subject_id=new.subject_id)
    check_may_hold(new.kind, new.role)
    is_teacher = SUBJECT[new.role] is SubjectKind.SELF
    account_id = await insert_account(
        db,
        new=new,
        place=place,
        teacher_id=new.subject_id if is_teacher else None,
        secret=secret,
        first_password_until=now + FIRST_PASSWORD_LASTS if new.kind is AccountKind.PERSON else None,
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
    """Suspend an account: it can no longer sign in, and all its tokens end for good.

    The last administrator of a unit is not suspended: `reset_password` keeps them out at once.
    """
    administers = await hold_administered(db, account_id=account_id, now=now)
    account = await open_account(db, actor, account_id=account_id, now=now)
    if account["suspended_at"] is None:
        if administers:
            await check_administrators_stay(db, account_id=account_id, now=now)
        await db.run(_SUSPEND, account_id=account_id, at=now)
        await stop_sign_ins(db, account_id=account_id, now=now)
        await raise_security_version(db, account_id=account_id, now=now)
    return await ACCOUNTS.get(db, actor, account_id)


async def restore_account(db: Connection, actor: Actor, *, account_id: UUID, now: datetime) -> Row:
    """End the suspension of an account."""
    await open_account(db, actor, account_id=account_id, now=now)
    await db.run(_SUSPEND, account_id=account_id, at=None)
    return await ACCOUNTS.get(db, actor, account_id)


_RESET = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .values(
        secret=bindparam("secret", type_=LargeBinary),
        first_password_until=bindparam("until", type_=MOMENT),
        wrong_secrets=0,
        locked_until=null(),
    )
)


async def reset_password(
    db: Connection, actor: Actor, *, account_id: UUID, secret: bytes, now: datetime
) -> Row:
    """Give a person below the actor another first password, by its hash; every sign-in ends.

    It has to be changed like the first one, and opens an account that wrong passwords have locked.
    """
    account = await open_account(db, actor, account_id=account_id, now=now)
    if account["kind"] != AccountKind.PERSON or account_id == actor.account_id:
        raise PasswordNotTheirs
    until = now + FIRST_PASSWORD_LASTS
    await db.run(_RESET, account_id=account_id, secret=secret, until=until)
    await stop_sign_ins(db, account_id=account_id, now=now)
    await raise_security_version(db, account_id=account_id, now=now)
    return await ACCOUNTS.get(db, actor, account_id)


async def reset_second_factor(
    db: Connection, actor: Actor, *, account_id: UUID, now: datetime
) -> Row:
    """Take the second factor of a person below the actor away, as when it was lost; sign-ins end.

    Their password alone lets them in until they enrol another.
    """
    account = await open_account(db, actor, account_id=account_id, now=now)
    if account["second_factor_since"] is None or account_id == actor.account_id:
        raise SecondFactorNotTheirs
    await drop_second_factor(db, account_id=account_id, now=now)
    return await ACCOUNTS.get(db, actor, account_id)


async def end_account_sign_ins(
    db: Connection, actor: Actor, *, account_id: UUID, now: datetime
) -> Row:
    """End every sign-in of an account; its owner may sign in again."""
    await open_account(db, actor, account_id=account_id, now=now)
    await stop_sign_ins(db, account_id=account_id, now=now)
    await raise_security_version(db, account_id=account_id, now=now)
    return await ACCOUNTS.get(db, actor, account_id)


async def open_account(db: Connection, actor: Actor, *, account_id: UUID, now: datetime) -> Row:
    """The account, locked, if the actor may do all that it may do; refused otherwise."""
    account = await ACCOUNTS.get(
        db, actor, account_id, permission=Permission.ACCOUNT_WRITE, lock=True
    )
    if account["kind"] == AccountKind.CLIENT and await read_client(db, client_id=account_id):
        # What the register has stopped is not started again past it.
        actor.require(Permission.CLIENT_WRITE, account)
    held = await actor_of_account(db, account=account, now=now)
    for grant in held.grants:
        require_role(actor, grant.role, grant.place)
    return account
