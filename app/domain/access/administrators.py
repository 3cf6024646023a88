"""The administrators of a unit (单位管理员): who decides there who may do what; there is always one.

Whoever would take the last one away appoints another first. What counts is a person who is not
suspended and whose grant lasts at least as long as the one that would end, so that no unit loses its
last administrator on a day that was fixed beforehand either.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    table,
)

from app.domain.access.accounts import Account, AccountKind
from app.domain.access.roles import PERMISSIONS, SUBJECT, Permission, Role, SubjectKind
from app.domain.base import civil_date, in_force
from app.domain.errors import Conflict
from app.sql import Connection, Statement

ADMINISTERING = tuple(
    role
    for role in Role
    if SUBJECT[role] is SubjectKind.UNIT and Permission.ACCOUNT_WRITE in PERMISSIONS[role]
)
"""The roles that make somebody an administrator of the unit over which they are granted."""

# Grants stand above this file, which they ask before they end; it needs these columns of them.
_GRANT = table(
    "role_grant",
    *(column(name, Uuid()) for name in ("id", "account_id", "subject_id")),
    *(column(name, Date()) for name in ("valid_from", "valid_to")),
    column("role", Text()),
    column("superseded_at", DateTime(timezone=True)),
)
_TODAY = bindparam("today", type_=Date)


# What can be refused.


class LastAdministrator(Conflict):
    """Nobody else administers the unit for as long: another is appointed first."""

    code = "last_administrator"
    zh = "这是该单位最后一名管理员，请先授权另一名管理员（期限不得更短）。"
    en = "This is the last administrator of a unit: appoint another first, for at least as long."


# What may be done.


def is_administering(role: Any) -> ColumnElement[bool]:
    """The predicate 'this role makes an administrator', of a column of roles."""
    return or_(*(role == each.value for each in ADMINISTERING))


def _administers(grant: Any, holder: Any) -> Any:
    """The predicate 'by this grant its holder, a person in office, administers a unit today'."""
    return and_(
        holder.c.id == grant.c.account_id,
        holder.c.kind == AccountKind.PERSON,
        holder.c.suspended_at.is_(None),
        is_administering(grant.c.role),
        grant.c.superseded_at.is_(None),
        in_force(grant.c, _TODAY),
    )


_HOLDER = Account.__table__  # type: ignore[attr-defined]
_ONE = bindparam("grant_id", type_=Uuid)
_ENDING = (
    select(_GRANT.c.id, _GRANT.c.subject_id, _GRANT.c.account_id, _GRANT.c.valid_to)
    .join_from(_GRANT, _HOLDER, _administers(_GRANT, _HOLDER))
    .where(
        _GRANT.c.account_id == bindparam("account_id", type_=Uuid),
        or_(_ONE.is_(None), _GRANT.c.id == _ONE),
    )
    # In one order everywhere, so that no two writers wait for each other in a circle.
    .order_by(_GRANT.c.subject_id)
    .subquery("ending")
)
_NUMBER = func.hashtextextended(
    cast(_ENDING.c.subject_id, Text), bindparam("seed", 4187, type_=BigInteger)
)
_HOLD_UNITS = Statement(select(_ENDING.c.id, func.pg_advisory_xact_lock(_NUMBER)))


def _without_successor() -> Statement:
    peer, holder = _GRANT.alias("peer"), _HOLDER.alias("holder")
    lasts = or_(peer.c.valid_to.is_(None), peer.c.valid_to >= _ENDING.c.valid_to)
    stays = exists().where(
        _administers(peer, holder),
        peer.c.subject_id == _ENDING.c.subject_id,
        lasts,
        or_(peer.c.account_id != _ENDING.c.account_id, and_(_ONE.is_not(None), peer.c.id != _ONE)),
    )
    return Statement(select(_ENDING.c.subject_id).where(~stays).limit(1))


_WITHOUT_SUCCESSOR = _without_successor()


async def hold_administered(
    db: Connection, *, account_id: UUID, grant_id: UUID | None = None, now: datetime
) -> bool:
    """Hold the units that an account administers, by one grant or by any; whether there are some.

    Until the transaction ends nobody else decides whose administration of them ends. Call it before
    the account is locked: of two who end each other's, one waits here, holding nothing of the other.
    """
    ending = {"account_id": account_id, "grant_id": grant_id, "today": civil_date(now)}
    return bool(await db.all(_HOLD_UNITS, **ending))


async def check_administrators_stay(
    db: Connection, *, account_id: UUID, grant_id: UUID | None = None, now: datetime
) -> None:
    """Refuse to end a grant, or all that an account holds, where a unit would be left alone.

    Call it before the end is written, with the units held and the account locked.
    """
    ending = {"account_id": account_id, "grant_id": grant_id, "today": civil_date(now)}
    if await db.value(_WITHOUT_SUCCESSOR, **ending) is not None:
        raise LastAdministrator
