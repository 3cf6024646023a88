"""Giving a delegation and ending it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, func, or_, select, update
from sqlmodel import col

from app.domain.access.accounts import ACCOUNTS, Account, AccountKind, announce_security
from app.domain.access.actors import Actor
from app.domain.access.delegations.acting import NOT_DELEGATED, permitted_over
from app.domain.access.delegations.delegation import (
    DelegateUnfit,
    Delegation,
    DelegationEnded,
    DelegationPeriod,
    NewDelegation,
    NotDelegable,
    TooManyDelegations,
    get_delegation,
)
from app.domain.access.roles import SubjectKind
from app.domain.access.subjects import SubjectEnded, SubjectNotFound, hold_subject
from app.domain.base import MOMENT, civil_date
from app.domain.errors import NotAllowed
from app.sql import Connection, Row, Statement, new_id

LONGEST = timedelta(days=90)
"""How long a delegation lasts at most; then it is given anew or not."""
MOST_GIVEN = 50
"""Delegations that an account has given and that have not ended."""

_ME = bindparam("account_id", type_=Uuid)
_PEOPLE = Statement(
    select(func.count())
    .select_from(Account)
    .where(
        or_(col(Account.id) == _ME, col(Account.id) == bindparam("delegate_id", type_=Uuid)),
        col(Account.kind) == AccountKind.PERSON,
        col(Account.suspended_at).is_(None),
    )
)
_GIVEN = Statement(
    select(func.count()).where(
        col(Delegation.granter_id) == _ME,
        col(Delegation.revoked_at).is_(None),
        col(Delegation.valid_to) > bindparam("today", type_=Date),
    )
)


async def create_delegation(
    db: Connection, actor: Actor, *, new: NewDelegation, now: datetime
) -> Row:
    """Delegate some of one's own permissions over a unit to somebody within one's reach."""
    actor.require_in_person()
    place, has_ended = await hold_subject(db, kind=SubjectKind.UNIT, subject_id=new.subject_id)
    if not actor.reach.covers(place):
        raise SubjectNotFound
    for permission in new.permissions:
        if permission in NOT_DELEGATED:
            raise NotDelegable(permission=permission.value)
        if permission not in permitted_over(actor, place):
            raise NotAllowed(permission.value)
    if has_ended:
        raise SubjectEnded
    await ACCOUNTS.get(db, actor, new.delegate_id)
    today = civil_date(now)
    if not today < new.valid_to <= today + LONGEST:
        raise DelegationPeriod(days=LONGEST.days)
    named = {"account_id": actor.account_id, "delegate_id": new.delegate_id}
    if await db.value(_PEOPLE, **named) != 2:
        raise DelegateUnfit
    if await db.value(_GIVEN, account_id=actor.account_id, today=today) >= MOST_GIVEN:
        raise TooManyDelegations(limit=MOST_GIVEN)
    row = {
        **new.model_dump(),
        "id": new_id(),
        "permissions": sorted(set(new.permissions)),
        "granter_id": actor.account_id,
        "given_at": now,
    }
    await db.insert(Delegation, row)
    return await get_delegation(db, actor, delegation_id=row["id"])


_REVOKE = Statement(
    update(Delegation)
    .where(
        col(Delegation.id) == bindparam("delegation_id", type_=Uuid),
        col(Delegation.revoked_at).is_(None),
        col(Delegation.valid_to) > bindparam("today", type_=Date),
    )
    .values(revoked_at=bindparam("now", type_=MOMENT))
)


async def revoke_delegation(
    db: Connection, actor: Actor, *, delegation_id: UUID, now: datetime
) -> Row:
    """Take back what one has delegated, or give back what one was; its tokens end within seconds."""
    row = await get_delegation(db, actor, delegation_id=delegation_id)
    if not await db.run(_REVOKE, delegation_id=delegation_id, today=civil_date(now), now=now):
        raise DelegationEnded
    await announce_security(db, subject_ids=[delegation_id])
    return {**row, "revoked_at": now}
