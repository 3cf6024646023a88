"""The holders of rights over a subject: what follows for them when the subject changes or ends.

A token carries what its bearer may do, the schools of a network included. When these change, every
token of those concerned must end; that is one statement, however many they are.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    TableClause,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlmodel import col

from app.domain.access.accounts import Account, AccountKind, AccountNotFound
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import SubjectKind
from app.domain.access.subjects import PLACES, accounts_affected
from app.domain.base import MOMENT, TODAY, civil_date
from app.sql import Connection, Row, Statement, new_id

_TODAY = bindparam("today", type_=Date)


def _holds_in(unit_id: Any) -> ColumnElement[bool]:
    """That an account has a role, today, over something at or below a unit."""
    until = col(RoleGrant.valid_to)
    return or_(
        *(
            exists(
                select(col(RoleGrant.id)).where(
                    col(RoleGrant.account_id) == col(Account.id),
                    col(RoleGrant.subject) == kind,
                    col(RoleGrant.superseded_at).is_(None),
                    col(RoleGrant.valid_from) <= TODAY,
                    or_(until.is_(None), until > TODAY),
                    places.c.id == col(RoleGrant.subject_id),
                    or_(*(places.c[name] == unit_id for name in PLACE)),
                )
            )
            for kind, places in PLACES.items()
        )
    )


_UNIT = bindparam("unit_id", type_=Uuid)
_IN_OFFICE = Statement(
    select(func.count())
    .select_from(Account)
    .where(
        col(Account.id) == any_(bindparam("account_ids", type_=ARRAY(Uuid))),
        col(Account.kind) == AccountKind.PERSON,
        col(Account.suspended_at).is_(None),
        or_(*(col(getattr(Account, name)) == _UNIT for name in PLACE), _holds_in(_UNIT)),
    )
)


async def check_in_office(db: Connection, *, account_ids: Collection[UUID], unit_id: UUID) -> None:
    """Refuse where one of these accounts, each named once, is nobody who may sign in and has to do with a unit.

    Somebody has whose account lies at or below the unit, or who has a role there. Of all others no key
    tells whether it is one.
    """
    found = await db.value(_IN_OFFICE, account_ids=list(account_ids), unit_id=unit_id)
    if found < len(account_ids):
        raise AccountNotFound


def _raise_versions() -> Statement:
    affected = accounts_affected(bindparam("subject_ids", type_=ARRAY(Uuid)), _TODAY)
    # In one order everywhere, so that no two writers wait for each other in a circle.
    locked = (
        select(col(Account.id))
        .where(col(Account.id).in_(affected))
        .order_by(col(Account.id))
        .with_for_update(key_share=True)
        .cte("locked")
    )
    raised = (
        update(Account)
        .where(col(Account.id).in_(select(locked.c.id)))
        .values(
            security_version=col(Account.security_version) + 1,
            security_changed_at=bindparam("now", type_=MOMENT),
        )
        .returning(col(Account.id), col(Account.security_version))
        .cte("raised")
    )
    message = func.concat(raised.c.id, " ", raised.c.security_version)
    return Statement(select(raised.c.id, func.pg_notify("security", message)))


def _of_kind(kind: SubjectKind, places: TableClause) -> Select[Any]:
    return (
        select(col(RoleGrant.role), *(places.c[name] for name in PLACE))
        .join(places, places.c.id == col(RoleGrant.subject_id))
        .where(
            col(RoleGrant.subject) == kind,
            col(RoleGrant.account_id) == bindparam("account_id", type_=Uuid),
            col(RoleGrant.superseded_at).is_(None),
            or_(col(RoleGrant.valid_to).is_(None), col(RoleGrant.valid_to) > TODAY),
        )
    )


_ROLES_OF = Statement(union_all(*(_of_kind(kind, places) for kind, places in PLACES.items())))


async def roles_held(db: Connection, *, account_id: UUID) -> list[Row]:
    """The roles that an account holds or is to hold, each with the place columns of its subject."""
    return await db.all(_ROLES_OF, account_id=account_id)


_RAISE_VERSIONS = _raise_versions()


async def raise_versions_over(
    db: Connection, *, subject_ids: Sequence[UUID], now: datetime
) -> list[UUID]:
    """Make every token invalid whose rights one of these subjects decides; the accounts concerned.

    A subject is a unit, a network, a department or an assignment; a school decides the rights over
    every network and every assignment to which it belongs. The accounts stay locked until the
    transaction ends, so that nobody signs in between this and what it is done for: it may come first.
    """
    values = {"subject_ids": list(subject_ids), "today": civil_date(now), "now": now}
    return [row["id"] for row in await db.all(_RAISE_VERSIONS, **values)]


_HOLDERS_AT = bindparam("holders_at", type_=Uuid)
_END_GRANTS = Statement(
    update(RoleGrant)
    .where(
        col(RoleGrant.subject_id) == any_(bindparam("subject_ids", type_=ARRAY(Uuid))),
        col(RoleGrant.superseded_at).is_(None),
        or_(col(RoleGrant.valid_to).is_(None), col(RoleGrant.valid_to) > _TODAY),
        or_(
            _HOLDERS_AT.is_(None),
            col(RoleGrant.account_id).in_(
                select(col(Account.id)).where(col(Account.school_id) == _HOLDERS_AT)
            ),
        ),
    )
    .values(superseded_at=bindparam("now", type_=MOMENT))
    .returning(
        *(
            col(getattr(RoleGrant, name))
            for name in ("account_id", "role", "subject", "subject_id", "valid_from")
        )
    )
)


async def end_grants_over(
    db: Connection,
    actor: Actor,
    *,
    subject_ids: Sequence[UUID],
    now: datetime,
    holders_at: UUID | None = None,
) -> None:
    """End every grant over these subjects today, or those of the accounts placed at one school.

    What has held stays on record until yesterday. The caller has opened the subjects' doors.
    """
    today = civil_date(now)
    await raise_versions_over(db, subject_ids=subject_ids, now=now)
    ended = await db.all(
        _END_GRANTS, subject_ids=list(subject_ids), holders_at=holders_at, today=today, now=now
    )
    facts = {"valid_to": today, "recorded_at": now, "granted_by": actor.account_id}
    rows = [{**row, **facts, "id": new_id()} for row in ended if row["valid_from"] < today]
    await db.insert_all(RoleGrant, rows)
